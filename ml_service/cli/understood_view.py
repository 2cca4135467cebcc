"""What a text was understood as, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ml_service.domain.intent import LikelyIntent
from ml_service.use_cases.understand_texts import Slots, UnderstoodText

BAR_CELLS = 20
SET_ASIDE = "set aside"


def understood_view(understood: UnderstoodText, *, text: str) -> RenderableType:
    parts: list[RenderableType] = [_likely(understood)]
    if understood.slots is not None:
        parts.append(_slots(understood.slots, text))
    model = f"{understood.model.model_id} {understood.model.revision}"
    return Panel(Group(*parts), title=Text(text), subtitle=Text(model), box=box.ROUNDED)


def _likely(understood: UnderstoodText) -> Table:
    table = Table("Intent", "Confidence", box=box.SIMPLE_HEAD, pad_edge=False)
    told = LikelyIntent(understood.intent, understood.confidence)
    for at, one in enumerate((told, *understood.alternatives)):
        style = "dim" if at else "bold"
        table.add_row(Text(_plain(one.intent), style=style), _bar(one.confidence))
    return table


def _slots(slots: Slots, text: str) -> Table:
    table = Table("Search", "", "Understood from", box=box.SIMPLE_HEAD, pad_edge=False)
    for slot, value in _values(slots):
        table.add_row(_plain(slot), Text(value), Text(_words(slots, slot, text), style="dim"))
    aside = _words(slots, "set_aside", text)
    if aside:
        table.add_row(SET_ASIDE, "", Text(aside, style="dim"))
    return table


def _values(slots: Slots) -> Iterator[tuple[str, str]]:
    yield "query", slots.query
    yield "location", slots.location or ""
    if slots.country is not None:
        yield "country", slots.country
    yield "remote", {None: "", True: "yes", False: "no"}[slots.remote]
    yield "employment_types", ", ".join(slots.employment_types)
    yield "date_posted", slots.date_posted


def _words(slots: Slots, slot: str, text: str) -> str:
    return " … ".join(text[span.start : span.end] for span in slots.spans if span.slot == slot)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _bar(share: float) -> Text:
    filled = round(share * BAR_CELLS)
    return Text("█" * filled + "·" * (BAR_CELLS - filled) + f" {share:4.0%}", style="none")

from __future__ import annotations

from dataclasses import replace
from io import StringIO

from rich.console import Console

from ml_service.cli.understood_view import BAR_CELLS, understood_view
from ml_service.domain.intent import LikelyIntent
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.intents.slots.spans import SlotSpan
from ml_service.use_cases.understand_texts import Slots, UnderstoodText

TEXT = "remote [red]python[/] jobs in Köln or Bonn"


def span(slot: str, words: str) -> SlotSpan:
    begin = TEXT.index(words)
    return SlotSpan(slot, begin, begin + len(words))  # type: ignore[arg-type]  # one of them


UNDERSTOOD = UnderstoodText(
    intent="search_jobs",
    confidence=0.75,
    alternatives=(LikelyIntent("talk_to_person", 0.05),),
    out_of_scope=False,
    slots=Slots(
        query="python",
        location="Köln",
        country=None,
        remote=True,
        employment_types=(),
        date_posted="all",
        spans=(
            span("remote", "remote"),
            span("query", "python"),
            span("location", "in Köln"),
            span("set_aside", "or Bonn"),
        ),
    ),
    model=ModelRef("intents", "abc123", "champion"),
    encoder=EncoderRef("e", "1", "int8", "onnx"),
)


def printed(understood: UnderstoodText) -> list[str]:
    console = Console(width=100, file=StringIO())
    console.print(understood_view(understood, text=TEXT))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


def row(lines: list[str], name: str) -> str:
    (found,) = (line for line in lines if line.strip("│ ").startswith(name))
    return " ".join(found.strip("│ ").split())


def test_the_view_shows_intents_with_bars() -> None:
    lines = printed(UNDERSTOOD)

    assert TEXT in lines[0]
    assert "intents abc123" in lines[-1]
    filled = round(0.75 * BAR_CELLS)
    assert row(lines, "search jobs").endswith("█" * filled + "·" * (BAR_CELLS - filled) + " 75%")
    assert row(lines, "talk to person").endswith("5%")


def test_and_what_each_part_of_a_search_was_understood_from() -> None:
    lines = printed(UNDERSTOOD)

    assert row(lines, "query") == "query python python"
    assert row(lines, "location") == "location Köln in Köln"
    assert row(lines, "remote") == "remote yes remote"
    assert row(lines, "date posted") == "date posted all"
    assert row(lines, "set aside") == "set aside or Bonn"
    assert not any("country" in line for line in lines)


def test_another_wish_shows_no_search() -> None:
    lines = printed(replace(UNDERSTOOD, intent="salary", slots=None))

    assert row(lines, "salary").endswith("75%")
    assert not any("Understood from" in line for line in lines)

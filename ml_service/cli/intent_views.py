"""A model of intents that was just learned, as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ml_service.cli.model_views import figure_views
from ml_service.use_cases.trained_intents import TrainedIntents

_MOST_LABELS = 20
_MOST_CONFUSIONS = 15


def trained_intents_view(trained: TrainedIntents) -> RenderableType:
    card = trained.card
    told = card.about["data"]
    return Group(
        *figure_views(card.metrics),
        confusion_view(trained.confusions),
        *map(Text, (told,) if isinstance(told, str) else told),
        *_next_steps(trained),
    )


def confusion_view(counts: Sequence[tuple[str, str, int]]) -> RenderableType:
    """A row for each label that is right, a column for each answer; of many labels only what was
    confused most.
    """
    labels = sorted({right for right, _, _ in counts} | {said for _, said, _ in counts})
    if len(labels) > _MOST_LABELS:
        return _worst(counts)
    found = {(right, said): n for right, said, n in counts}
    table = Table(title="Right (rows) and answered (columns)", title_justify="left", box=None)
    table.add_column("")
    for at, _ in enumerate(labels, start=1):
        table.add_column(str(at), justify="right")
    for at, right in enumerate(labels, start=1):
        numbers = (found.get((right, said), 0) for said in labels)
        table.add_row(Text(f"{at} {right}"), *(f"{n:,}" if n else "·" for n in numbers))
    return table


def _worst(counts: Sequence[tuple[str, str, int]]) -> Table:
    table = Table("Right", "Answered", "Times", title="Confused most", box=None)
    wrong = [(right, said, n) for right, said, n in counts if right != said]
    for right, said, n in sorted(wrong, key=lambda row: -row[2])[:_MOST_CONFUSIONS]:
        table.add_row(Text(right), Text(said), f"{n:,}")
    return table


def _next_steps(trained: TrainedIntents) -> Iterator[Text]:
    name, revision = trained.card.model_id, trained.card.revision
    if trained.promoted:
        yield Text(f"\nRevision {revision} answers as {name}: ask for it with model_id={name}.")
    else:
        yield Text(f"\nRevision {revision} waits; another one answers.")
        yield Text(f"To exchange them: python -m ml_service models promote {name} {revision}")
    yield Text(f"Its card: python -m ml_service models show {name} {revision}")

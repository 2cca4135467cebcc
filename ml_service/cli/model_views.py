"""Models as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ml_service.career.model_card import ModelCard, card_of, numbers_by_kind
from ml_service.cli.graph_views import graph_in_short
from ml_service.domain.errors import ModelUnavailable
from ml_service.hosting.model_files import kind_of
from ml_service.hosting.onnx_manifest import ONNX
from ml_service.hosting.shelf import ShelfEntry
from ml_service.use_cases.trained_model import TrainedModel

_MOST_CLASSES = 60


def shelf_view(entries: Sequence[ShelfEntry]) -> RenderableType:
    if not entries:
        return Text("There is no model in MODELS_DIR.")
    table = Table("Model", "Revision", "Answers", "Labels", "Trained", "On", box=None)
    for entry in entries:
        champion = "*" if entry.champion else ""
        told = (Text(said) for said in _in_short(entry))
        table.add_row(entry.model_id, entry.revision, champion, *told)
    return table


def _in_short(entry: ShelfEntry) -> tuple[str, str, str]:
    if entry.manifest is not None and kind_of(entry.manifest) == ONNX:
        return graph_in_short(entry.manifest)
    try:
        card = card_of(entry.manifest or {})
    except ModelUnavailable:
        return "cannot be read", "", ""
    return f"{len(card.labels):,}", card.trained_at, card.trained_on


def card_view(card: ModelCard) -> RenderableType:
    shown = "onet-soc: O*NET-SOC occupations" if card.taxonomy == "onet-soc" else "its own"
    head = Table(show_header=False, box=None)
    head.add_column(style="bold")
    head.add_column()
    for name, value in (
        ("Model", card.model_id),
        ("Revision", card.revision),
        ("Labels", f"{len(card.labels):,}, {shown}"),
        ("Languages", ", ".join(card.languages)),
        ("Encoder", f"{card.encoder_id} {card.encoder_revision}"),
        ("Trained", f"{card.trained_at} on {card.trained_on}"),
        ("Abstains below", f"{card.abstains_below:.2f}"),
    ):
        head.add_row(name, Text(value))
    return Group(head, *figure_views(card.metrics), *_about(card))


def trained_view(trained: TrainedModel) -> RenderableType:
    return Group(
        *figure_views(trained.card.metrics),
        *map(Text, _paragraphs(trained.card.about["data"])),
        Text(f"\nRevision {trained.card.revision} {_where(trained)}"),
    )


def _where(trained: TrainedModel) -> str:
    name, revision = trained.card.model_id, trained.card.revision
    if trained.promoted:
        return f"answers as {name}: an upload with model={name}, or predict --model {name}."
    return f"waits; another one answers. To exchange them: models promote {name} {revision}"


def figure_views(metrics: Mapping[str, Any]) -> Iterator[RenderableType]:
    """A table for each part that was measured, with one by label where there are not too many."""
    for part, figures in metrics.items():
        kinds, rows = numbers_by_kind(figures)
        table = Table(title=Text(part.replace("_", " ")), title_justify="left", box=None)
        table.add_column("Figure")
        for kind in kinds:
            table.add_column(kind.replace("_", " ") or "Value", justify="right")
        for name, row in rows:
            table.add_row(name, *map(_number, row))
        yield table
        classes = figures.get("classes", {})
        if 0 < len(classes) <= _MOST_CLASSES:
            yield _classes(classes)


def _number(value: float | int | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"


def _classes(classes: Mapping[str, Mapping[str, Any]]) -> Table:
    table = Table(box=None)
    table.add_column("Label")
    for name in ("n", "precision", "recall", "F1"):
        table.add_column(name, justify="right")
    for label, row in classes.items():
        shares = (row["precision"], row["recall"], row["f1"])
        told = ("-" if share is None else f"{share:.3f}" for share in shares)
        table.add_row(Text(label), str(row["n"]), *told)
    return table


def _about(card: ModelCard) -> Iterator[Text]:
    for heading, said in card.about.items():
        yield Text(f"\n{heading.capitalize()}", style="bold")
        yield Text("\n".join(_paragraphs(said)))


def _paragraphs(said: str | Sequence[str]) -> Sequence[str]:
    return (said,) if isinstance(said, str) else said

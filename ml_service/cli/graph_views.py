"""Plain graphs as people read them in a terminal, from manifests and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

MOST_SHARES = 3


def graph_in_short(manifest: Mapping[str, Any]) -> tuple[str, str, str]:
    """Labels, when it was trained and on what."""
    labels = manifest.get("labels") or ()
    return (
        f"{len(labels):,}" if labels else "a value",
        str(manifest.get("trained_at") or ""),
        str(manifest.get("trained_on") or ""),
    )


def graph_view(manifest: Mapping[str, Any]) -> RenderableType:
    """What it takes, what it answers, how well it does."""
    head = Table(show_header=False, box=None)
    head.add_column(style="bold")
    head.add_column()
    for name in ("model_id", "revision", "title", "trained_at", "trained_on"):
        head.add_row(name, Text(str(manifest.get(name) or "")))
    head.add_row("labels", Text(", ".join(manifest.get("labels") or ()) or "none: a value"))
    features = Table("Feature", "Type", "Values", box=None)
    for told in manifest.get("features") or ():
        kind = f"{told['type']}, optional" if told.get("optional") else told["type"]
        features.add_row(Text(told["name"]), kind, Text(", ".join(told.get("values") or ())))
    return Group(head, features, *_figures(manifest), *_about(manifest))


def answers_view(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Predictions as ``POST /api/v1/predict`` answers them, the first row is row 1."""
    table = Table("Row", "Answer", "Confidence", "Probabilities", box=None)
    for number, row in enumerate(rows, 1):
        table.add_row(
            str(number), Text(_answer(row)), _share(row.get("confidence")), Text(_shares(row))
        )
    return table


def _answer(row: Mapping[str, Any]) -> str:
    if row.get("label") is None:
        return str(row.get("value"))
    abstained = f" (abstained: {row['abstain_reason']})" if row.get("abstained") else ""
    return f"{row['label']}{abstained}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _shares(row: Mapping[str, Any]) -> str:
    """The largest few."""
    told = row.get("probabilities") or {
        path["title"]: path["confidence"] for path in row.get("career_paths") or ()
    }
    largest = sorted(told.items(), key=lambda item: -item[1])[:MOST_SHARES]
    return ", ".join(f"{label} {share:.3f}" for label, share in largest)


def _figures(manifest: Mapping[str, Any]) -> list[RenderableType]:
    tables: list[RenderableType] = []
    for part, figures in (manifest.get("metrics") or {}).items():
        table = Table("Figure", "Value", title=Text(part), title_justify="left", box=None)
        for name, value in figures.items():
            table.add_row(Text(name), f"{value:,.3f}" if isinstance(value, float) else str(value))
        tables.append(table)
    return tables


def _about(manifest: Mapping[str, Any]) -> list[RenderableType]:
    said: list[RenderableType] = []
    for heading, words in (manifest.get("about") or {}).items():
        said.append(Text(f"\n{heading.capitalize()}", style="bold"))
        said.append(Text(words if isinstance(words, str) else "\n".join(words)))
    return said

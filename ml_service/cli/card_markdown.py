"""A model's card as a page of Markdown, for a repository or a wiki."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ml_service.career.model_card import ModelCard, numbers_by_kind

MOST_CLASSES = 200


def card_markdown(card: ModelCard) -> str:
    return "\n".join(_lines(card)).rstrip() + "\n"


def _lines(card: ModelCard) -> Iterator[str]:
    yield from (f"# Model card: {card.model_id}", "")
    yield from _table(("", ""), _facts(card))
    for part, figures in card.metrics.items():
        yield from (f"## Figures: {_spoken(part)}", "")
        kinds, rows = numbers_by_kind(figures)
        header = ("Figure", *(_spoken(kind) or "Value" for kind in kinds))
        yield from _table(header, [(_spoken(name), *map(_number, row)) for name, row in rows])
        yield from _classes(figures.get("classes", {}))
    for heading, said in card.about.items():
        yield from (f"## {heading.capitalize()}", "")
        for paragraph in (said,) if isinstance(said, str) else said:
            yield from (paragraph, "")


def _facts(card: ModelCard) -> list[tuple[str, str]]:
    kind = "O*NET-SOC occupations" if card.taxonomy == "onet-soc" else "labels of its own"
    return [
        ("Revision", f"`{card.revision}`"),
        ("Answers with", f"{len(card.labels):,} {kind}"),
        ("Languages", ", ".join(card.languages)),
        ("Encoder", f"{card.encoder_id} {card.encoder_revision}"),
        ("Trained", f"{card.trained_at} on {card.trained_on}"),
        ("Abstains below", f"{card.abstains_below:.2f}"),
    ]


def _classes(classes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if 0 < len(classes) <= MOST_CLASSES:
        rows = [(label, *map(_number, row.values())) for label, row in classes.items()]
        yield from _table(("Label", *next(iter(classes.values()))), rows)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield _row(header)
    yield _row(["---"] * len(header))
    yield from (_row(row) for row in rows)
    yield ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _number(value: float | int | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"


def _spoken(name: str) -> str:
    return name.replace("_", " ")

"""What a model is and how far it can be trusted: read from its manifest, served as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ml_service.domain.errors import ModelUnavailable

Figures = Mapping[str, Any]
"""A nested table of numbers that is only printed and served."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """``taxonomy`` says whose the labels are: ``onet-soc`` or ``own``. ``metrics`` are of
    documents that the model did not see in training, by the part they were measured on.
    ``abstains_below`` is a confidence, ``trained_at`` a date.
    """

    model_id: str
    revision: str
    taxonomy: str
    encoder_id: str
    encoder_revision: str
    labels: tuple[str, ...]
    languages: tuple[str, ...]
    abstains_below: float
    trained_at: str
    trained_on: str
    metrics: Figures
    calibration: Figures
    about: Mapping[str, str | Sequence[str]]
    """Paragraphs by heading: data, splits, definitions, limits, fairness, licence."""


def precisions_validated(card: ModelCard) -> frozenset[str]:
    """Precisions of the encoder in which the model was measured; empty where its manifest does
    not say it.
    """
    return frozenset(card.metrics.get("spaces", ()))


def card_of(manifest: Mapping[str, Any]) -> ModelCard:
    """What a manifest says about its model. Raises ModelUnavailable where it says too little, or
    something of another kind.
    """
    told: dict[str, Any] = {field.name: manifest.get(field.name) for field in fields(ModelCard)}
    wrong = [name for name, value in told.items() if not _KINDS.get(name, _is_text)(value)]
    if wrong:
        raise ModelUnavailable("The manifest of the career model is not complete.")
    lists = {name: tuple(told[name]) for name in _LISTS}
    return ModelCard(**{**told, **lists})


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(entry, str) for entry in value)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_table_of_tables(value: object) -> bool:
    return isinstance(value, Mapping) and all(map(_is_table, value.values()))


def _is_table_of_paragraphs(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        _is_text(said) or _is_list_of_text(said) for said in value.values()
    )


_LISTS = ("labels", "languages")
_KINDS: Mapping[str, Callable[[object], bool]] = {
    **dict.fromkeys(_LISTS, _is_list_of_text),
    "abstains_below": _is_share,
    "metrics": _is_table_of_tables,
    "calibration": _is_table,
    "about": _is_table_of_paragraphs,
}
"""Of the fields that are no text; a manifest may have been written by hand."""


def numbers_by_kind(figures: Figures) -> tuple[tuple[str, ...], list[tuple[str, list[Any]]]]:
    """Kinds and rows (name, a number for each kind) of one part that was measured.

    Where it was measured for several kinds of rows apart there is a column for each, else one
    without a name. A kind may lack a number.
    """
    kinds = {kind: told for kind, told in figures.items() if _is_kind(kind, told)} or {"": figures}
    names = dict.fromkeys(
        name for told in kinds.values() for name, value in told.items() if _is_number(value)
    )
    return tuple(kinds), [(name, [told.get(name) for told in kinds.values()]) for name in names]


def _is_kind(name: str, told: object) -> bool:
    return name != "classes" and isinstance(told, Mapping)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

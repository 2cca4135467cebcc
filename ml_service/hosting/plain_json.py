"""JSON of a manifest: only what can be kept, told to anybody and written down again."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

from ml_service.domain.errors import ModelRefused

MOST_DEPTH = 16
"""Tables within tables; those of the shipped model lie five deep."""


def read_plain(text: str | bytes) -> dict[str, Any]:
    """An object without half characters, its tables not too deep.

    Numbers may be none: trainings write NaN. Raises ModelRefused.
    """
    try:
        stated = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelRefused("The manifest is no JSON.") from error
    return _checked(stated)


def read_plain_finite(text: str | bytes) -> dict[str, Any]:
    """As ``read_plain``, and every number is one that a float can hold. Raises ModelRefused."""
    try:
        stated = json.loads(
            text, parse_constant=_no_number, parse_float=_finite, parse_int=_in_range
        )
    except (ValueError, OverflowError, RecursionError) as error:
        raise ModelRefused("The manifest is no JSON, or a number in it is too large.") from error
    return _checked(stated)


def _checked(stated: object) -> dict[str, Any]:
    if not isinstance(stated, dict):
        raise ModelRefused("The manifest is no JSON object.")
    if _is_deeper_than(MOST_DEPTH, stated):
        raise ModelRefused(f"The manifest's tables lie more than {MOST_DEPTH} deep.")
    try:
        json.dumps(stated, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ModelRefused("The manifest holds half of a character, which is no text.") from error
    return stated


def _is_deeper_than(most: int, stated: object) -> bool:
    """Level by level, so that depth costs no stack."""
    level = [stated]
    for _ in range(most):
        level = [entry for table in level for entry in _entries(table)]
    return any(isinstance(entry, dict | list) for entry in level)


def _entries(table: object) -> Iterable[object]:
    if isinstance(table, dict):
        return table.values()
    return table if isinstance(table, list) else ()


def _no_number(name: str) -> float:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text[:20])
    return number


def _in_range(text: str) -> int:
    number = int(text)
    float(number)
    return number

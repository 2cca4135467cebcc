"""Rows of a CSV, or invented ones, as columns that a model may be trained on."""

from __future__ import annotations

import csv
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = Mapping[str, str]

DISTINCT_TEXTS, DISTINCT_NUMBERS = 0.9, 0.99
"""From this share of different values on, a column of texts or whole numbers names rows."""
MOST_VALUES = 60
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_WHO_SOMEBODY_IS = ("insured_", "age", "sex", "gender")
_KNOWN_AFTERWARDS = {
    # The amount is the sum of the three, and whether it was fraud is found out later.
    "total_claim_amount": {"injury_claim", "property_claim", "vehicle_claim", "fraud_reported"},
}

Cell = float | str


@dataclass(frozen=True, slots=True)
class Column:
    """``values`` are those of a text that were seen; ``optional`` where some rows lack it."""

    name: str
    is_number: bool
    optional: bool
    values: tuple[str, ...] = ()

    def cell(self, row: Row) -> Cell:
        said = row[self.name].strip()
        return _number(said) if self.is_number else said


@dataclass(frozen=True, slots=True)
class Wish:
    target: str
    keep: frozenset[str] = frozenset()
    leave_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Columns:
    """``left_out`` says of each other column why."""

    kept: tuple[Column, ...]
    left_out: Mapping[str, str]


def read_rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = [dict(row) for row in csv.DictReader(opened)]
    if any(None in row or None in row.values() for row in rows):
        raise SystemExit(f"{file.name}: some rows have more or fewer cells than the heading.")
    return list(rows)


def choose_columns(rows: Sequence[Row], wish: Wish) -> Columns:
    """From the training rows alone: what was held out decides nothing."""
    kept, left_out = [], {}
    for name in rows[0]:
        cells = [row[name].strip() for row in rows]
        if name == wish.target:
            continue
        reason = None if name in wish.keep else _reason(name, cells, wish)
        if reason is None:
            kept.append(_column(name, cells))
        else:
            left_out[name] = reason
    return Columns(tuple(kept), left_out)


def invented_rows(n_rows: int, *, seed: int) -> list[Row]:
    """They describe no claims: a made-up rule with noise, so that something can be learned."""
    rng = random.Random(seed)  # noqa: S311 - rows for a test
    return list(_invented(rng, n_rows))


def _invented(rng: random.Random, n_rows: int) -> Iterator[Row]:
    for _ in range(n_rows):
        severity = rng.choice(["Minor Damage", "Major Damage", "Total Loss", "Trivial Damage"])
        kind = rng.choice(["Single Vehicle Collision", "Multi-vehicle Collision", "Vehicle Theft"])
        witnesses, months = rng.randint(0, 3), rng.randint(0, 480)
        amount = round(rng.lognormvariate(9.5, 0.6))
        doubt = -2.0 + 2.2 * (severity == "Major Damage") - 0.4 * witnesses + amount / 40_000
        is_fraud = rng.random() < 1 / (1 + math.exp(-doubt))
        yield {
            "months_as_customer": str(months),
            "policy_deductable": rng.choice(["500", "1000", "2000"]),
            "incident_type": kind,
            "incident_severity": severity,
            "witnesses": str(witnesses),
            "total_claim_amount": str(amount),
            "fraud_reported": "Y" if is_fraud else "N",
        }


def _reason(name: str, cells: Sequence[str], wish: Wish) -> str | None:
    """Why a column is left out; None where it is kept."""
    filled = [cell for cell in cells if cell]
    named = {
        "was to be left out": name in wish.leave_out,
        "is known only with the answer": name in _KNOWN_AFTERWARDS.get(wish.target, ()),
        "says who somebody is": name.startswith(_WHO_SOMEBODY_IS),
        "is empty": len(set(filled)) < 2,
    }
    for reason, holds in named.items():
        if holds:
            return reason
    return _reason_in_cells(filled)


def _reason_in_cells(filled: Sequence[str]) -> str | None:
    is_number = all(map(_is_number, filled))
    is_measured = is_number and any("." in cell for cell in filled)
    n_distinct = len(set(filled))
    bound = DISTINCT_NUMBERS if is_number else DISTINCT_TEXTS
    if not is_measured and n_distinct > bound * len(filled):
        return "names single rows"
    if all(_DATE.fullmatch(cell) for cell in filled) and not is_number:
        return "is a date"
    if not is_number and n_distinct > MOST_VALUES:
        return f"has more than {MOST_VALUES} values"
    return None


def _column(name: str, cells: Sequence[str]) -> Column:
    optional = "" in cells
    filled = [cell for cell in cells if cell]
    if all(map(_is_number, filled)):
        return Column(name, is_number=True, optional=optional)
    return Column(name, is_number=False, optional=optional, values=tuple(sorted(set(filled))))


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _number(said: str) -> float:
    return float(said) if _is_number(said) else math.nan

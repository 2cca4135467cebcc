"""How often the query in a request for jobs is understood as a person wrote it down.

    python scripts/measure_slots.py [--cases data/intents/queries_test.jsonl]

Each line of the file is ``{text, query, location, remote, employment_types, date_posted}``. Exact
match by slot and of all slots, beside what a box without understanding asks: the whole text.
Letters' case and a full stop at the end tell no places apart; no text is printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.domain.posting import JobQuery
from ml_service.intents.slots.understanding import job_query_of

CASES = Path(__file__).resolve().parents[1] / "data" / "intents" / "queries_test.jsonl"

Values = dict[str, object]
Reader = Callable[[str], JobQuery]


@dataclass(frozen=True, slots=True)
class Case:
    text: str
    expected: Values


@dataclass(frozen=True, slots=True)
class SlotFigures:
    """``named`` counts the cases that fill the slot, ``right_named`` those of them read rightly."""

    slot: str
    right: int
    named: int
    right_named: int
    invented: int


def main() -> None:
    given = _arguments()
    cases = read_cases(given.cases)
    for name, reader in (("rules", job_query_of), ("whole text as the query", whole_text)):
        print_table(name, cases, reader)


def read_cases(file: Path) -> list[Case]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [_case(json.loads(line)) for line in lines if line.strip()]


def _case(row: dict[str, Any]) -> Case:
    expected = JobQuery(
        query=row["query"] or "",
        location=row["location"] or None,
        remote=row["remote"],
        employment_types=tuple(row["employment_types"] or ()),
        date_posted=row["date_posted"] or "all",
    )
    return Case(row["text"], values_of(expected))


def values_of(query: JobQuery) -> Values:
    """The slots as they are compared."""
    return {
        "query": query.query.lower(),
        "location": (query.location or "").casefold().rstrip("."),
        "remote": query.remote,
        "employment_types": tuple(sorted(query.employment_types)),
        "date_posted": query.date_posted,
    }


def whole_text(text: str) -> JobQuery:
    return JobQuery(query=text)


def figures_of(cases: Sequence[Case], reader: Reader) -> tuple[list[SlotFigures], int]:
    """By slot, and how many cases are right in all of them."""
    read = [values_of(reader(case.text)) for case in cases]
    pairs = list(zip((case.expected for case in cases), read, strict=True))
    empty = values_of(JobQuery(query=""))
    slots = [_slot_figures(slot, pairs, empty[slot]) for slot in empty]
    return slots, sum(expected == values for expected, values in pairs)


def _slot_figures(slot: str, pairs: Sequence[tuple[Values, Values]], empty: object) -> SlotFigures:
    named = [(expected, values) for expected, values in pairs if expected[slot] != empty]
    return SlotFigures(
        slot=slot,
        right=sum(expected[slot] == values[slot] for expected, values in pairs),
        named=len(named),
        right_named=sum(expected[slot] == values[slot] for expected, values in named),
        invented=sum(expected[slot] == empty != values[slot] for expected, values in pairs),
    )


def print_table(name: str, cases: Sequence[Case], reader: Reader) -> None:
    slots, all_right = figures_of(cases, reader)
    print(f"\n{name}, {len(cases)} requests\n")
    print("| slot | exact | where it is named | invented |\n|---|---|---|---|")
    for slot in slots:
        share = f"{slot.right / len(cases):.3f}"
        print(f"| {slot.slot} | {share} | {slot.right_named} of {slot.named} | {slot.invented} |")
    print(f"| all slots | {all_right / len(cases):.3f} | | |")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=Path, default=CASES)
    return parser.parse_args()


if __name__ == "__main__":
    main()

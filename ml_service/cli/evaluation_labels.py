"""Which label of a document is the right one depends on what the model answers."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.cli.labelled_rows import Content, in_short, read_labelled_rows
from ml_service.cli.labelled_tables import LABEL_COLUMNS
from ml_service.domain.errors import InvalidRequest
from ml_service.use_cases.evaluate_model import LabelledDocument

JudgedBy = Literal["soc_codes", "category"]

MAX_CODES = 4
"""A title that more occupations share says too little about any of them."""

_CODE = re.compile(r"\d{2}-\d{4}\.\d{2}")


@dataclass(frozen=True, slots=True)
class LabelledCase:
    """A document with all that is said about it; None: nothing is said in this way.

    ``soc_codes`` that are empty say that no occupation is known to be right.
    """

    name: str
    content: Content
    soc_codes: frozenset[str] | None
    category: str | None


@dataclass(frozen=True, slots=True)
class Judging:
    """``notes`` say which labels could not be judged by."""

    by: JudgedBy
    documents: tuple[LabelledDocument, ...]
    notes: tuple[str, ...]


def cases_of_csv(
    labels: Path, documents: Path, *, only: Collection[str] | None
) -> tuple[LabelledCase, ...]:
    """Rows of the CSV with the file each names. Raises InvalidRequest naming what is missing."""
    found = {path.name: path for path in sorted(documents.rglob("*")) if path.is_file()}
    try:
        with labels.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            category = _category_column(rows.fieldnames or ())
            return tuple(
                _case(row, _file_of(row["file"], found), category)
                for row in rows
                if only is None or row["file"] in only
            )
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidRequest(
            "The labels cannot be read: a CSV in UTF-8 is needed.", field="labels"
        ) from error


def cases_in(data: Path, *, only: Collection[str] | None) -> tuple[LabelledCase, ...]:
    """What ``train`` takes, repetitions included. Raises InvalidRequest."""
    return tuple(
        LabelledCase(row.name, row.content, soc_codes=None, category=row.label)
        for row in read_labelled_rows(data).rows
        if only is None or row.name in only or Path(row.name).name in only
    )


def judge_by(
    cases: Sequence[LabelledCase], *, model_labels: Collection[str], catalogue: Catalogue
) -> Judging:
    """Codes for a model that answers occupations, the category for one with labels of its own.

    Where a model of occupations finds no codes, categories count that are a code or the title of
    at most four occupations. Raises InvalidRequest where a model with its own labels finds none.
    """
    if not all(label in catalogue for label in model_labels):
        return _by_category(cases, model_labels)
    if any(case.soc_codes is not None for case in cases):
        return Judging("soc_codes", _documents(cases, lambda case: case.soc_codes or ()), ())
    return _by_title(cases, catalogue)


def _by_category(cases: Sequence[LabelledCase], model_labels: Collection[str]) -> Judging:
    if all(case.category is None for case in cases):
        raise InvalidRequest(
            "This model answers labels of its own: the CSV needs the column category.",
            field="labels",
        )
    unknown = Counter(
        case.category for case in cases if case.category and case.category not in model_labels
    )
    notes = []
    if unknown:
        notes.append(
            f"{_rows(unknown)} wrong because the model does not know the label: {_named(unknown)}."
        )
    documents = _documents(cases, lambda case: (case.category,) if case.category else ())
    return Judging("category", documents, tuple(notes))


def _by_title(cases: Sequence[LabelledCase], catalogue: Catalogue) -> Judging:
    named = {case.category for case in cases if case.category}
    codes = {category: _codes_named(category, catalogue) for category in named}
    unknown = Counter(case.category for case in cases if case.category and not codes[case.category])
    notes = []
    if unknown:
        notes.append(
            f"{_rows(unknown)} not judged because the label is neither an O*NET-SOC code nor the "
            f"title of one to {MAX_CODES} occupations: {_named(unknown)}."
        )
    documents = _documents(cases, lambda case: codes.get(case.category or "", frozenset()))
    return Judging("category", documents, tuple(notes))


def _codes_named(category: str, catalogue: Catalogue) -> frozenset[str]:
    codes = frozenset(_CODE.findall(category)) or catalogue.codes_of_title(category)
    return codes if len(codes) <= MAX_CODES else frozenset()


def _documents(
    cases: Sequence[LabelledCase], labels_of: Callable[[LabelledCase], Collection[str]]
) -> tuple[LabelledDocument, ...]:
    return tuple(
        LabelledDocument(case.name, case.content, frozenset(labels_of(case))) for case in cases
    )


def _rows(unknown: Counter[str]) -> str:
    n_rows = unknown.total()
    return "1 row is" if n_rows == 1 else f"{n_rows:,} rows are"


def _named(unknown: Counter[str]) -> str:
    return in_short([repr(label) for label, _ in unknown.most_common()])


def _category_column(columns: Sequence[str]) -> str | None:
    category = next((column for column in reversed(LABEL_COLUMNS) if column in columns), None)
    if "file" not in columns or (category is None and "soc_codes" not in columns):
        raise InvalidRequest(
            "The labels need the columns file and soc_codes and/or category.", field="labels"
        )
    return category


def _case(row: Mapping[str, str | None], file: Path, category: str | None) -> LabelledCase:
    codes = frozenset(_CODE.findall(row["soc_codes"] or "")) if "soc_codes" in row else None
    told = None if category is None else (row[category] or "").strip()
    return LabelledCase(file.name, file, soc_codes=codes, category=told)


def _file_of(name: str | None, found: Mapping[str, Path]) -> Path:
    try:
        return found[Path(name or "").name]
    except KeyError:
        raise InvalidRequest(f"{name} is not in the folder of documents.", field="file") from None

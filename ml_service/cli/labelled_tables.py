"""CSV and JSON Lines whose records say a label and a text, or a label and a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ml_service.domain.errors import InvalidRequest

CSV_ENDINGS = frozenset({".csv", ".tsv"})
JSON_ENDINGS = frozenset({".jsonl", ".ndjson"})
DELIMITERS = ",;\t"
MAX_FIELD_CHARACTERS = 16_000_000
SHOWN_CHARACTERS = 40
SHOWN_COLUMNS = 12

TEXT_COLUMNS = ("text", "resume_str")
LABEL_COLUMNS = ("label", "category")
FILE_COLUMNS = ("file",)


@dataclass(frozen=True, slots=True)
class TableRow:
    """``line`` is where the record begins, from 1. ``text`` None: ``file`` names the document."""

    line: int
    label: str
    text: str | None
    file: str | None


def refused(message: str) -> InvalidRequest:
    return InvalidRequest(message, field="data")


def read_table(path: Path) -> Iterator[TableRow]:
    """Columns or keys, upper or lower case: text (or Resume_str) or file, label (or category).

    Where there is a text, a file only names it. Raises InvalidRequest, naming the line.
    """
    ending = path.suffix.lower()
    if ending not in CSV_ENDINGS | JSON_ENDINGS:
        raise refused(
            f"{path.name} ends in neither .csv nor .jsonl. Give one of these, or a folder that "
            "holds a folder for each label."
        )
    with readable(path, name=path.name) as stream:
        yield from _csv_rows(stream) if ending in CSV_ENDINGS else _json_rows(stream)


@contextmanager
def readable(path: Path, *, name: str) -> Iterator[IO[str]]:
    """A file of UTF-8 text, with or without its mark. Raises InvalidRequest calling it ``name``."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield stream
    except UnicodeDecodeError as error:
        raise refused(f"{name} is not UTF-8 text. Save it as UTF-8 and try again.") from error
    except OSError as error:
        raise refused(f"{name} cannot be read: {error.strerror}.") from error


@dataclass(frozen=True, slots=True)
class _Columns:
    """The names that this table uses; ``text`` or ``file`` is there."""

    label: str
    text: str | None
    file: str | None

    @classmethod
    def among(cls, names: Sequence[str], *, line: int) -> _Columns:
        folded = {name.strip().lower(): name for name in reversed(names)}

        def first(wanted: Sequence[str]) -> str | None:
            return next((folded[name] for name in wanted if name in folded), None)

        label, text, file = first(LABEL_COLUMNS), first(TEXT_COLUMNS), first(FILE_COLUMNS)
        if label is None or (text is None and file is None):
            raise refused(
                f"Line {line}: the columns text and label are needed, or file and label. "
                f"Found: {_shown(names)}."
            )
        return cls(label, text, file)

    def row(self, line: int, fields: Mapping[str, str]) -> TableRow:
        return TableRow(
            line=line,
            label=fields.get(self.label, ""),
            text=None if self.text is None else fields.get(self.text, ""),
            file=None if self.file is None else fields.get(self.file, "").strip(),
        )


def _shown(names: Sequence[str]) -> str:
    """A file without a header has a resume where the names should be: none is told whole."""
    filled = [name.strip()[:SHOWN_CHARACTERS] for name in names if name.strip()]
    return ", ".join(filled[:SHOWN_COLUMNS]) or "none"


def _csv_rows(stream: IO[str]) -> Iterator[TableRow]:
    with _long_fields():
        records = _csv_records(stream)
        _, names = next(records, (1, []))
        columns = _Columns.among(names, line=1)
        for line, fields in records:
            if any(field.strip() for field in fields[len(names) :]):
                raise refused(f"Line {line} has more fields than the first line has columns.")
            yield columns.row(line, dict(zip(names, fields, strict=False)))


@contextmanager
def _long_fields() -> Iterator[None]:
    """A resume as HTML is often longer than the 131,072 characters that csv takes by default."""
    before = csv.field_size_limit(MAX_FIELD_CHARACTERS)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _csv_records(stream: IO[str]) -> Iterator[tuple[int, list[str]]]:
    """Records with something in them, each with the line on which it begins."""
    header = stream.readline()
    stream.seek(0)
    reader = csv.reader(stream, delimiter=max(DELIMITERS, key=header.count), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise refused(
                f"The record that begins on line {line} cannot be followed: check its quotation "
                "marks."
            ) from error
        if fields is None:
            return
        if any(field.strip() for field in fields):
            yield line, fields


def _json_rows(stream: IO[str]) -> Iterator[TableRow]:
    for line, text in enumerate(stream, start=1):
        if text.strip():
            fields = _object(text, line=line)
            columns = _Columns.among(tuple(fields), line=line)
            used = {name for name in (columns.label, columns.text, columns.file) if name}
            yield columns.row(line, {name: _string(fields, name, line=line) for name in used})


def _object(text: str, *, line: int) -> dict[str, object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refused(f"Line {line} is not JSON: each line holds one whole object.") from error
    if not isinstance(value, dict):
        raise refused(f"Line {line} is JSON, but no object with text and label.")
    return value


def _string(fields: Mapping[str, object], name: str, *, line: int) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise refused(f"Line {line}: {name} must be a string.")
    return value

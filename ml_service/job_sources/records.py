"""CSV and JSON files as records with their line numbers, a piece at a time."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ml_service.domain.errors import InvalidRequest

BLOCK_BYTES = 1_000_000
BLOCK_CHARACTERS = 64_000
MAX_HEADER_CHARACTERS = 100_000
MAX_RECORD_CHARACTERS = 16_000_000
MAX_ENVELOPES = 2
DELIMITERS = ",;\t|"
ENVELOPES = ("data", "jobs", "results", "postings", "items", "@graph")

_SPACE = re.compile(r"\s*")

Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class Record:
    """``fields`` is None when ``problem`` says why this record cannot be read.

    ``columns`` is the header of the CSV file that it is a row of, and None for JSON.
    """

    line: int
    fields: Fields | None
    problem: str | None = None
    columns: tuple[str, ...] | None = None


def refused(message: str) -> InvalidRequest:
    return InvalidRequest(message, field="file")


def encoding_of(path: Path) -> str:
    """``utf-8-sig`` (which reads UTF-8 with and without its mark) or ``cp1252``.

    Reads the whole file once: one wrong byte at the end decides. Raises InvalidRequest for a
    file that is empty or not text.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    n_bytes = 0
    valid = True
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            if b"\x00" in block:
                raise refused("This is not a text file. CSV, JSON and JSON Lines are read.")
            n_bytes += len(block)
            valid = valid and _decodes(decoder, block, final=False)
    if n_bytes == 0:
        raise refused("The file is empty.")
    return "utf-8-sig" if valid and _decodes(decoder, b"", final=True) else "cp1252"


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def read_records(path: Path, *, encoding: str) -> Iterator[Record]:
    """Told by the content: an array, one JSON object a line, one envelope object, or CSV.

    Raises InvalidRequest, naming the line, where the file cannot be followed any further.
    """
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = _first_character(file)
        file.seek(0)
        if first == "[":
            yield from _array_records(file)
        elif first == "{":
            yield from _object_records(file)
        else:
            yield from _csv_records(file)


def _first_character(file: IO[str]) -> str:
    while block := file.read(1_000):
        if block.strip():
            return block.strip()[0]
    raise refused("The file is empty.")


def _csv_records(file: IO[str]) -> Iterator[Record]:
    header = file.readline(MAX_HEADER_CHARACTERS)
    delimiter = max(DELIMITERS, key=header.count)
    file.seek(0)
    rows = csv.reader(file, delimiter=delimiter, strict=True)
    columns: tuple[str, ...] | None = None
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            if "expected after" not in str(error):
                raise refused(f"Line {line}: the row that begins here does not end.") from error
            yield Record(line, None, "misplaced quotation mark", columns)
            continue
        if row is None:
            return
        if columns is None:
            columns = tuple(row)
        elif any(field.strip() for field in row):
            yield _csv_record(line, columns, row)


def _csv_record(line: int, columns: tuple[str, ...], row: list[str]) -> Record:
    if any(field.strip() for field in row[len(columns) :]):
        return Record(line, None, "more fields than the header has", columns)
    return Record(line, dict(zip(columns, row, strict=False)), columns=columns)


def _object_records(file: IO[str]) -> Iterator[Record]:
    """One object a line, or objects that spread over several."""
    filled = (
        line for line in iter(lambda: file.readline(MAX_HEADER_CHARACTERS), "") if line.strip()
    )
    first, second = next(filled, ""), next(filled, "")
    file.seek(0)
    if _parsed(first) is not None or second.lstrip().startswith("{"):
        yield from _line_records(file)
    else:
        text = _JsonText(file)
        while text.next_character():
            yield from _unwrapped(*text.value())


def _line_records(file: IO[str]) -> Iterator[Record]:
    number = 0
    while line := file.readline(MAX_RECORD_CHARACTERS):
        number += 1
        if len(line) == MAX_RECORD_CHARACTERS:
            raise _too_long(number)
        if line.strip():
            yield from _unwrapped(number, _parsed(line))


def _array_records(file: IO[str]) -> Iterator[Record]:
    text = _JsonText(file)
    text.skip("[")
    while text.next_character() != "]":
        yield from _unwrapped(*text.value())
        if text.next_character() == ",":
            text.skip(",")
        elif text.next_character() != "]":
            raise _broken(text.line)


def _unwrapped(line: int, value: object, depth: int = 0) -> Iterator[Record]:
    """The record itself, or those in the envelope that a board sends its answer in."""
    if not isinstance(value, dict):
        yield Record(line, None, "not a JSON object")
        return
    inner = next(
        (value[name] for name in ENVELOPES if isinstance(value.get(name), list | dict)), None
    )
    if inner is None or depth == MAX_ENVELOPES:
        yield Record(line, value)
        return
    for part in inner if isinstance(inner, list) else [inner]:
        yield from _unwrapped(line, part, depth + 1)


def _parsed(line: str) -> object:
    """None for what is not JSON (and for null, which is no record either)."""
    try:
        parsed: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return parsed


class _JsonText:
    """JSON values one after another, from a file that may be larger than the memory."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._decoder = json.JSONDecoder()
        self.line = 1

    def next_character(self) -> str:
        """The next one that is not white space; the empty string at the end of the file."""
        while True:
            rest = _SPACE.match(self._text, self._at)
            self._advance(rest.end() if rest else self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read_on():
                return ""

    def skip(self, character: str) -> None:
        if self.next_character() == character:
            self._advance(self._at + 1)

    def value(self) -> tuple[int, object]:
        """The line where the next value begins, and the value. Raises InvalidRequest."""
        self.next_character()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if len(self._text) - self._at > MAX_RECORD_CHARACTERS:
                    raise _too_long(self.line) from error
                if isinstance(error, RecursionError) or not self._read_on():
                    raise _broken(self.line) from error
            else:
                begin = self.line
                self._advance(end)
                return begin, value

    def _advance(self, to: int) -> None:
        self.line += self._text.count("\n", self._at, to)
        self._at = to

    def _read_on(self) -> bool:
        """Twice as much each time, so that a long value is parsed again only a few times."""
        more = self._file.read(max(BLOCK_CHARACTERS, len(self._text) - self._at))
        self._text = self._text[self._at :] + more
        self._at = 0
        return bool(more)


def _broken(line: int) -> InvalidRequest:
    return refused(f"Line {line}: the JSON that begins here is broken or does not end.")


def _too_long(line: int) -> InvalidRequest:
    return refused(
        f"Line {line}: one record is longer than {MAX_RECORD_CHARACTERS:,} characters. "
        "Save the postings as an array, or one object a line."
    )

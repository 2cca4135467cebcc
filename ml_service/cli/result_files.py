"""Rows into CSV, JSON Lines or Parquet, one at a time, in bounded memory.

CSV is made for spreadsheets: UTF-8, every text in quotes, and a text that a spreadsheet would take
for a formula begins with an apostrophe. Control characters become spaces. JSON Lines and Parquet
hold the text as it is. Source: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from ml_service.cli.new_file import new_file
from ml_service.cli.result_columns import Column, Row
from ml_service.domain.errors import InvalidRequest

ENDINGS = (".csv", ".jsonl", ".parquet")
FORMULA_STARTS = tuple("=+-@＝＋－＠")
ROWS_IN_ONE_GROUP = 5_000

_CONTROLS = dict.fromkeys([*range(32), *range(127, 160), 0x2028, 0x2029], " ")


class RowWriter(Protocol):
    def write(self, row: Row) -> None:
        """Columns that the row lacks stay empty, fields that are no column are left out."""
        ...


def check_results_file(file: Path, *, field: str) -> None:
    """Before any work. Raises InvalidRequest for an ending or a folder that cannot be written."""
    if file.suffix.lower() not in ENDINGS:
        message = f"{file.name} must end in .csv, .jsonl or .parquet."
        raise InvalidRequest(message, field=field)
    if not file.parent.is_dir():
        raise InvalidRequest(f"The folder {file.parent} does not exist.", field=field)
    if is_parquet(file):
        _pyarrow("pyarrow", field=field)


def is_parquet(file: Path) -> bool:
    return file.suffix.lower() == ".parquet"


def holds_documents(file: Path) -> bool:
    """Whether it holds whole answers, where the others hold a row of columns."""
    return file.suffix.lower() == ".jsonl"


@contextmanager
def new_results(file: Path, columns: Sequence[Column], *, field: str) -> Iterator[RowWriter]:
    """The file gets its name when the block ends. Raises InvalidRequest naming ``field``."""
    with new_file(file, field=field) as part:
        if is_parquet(file):
            with _parquet(part, columns, field=field) as rows:
                yield rows
        elif holds_documents(file):
            with part.open("wb") as stream:
                yield _JsonLines(stream)
        else:
            with part.open("w", encoding="utf-8", errors="replace", newline="") as stream:
                yield _SafeCsv(stream, columns)


class _JsonLines:
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, row: Row) -> None:
        self._stream.write(json_line(row))


def json_line(row: Row) -> bytes:
    """Half a surrogate pair, which a damaged document may hold, becomes a question mark."""
    text = json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace") + b"\n"


class _SafeCsv:
    def __init__(self, stream: Any, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        self._writer.writerow([column.name for column in columns])

    def write(self, row: Row) -> None:
        self._writer.writerow([spreadsheet_cell(row.get(column.name)) for column in self._columns])


def spreadsheet_cell(value: object) -> str | float:
    """A number stays one; a text is one line that no spreadsheet takes for a formula."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    text = "" if value is None else str(value).translate(_CONTROLS)
    return f"'{text}" if text.lstrip().startswith(FORMULA_STARTS) else text


@contextmanager
def _parquet(part: Path, columns: Sequence[Column], *, field: str) -> Iterator[RowWriter]:
    arrow = _pyarrow("pyarrow", field=field)
    parquet = _pyarrow("pyarrow.parquet", field=field)
    kinds = {"text": arrow.string(), "number": arrow.float64(), "flag": arrow.bool_()}
    schema = arrow.schema([(column.name, kinds[column.kind]) for column in columns])
    with parquet.ParquetWriter(part, schema, compression="zstd") as writer:
        rows = _ParquetRows(writer, arrow, schema)
        yield rows
        rows.flush()


class _ParquetRows:
    """Written a group of rows at a time, as the format wants it."""

    def __init__(self, writer: Any, arrow: Any, schema: Any) -> None:
        self._writer = writer
        self._arrow = arrow
        self._schema = schema
        self._group: list[dict[str, object]] = []

    def write(self, row: Row) -> None:
        self._group.append({name: _whole(row.get(name)) for name in self._schema.names})
        if len(self._group) >= ROWS_IN_ONE_GROUP:
            self.flush()

    def flush(self) -> None:
        if self._group:
            table = self._arrow.Table.from_pylist(self._group, schema=self._schema)
            self._writer.write_table(table)
            self._group.clear()


def _whole(value: object) -> object:
    """Text that UTF-8 can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return value


def _pyarrow(module: str, *, field: str) -> ModuleType:
    try:
        return import_module(module)
    except ImportError as missing:
        message = (
            "Parquet needs pyarrow: python -m pip install -e '.[parquet]' in the checkout. "
            "A file that ends in .csv or .jsonl needs nothing more."
        )
        raise InvalidRequest(message, field=field) from missing

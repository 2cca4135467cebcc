"""What the upkeep of a database says: copies of it, and whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TableCopy:
    """``sha256`` is that of the JSON Lines; ``content`` is the sum of the sha256 of every line,
    modulo 2**256, so that it is the same in whatever order a database gives its rows.
    """

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str
    content: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``revision`` is that of the schema; tables stand after those that they refer to."""

    format: int
    service_version: str
    revision: str
    created_at: datetime
    tables: tuple[TableCopy, ...]

    @property
    def n_rows(self) -> int:
        return sum(table.rows for table in self.tables)


class RowWatch(Protocol):
    """Told how far long work is."""

    def started(self, n_rows: int) -> None:
        """Once, when it is known how many rows there are."""
        ...

    def advanced(self, n_rows: int) -> None:
        """So many more are done."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``problems`` names at most 20 of ``n_problems``."""

    name: str
    n_checked: int
    n_problems: int = 0
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.n_problems

"""Postings from a file of the operator's, one at a time, with an account of what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ml_service.domain.posting import Posting
from ml_service.job_sources.posting_fields import names_a_title, posting_from
from ml_service.job_sources.records import Record, encoding_of, read_records, refused

LISTED_LINES = 20
LISTED_COLUMNS = 12
NO_TITLE = "no job title"


@dataclass(slots=True)
class ImportAccount:
    """What became of the records of a file; grows while the postings are taken.

    ``skipped`` counts reasons, ``skipped_lines`` names the first 20 as (line, reason).
    """

    n_read: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    skipped_lines: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def n_skipped(self) -> int:
        return self.skipped.total()

    def skip(self, line: int, reason: str) -> None:
        self.skipped[reason] += 1
        if len(self.skipped_lines) < LISTED_LINES:
            self.skipped_lines.append((line, reason))


def read_postings(path: Path, *, account: ImportAccount | None = None) -> Iterator[Posting]:
    """CSV, JSON, JSON Lines or a JSearch answer, told by the content; never held as a whole.

    Raises InvalidRequest for a file that cannot be opened or followed, naming the line and what
    is missing; the postings before that line have been given out by then.
    """
    account = account if account is not None else ImportAccount()
    try:
        encoding = encoding_of(path)
        if encoding == "cp1252":
            account.warnings.append(
                "The file is not UTF-8; it was read as Windows-1252. Check accents and signs."
            )
        yield from _postings(read_records(path, encoding=encoding), account)
    except OSError as error:
        raise refused("The file cannot be opened: check its name and who may read it.") from error


def _postings(records: Iterator[Record], account: ImportAccount) -> Iterator[Posting]:
    for record in records:
        if account.n_read == 0 and record.columns is not None:
            _check_columns(record.columns)
        account.n_read += 1
        posting = posting_from(record.fields) if record.fields is not None else None
        if posting is None:
            account.skip(record.line, record.problem or NO_TITLE)
        else:
            yield posting
    if account.n_read == 0:
        raise refused("The file holds no postings: no record follows its first line.")


def _check_columns(columns: tuple[str, ...]) -> None:
    if not names_a_title(columns):
        filled = [column.strip()[:40] for column in columns if column.strip()]
        named = ", ".join(filled[:LISTED_COLUMNS]) or "none"
        raise refused(
            f"Line 1: no column for the job title, such as 'title' or 'job title'. Found: {named}."
        )

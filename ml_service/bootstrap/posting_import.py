"""Postings of the operator's own, from a file into the local index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ml_service.bootstrap.clock import utc_now
from ml_service.bootstrap.database import open_database
from ml_service.job_sources.importing import ImportAccount, read_postings
from ml_service.settings import Settings
from ml_service.storage.postings import SqlPostingIndex
from ml_service.use_cases.import_postings import ImportPostings


@dataclass(frozen=True, slots=True)
class PostingsImported:
    """``skipped`` counts records by the reason for which they were left out."""

    n_read: int
    n_new: int
    skipped: Mapping[str, int]
    warnings: tuple[str, ...]


async def import_posting_file(
    settings: Settings, path: Path, *, progress: Callable[[int], None]
) -> PostingsImported:
    """CSV or JSON into the local index. Raises InvalidRequest naming the line, StorageUnavailable.

    What was read before a line that cannot be followed stays imported.
    """
    account = ImportAccount()
    async with open_database(settings) as database:
        import_postings = ImportPostings(SqlPostingIndex(database, clock=utc_now))
        n_new = await import_postings(read_postings(path, account=account), progress=progress)
    return PostingsImported(
        n_read=account.n_read,
        n_new=n_new,
        skipped=dict(account.skipped),
        warnings=tuple(account.warnings),
    )

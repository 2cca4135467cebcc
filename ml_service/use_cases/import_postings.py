"""Postings of the operator's into the local index."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from ml_service.domain.ports import PostingIndex
from ml_service.domain.posting import Posting

BATCH = 500


class ImportPostings:
    def __init__(self, index: PostingIndex) -> None:
        self._index = index

    async def __call__(
        self, postings: Iterable[Posting], *, progress: Callable[[int], None]
    ) -> int:
        """Insert or replace by job_id, a batch a transaction; returns how many are new.

        ``progress`` is told how many postings each batch held. Raises StorageUnavailable.
        """
        n_new = 0
        remaining = iter(postings)
        while batch := await asyncio.to_thread(_next_batch, remaining):
            n_new += await self._index.add(batch)
            progress(len(batch))
        return n_new


def _next_batch(postings: Iterator[Posting]) -> list[Posting]:
    return list(islice(postings, BATCH))

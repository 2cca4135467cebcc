"""What use cases ask of the outside; adapters satisfy these, bootstrap chooses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import numpy as np
import numpy.typing as npt

from ml_service.domain.document import Document, ExtractedText, Line
from ml_service.domain.posting import JobPage, JobQuery, JobsOutcome, Posting
from ml_service.domain.prediction import (
    EncoderRef,
    Page,
    Prediction,
    PredictionChange,
    PredictionFilter,
)

Float32Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Unit vectors, float32 of shape (n_texts, n_dims), with the encoder they come from."""

    vectors: Float32Array
    encoder: EncoderRef


class DocumentReader(Protocol):
    def identify(self, content: bytes, *, filename: str) -> Document:
        """Tell the kind from the content. Raises EmptyDocument or UnsupportedType."""
        ...

    async def read(self, document: Document) -> ExtractedText:
        """Lines in reading order. Raises a DocumentRefused, or Overloaded when all is busy."""
        ...


class Encoder(Protocol):
    """Vectors of two encoders are never compared: look at ``ref``."""

    @property
    def ref(self) -> EncoderRef: ...

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        """Vectors in the order of ``texts``; a text beyond the token limit is cut off.

        Raises ModelUnavailable.
        """
        ...


class JobSource(Protocol):
    @property
    def provider(self) -> str: ...

    async def search(self, query: JobQuery) -> JobPage:
        """Raises JobsNotConfigured, JobsUnavailable or JobsQuotaExhausted; an empty page is one."""
        ...


class JobCache(Protocol):
    """Answers of job boards, kept across restarts because every call costs quota."""

    async def get(self, key: str, *, now: datetime) -> JobPage | None:
        """None when there is nothing younger than its time to live."""
        ...

    async def put(self, key: str, page: JobPage, *, expires_at: datetime) -> None: ...


class PostingIndex(Protocol):
    """Postings that the operator imported."""

    async def count(self) -> int: ...

    async def add(self, postings: Sequence[Posting]) -> int:
        """Insert or replace by job_id; returns how many are new."""
        ...

    async def search(self, query: JobQuery) -> tuple[tuple[Posting, ...], str | None]:
        """Postings by text relevance, best first, and the cursor of the next page."""
        ...


class PredictionStore(Protocol):
    """Each method is one unit of work: when it returns, what it wrote is on disk."""

    async def add(self, prediction: Prediction, *, lines: Sequence[Line]) -> None:
        """Raises StorageUnavailable, and then nothing of it was written."""
        ...

    async def get(self, prediction_id: UUID) -> Prediction:
        """Raises PredictionNotFound."""
        ...

    async def find_same(self, fingerprint: str) -> Prediction | None:
        """The newest prediction of the same upload."""
        ...

    async def lines(self, prediction_id: UUID) -> tuple[Line, ...]:
        """Raises PredictionNotFound or TextNotStored."""
        ...

    async def page(self, where: PredictionFilter, *, limit: int, cursor: str | None) -> Page:
        """Newest first, keyset on (created_at, id). Raises InvalidRequest for a bad cursor."""
        ...

    async def search(
        self, words: str, *, where: PredictionFilter, limit: int, cursor: str | None
    ) -> Page:
        """Best match first. ``words`` is what a person typed: words are escaped, a "phrase" and a
        trailing * work. Raises InvalidRequest for a bad cursor or nothing to search for.
        """
        ...

    async def change(
        self, prediction_id: UUID, change: PredictionChange, *, at: datetime
    ) -> Prediction:
        """Raises PredictionNotFound."""
        ...

    async def record_jobs(self, prediction_id: UUID, jobs: JobsOutcome, *, at: datetime) -> None:
        """Replace the jobs of a prediction. Raises PredictionNotFound."""
        ...

    async def delete(self, prediction_id: UUID) -> None:
        """Row, jobs, text and search entry, at once. Raises PredictionNotFound."""
        ...

    async def end_pending_jobs(self, *, at: datetime) -> int:
        """Turn 'pending' left by an earlier process into 'unavailable'; returns how many."""
        ...


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, aware, UTC."""
        ...

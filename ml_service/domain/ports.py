"""What use cases ask of the outside; adapters satisfy these, bootstrap chooses them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
    ModelRef,
    Page,
    Prediction,
    PredictionChange,
    PredictionFilter,
    PredictionRecord,
    Renewal,
)

Float32Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Unit vectors, float32 of shape (n_texts, n_dims), with the encoder they come from.

    ``degraded_reason``: why another encoder answered than the one that was asked first.
    """

    vectors: Float32Array
    encoder: EncoderRef
    degraded_reason: str | None = None


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
    def ref(self) -> EncoderRef:
        """Raises ModelUnavailable while it cannot answer."""
        ...

    @property
    def space(self) -> ModelRef:
        """Whose vectors it gives, as far as that is known: also while it cannot answer.

        Raises ModelUnavailable where it was never loaded.
        """
        ...

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        """Vectors in the order of ``texts``; a text beyond the token limit is cut off.

        Raises ModelUnavailable.
        """
        ...


class JobSource(Protocol):
    @property
    def provider(self) -> str: ...

    async def search(self, query: JobQuery) -> JobPage:
        """An empty page is one.

        Raises JobsNotConfigured, JobsUnavailable, JobsQuotaExhausted or JobsNeedKey.
        """
        ...


class JobCache(Protocol):
    """Answers of job boards, kept across restarts because every call costs quota."""

    async def get(self, key: str, *, now: datetime) -> JobPage | None:
        """None when there is nothing younger than its time to live."""
        ...

    async def put(self, key: str, page: JobPage, *, expires_at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class BoardQuota:
    """What a job board last said of its quota, at ``observed_at``; None where it did not say.

    Until ``exhausted_until`` nobody asks the board.
    """

    limit: int | None
    remaining: int | None
    resets_at: datetime | None
    exhausted_until: datetime | None
    observed_at: datetime


class BoardQuotaLog(Protocol):
    """One row a board, so that other processes and the next start know it too."""

    async def last(self, provider: str) -> BoardQuota | None:
        """None when the board never said anything. Raises StorageUnavailable."""
        ...

    async def note(self, provider: str, quota: BoardQuota) -> None:
        """Replaces what was known, unless that is newer. Raises StorageUnavailable."""
        ...


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

    async def add(
        self,
        prediction: Prediction,
        *,
        lines: Sequence[Line],
        claim: Claim | None = None,
        begun_at: datetime | None = None,
    ) -> None:
        """Raises StorageUnavailable, and then nothing of it was written.

        Raises UserErased, with nothing written, when the user was erased since ``begun_at``, the
        moment at which the work on the prediction began. With a ``claim`` the same transaction
        notes the prediction beside its idempotency key; raises KeyInUse, with nothing written,
        when the claim was lost to somebody else.
        """
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

    async def record(self, prediction_id: UUID) -> PredictionRecord:
        """All that is held of one prediction, as of one moment. Raises PredictionNotFound."""
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
        self,
        prediction_id: UUID,
        change: PredictionChange,
        *,
        at: datetime,
        expected: Collection[datetime] | None = None,
    ) -> Prediction:
        """``updated_at`` always moves on, also when the clock does not.

        Raises PredictionNotFound, or PreconditionFailed when ``expected`` is given and does not
        hold the record's ``updated_at``; looked at in the transaction that changes.
        """
        ...

    async def renew(
        self,
        prediction_id: UUID,
        renewal: Renewal,
        *,
        at: datetime,
        expected: Collection[datetime] | None = None,
        claim: Claim | None = None,
    ) -> Prediction:
        """Put an analysis in the place of the former; its id, user, annotations and
        ``created_at`` stay. ``updated_at`` moves on as with ``change``.

        Raises PredictionNotFound, PreconditionFailed, or KeyInUse as ``add`` does, with nothing
        written.
        """
        ...

    async def record_jobs(self, prediction_id: UUID, jobs: JobsOutcome, *, at: datetime) -> None:
        """Replace the jobs of a prediction. Raises PredictionNotFound."""
        ...

    async def delete(
        self, prediction_id: UUID, *, expected: Collection[datetime] | None = None
    ) -> None:
        """Row, jobs, text and search entry, at once; then done, whatever a log still holds.

        Raises PredictionNotFound, or PreconditionFailed as ``change`` does.
        """
        ...

    async def erase_user(self, user_id: str) -> int:
        """Delete all that is held of a user, a batch a transaction; returns how many predictions.

        What was in work for the user is not saved any more. Raises StorageUnavailable: what was
        deleted until then stays deleted, and asking again goes on with the rest.
        """
        ...

    async def erase_created_before(self, moment: datetime, *, limit: int) -> int:
        """Delete the oldest predictions from before ``moment``, at most ``limit``; how many."""
        ...

    async def forget_erasures(self, *, before: datetime) -> int:
        """``add`` no longer knows of users who were erased before then; returns how many."""
        ...

    async def end_pending_jobs(self, *, created_before: datetime, at: datetime) -> int:
        """Turn 'pending' that nobody will end any more into 'unavailable'; returns how many."""
        ...


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer the request of one idempotency key, until ``held_until``."""

    key: str
    owner: UUID
    held_until: datetime


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The first answer to a key. ``body`` is None when the process died before it was kept;
    the prediction or interview is what it would have shown.
    """

    record_id: UUID
    body: str | None


class IdempotencyKeys(Protocol):
    """Keys in a database, so that other processes and the next start see them too."""

    async def claim(
        self, key: str, *, fingerprint: str, now: datetime, held_until: datetime
    ) -> Claim | KeptAnswer:
        """The right to go on, or the first answer. A claim that ran out is taken over.

        Raises KeyInUse while another holds the claim, KeyReused for another fingerprint.
        """
        ...

    async def renew(self, claim: Claim, *, held_until: datetime) -> Claim:
        """Raises KeyInUse when the claim was lost."""
        ...

    async def keep(self, claim: Claim, *, record_id: UUID, body: str) -> None:
        """The answer that this key gives from now on, as long as what it is about is there."""
        ...

    async def release(self, claim: Claim) -> None:
        """Nothing came of it: the key is free again."""
        ...

    async def forget_expired(self, *, now: datetime) -> int:
        """Drop keys older than a day; returns how many."""
        ...


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, aware, UTC."""
        ...

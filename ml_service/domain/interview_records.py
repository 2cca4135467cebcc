"""Interviews that are kept: who may find them, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ml_service.domain.interview import InterviewReport, StoredInterview
from ml_service.domain.ports import Claim
from ml_service.domain.prediction import AuditEvent

Said = tuple[tuple[str, str], ...]
"""A transcript as it was sent: who spoke, and what was said."""


@dataclass(frozen=True, slots=True)
class KeptInterview:
    """``fingerprint`` is of all that the report depends on. ``record_id`` is what the audit trail
    and keys of requests know the interview by.
    """

    record_id: UUID
    fingerprint: str
    interview: StoredInterview


@dataclass(frozen=True, slots=True)
class InterviewSummary:
    interview_id: str
    user_id: str | None
    created_at: datetime
    rubric_version: str
    overall: float | None


@dataclass(frozen=True, slots=True)
class InterviewPage:
    summaries: tuple[InterviewSummary, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class InterviewRecord:
    """All that is held of one interview; ``transcript`` is None where it was not kept."""

    interview: StoredInterview
    transcript: Said | None
    events: tuple[AuditEvent, ...]


class InterviewStore(Protocol):
    """Each method is one unit of work. Raises StorageUnavailable from every method.

    Where transcripts are not kept, words of them that serve as evidence are not kept either: a
    quotation is then empty, and its turn stays.
    """

    async def add(
        self,
        kept: KeptInterview,
        *,
        transcript: Said,
        claim: Claim | None = None,
        begun_at: datetime,
    ) -> KeptInterview:
        """What is kept under the id from now on: another one where somebody was faster.

        Raises UserErased when the user was erased since ``begun_at``, KeyInUse when the ``claim``
        was lost to somebody else; nothing is written then.
        """
        ...

    async def renew(self, kept: KeptInterview, report: InterviewReport) -> KeptInterview:
        """Put a fuller report in the place of the former. Raises InterviewNotFound."""
        ...

    async def find(self, interview_id: str) -> KeptInterview | None: ...

    async def get(self, interview_id: str) -> StoredInterview:
        """Raises InterviewNotFound."""
        ...

    async def by_record(self, record_id: UUID) -> StoredInterview:
        """Raises InterviewNotFound."""
        ...

    async def record(self, interview_id: str) -> InterviewRecord:
        """Raises InterviewNotFound."""
        ...

    async def page(self, user_id: str, *, limit: int, cursor: str | None) -> InterviewPage:
        """Newest first. Raises InvalidRequest for a bad cursor."""
        ...

    async def delete(self, interview_id: str) -> None:
        """At once and for good. Raises InterviewNotFound."""
        ...

    async def erase_user(self, user_id: str) -> int:
        """All interviews of the user; returns how many. That he was erased is noted elsewhere."""
        ...

    async def erase_created_before(self, moment: datetime, *, limit: int) -> int:
        """Delete the oldest from before ``moment``, at most ``limit``; returns how many."""
        ...

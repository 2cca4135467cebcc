"""Who did what to which record and when; never what stood in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.prediction import AuditEvent
from ml_service.storage.tables import audit_events

Action = Literal[
    "created",
    "changed",
    "rescored",
    "jobs_recorded",
    "jobs_ended",  # nobody was left to record what became of them
    "deleted",
    "erased",  # with all that was held of its user
    "expired",  # RETENTION_DAYS
]


async def record_events(
    connection: AsyncConnection,
    action: Action,
    subject_ids: Sequence[UUID],
    *,
    actor: str,
    at: datetime,
) -> None:
    """One event a subject; none is no event."""
    rows = [{"action": action, "subject_id": id_, "actor": actor, "at": at} for id_ in subject_ids]
    if rows:
        await connection.execute(insert(audit_events), rows)


async def events_of(connection: AsyncConnection, subject_id: UUID) -> tuple[AuditEvent, ...]:
    """In the order in which they happened."""
    statement = (
        select(audit_events.c.at, audit_events.c.actor, audit_events.c.action)
        .where(audit_events.c.subject_id == subject_id)
        .order_by(audit_events.c.id)
    )
    rows = (await connection.execute(statement)).all()
    return tuple(AuditEvent(at=row.at, actor=row.actor, action=row.action) for row in rows)

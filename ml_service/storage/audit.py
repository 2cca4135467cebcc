"""Who did what to which record and when; never what stood in it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.storage.tables import audit_events

Action = Literal["created", "changed", "jobs_recorded", "deleted"]


async def record_event(
    connection: AsyncConnection, action: Action, subject_id: UUID, *, actor: str, at: datetime
) -> None:
    await connection.execute(
        insert(audit_events).values(action=action, subject_id=subject_id, actor=actor, at=at)
    )

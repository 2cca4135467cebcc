"""Deleting predictions for good.

The other tables follow by their foreign keys, the full-text index by its triggers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.prediction import PredictionFilter
from ml_service.storage.forgetting import erase_at_once, erase_remains
from ml_service.storage.history import in_order_of_time
from ml_service.storage.tables import predictions

ERASED_AT_ONCE = 200
"""Others who write wait this long: tenths of a second."""


async def erase(connection: AsyncConnection, where: ColumnElement[bool]) -> Sequence[UUID]:
    """Delete all rows that ``where`` names; returns their ids."""
    await erase_at_once(connection)
    gone = await connection.scalars(delete(predictions).where(where).returning(predictions.c.id))
    ids = gone.all()
    if ids:
        await erase_remains(connection)
    return ids


async def batch_of_user(
    connection: AsyncConnection, user_id: str
) -> tuple[ColumnElement[bool], bool]:
    """Condition for some rows of the user, and whether there may be more.

    One that is given to somebody else at this moment is his.
    """
    of_user = predictions.c.user_id == user_id
    some = await connection.scalars(select(predictions.c.id).where(of_user).limit(ERASED_AT_ONCE))
    ids = some.all()
    return and_(of_user, predictions.c.id.in_(ids)), len(ids) == ERASED_AT_ONCE


async def oldest_before(
    connection: AsyncConnection, moment: datetime, *, limit: int
) -> ColumnElement[bool]:
    """Condition for the oldest rows; those that another process deletes now are left to it."""
    oldest = (
        select(predictions.c.id)
        .where(predictions.c.created_at < moment, *in_order_of_time(PredictionFilter()))
        .order_by(predictions.c.created_at, predictions.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return predictions.c.id.in_((await connection.scalars(oldest)).all())

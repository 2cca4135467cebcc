"""A prediction's analysis in the place of its former one, within a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.document import Line
from ml_service.domain.prediction import Renewal
from ml_service.storage.forgetting import erase_at_once, erase_remains
from ml_service.storage.prediction_changes import Held, replace_jobs, update_row
from ml_service.storage.prediction_rows import (
    Row,
    analysis_columns,
    analysis_texts,
    content_of,
    text_of,
    words_of,
)
from ml_service.storage.serialisation import LINES, to_json
from ml_service.storage.summaries import brief_of, summary_data, tags_of_row
from ml_service.storage.tables import prediction_search, prediction_text, predictions


async def apply_renewal(
    connection: AsyncConnection,
    held: Held,
    renewal: Renewal,
    *,
    at: datetime,
    store_text: bool,
) -> None:
    """Without ``store_text`` new lines are not kept, and the former ones go all the same."""
    identity = held.prediction_id
    lines = None if renewal.lines is None else renewal.lines if store_text else ()
    row, words = _row(renewal), dict(analysis_texts(renewal.analysis))
    if lines is not None:
        row["resume_content"] = content_of(text_of(lines))
        words["text"] = text_of(lines)
    row["summary_data"] = await _summary(connection, identity, row)
    await update_row(connection, identity, {**row, "updated_at": at})
    if renewal.jobs is not None:
        await replace_jobs(connection, held, renewal.jobs, at=at)
    if lines is not None:
        await _replace_lines(connection, identity, lines, store_text=store_text)
    await _replace_words(connection, identity, words_of(words))


def _row(renewal: Renewal) -> Row:
    return {**analysis_columns(renewal.analysis), "fingerprint": renewal.fingerprint}


async def _summary(connection: AsyncConnection, prediction_id: UUID, row: Row) -> str | None:
    columns = select(predictions.c.id, predictions.c.summary_data)
    stored = await connection.execute(columns.where(predictions.c.id == prediction_id))
    tags = await tags_of_row(connection, stored.mappings().one())
    return summary_data(brief_of(row, tags=tags))


async def _replace_lines(
    connection: AsyncConnection, prediction_id: UUID, lines: Sequence[Line], *, store_text: bool
) -> None:
    await connection.execute(
        delete(prediction_text).where(prediction_text.c.prediction_id == prediction_id)
    )
    if store_text:
        stored = {"prediction_id": prediction_id, "lines": to_json(LINES, tuple(lines))}
        await connection.execute(insert(prediction_text), stored)


async def _replace_words(connection: AsyncConnection, prediction_id: UUID, words: Row) -> None:
    """The former words leave the index with the change, as they do with a deletion."""
    await erase_at_once(connection)
    await connection.execute(
        update(prediction_search)
        .where(prediction_search.c.prediction_id == prediction_id)
        .values(**words)
    )
    await erase_remains(connection)

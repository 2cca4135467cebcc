"""Words of deleted records leave the full-text index too, not only its answers.

FTS5 notes a deletion beside the words, until its segments are merged. From SQLite 3.42 on it can
remove them at once; before, a small index is rewritten with the deletion, and for a large one it
is noted in the database that ``forget_remains`` has work to do: in short transactions, and also
after a restart.

Each deletion notes with itself that SQLite's log is to be emptied. While somebody reads it cannot
be, and ``forget_remains`` does it later.

PostgreSQL shows no deleted row from the commit on. VACUUM then gives back its room in tables and
indexes, by autovacuum in time or by ``forget_remains`` at once, where the user of DATABASE_URL
owns the tables; bytes stand in that room until something else is written there, and in backups
and the server's log for as long as its operator keeps these.
"""

from __future__ import annotations

import logging
import sqlite3
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.errors import StorageUnavailable
from ml_service.storage.database import Database
from ml_service.storage.tables import prediction_search, upkeep
from ml_service.storage.upserts import insert_into

log = logging.getLogger(__name__)

HAS_SECURE_DELETE = sqlite3.sqlite_version_info >= (3, 42)

MAX_ENTRIES_TO_REWRITE = 5_000
"""About half a second of work."""

PAGES_IN_ONE_STEP = 500

REMAINS, LOG = "forget_remains", "erase_log"
UNDER_WAY = "under_way"
"""Of a merge; before, a task's state is a mark that no other note of it has."""


async def erase_at_once(connection: AsyncConnection) -> None:
    """Before a deletion: its words shall leave the index's pages with it."""
    if connection.dialect.name == "sqlite" and HAS_SECURE_DELETE:
        await connection.execute(
            text("INSERT INTO prediction_fts(prediction_fts, rank) VALUES ('secure-delete', 1)")
        )


async def erase_remains(connection: AsyncConnection) -> None:
    """After a deletion: what ``erase_at_once`` does not do, and what is left to do is noted."""
    if connection.dialect.name != "sqlite":
        await _note(connection, REMAINS)
        return
    await _note(connection, LOG)
    if not HAS_SECURE_DELETE:
        newest = await connection.scalar(select(func.max(prediction_search.c.entry_id)))
        if (newest or 0) <= MAX_ENTRIES_TO_REWRITE:
            await connection.execute(
                text("INSERT INTO prediction_fts(prediction_fts) VALUES ('optimize')")
            )
        else:
            await _note(connection, REMAINS)


async def note_deleted(connection: AsyncConnection) -> None:
    """With a deletion of what no index of words holds."""
    await _note(connection, LOG if connection.dialect.name == "sqlite" else REMAINS)


async def clear_log(database: Database) -> None:
    """After the commit of a deletion, which stands whatever becomes of this: it is noted."""
    try:
        await _clear_log(database)
    except StorageUnavailable:
        log.warning("the log still holds what was deleted; the sweep empties it")


async def _clear_log(database: Database) -> None:
    state = await _state(database, LOG)
    if state is not None and await database.erase_log():
        await _done(database, LOG, state)


async def _note(connection: AsyncConnection, task: str) -> None:
    """What was deleted since the work began is not part of it: it begins anew."""
    state = uuid4().hex
    statement = insert_into(connection, upkeep).values(task=task, state=state)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["task"], set_={"state": state})
    )


async def _state(database: Database, task: str) -> str | None:
    async with database.reading() as connection:
        state: str | None = await connection.scalar(
            select(upkeep.c.state).where(upkeep.c.task == task)
        )
        return state


async def _done(database: Database, task: str, state: str) -> None:
    """A note that was made meanwhile stays."""
    async with database.writing() as connection:
        await connection.execute(delete(upkeep).where(_is(task, state)))


def _is(task: str, state: str) -> ColumnElement[bool]:
    return and_(upkeep.c.task == task, upkeep.c.state == state)


async def forget_remains(database: Database, *, pages_in_one_step: int = PAGES_IN_ONE_STEP) -> bool:
    """One short step; False while another one is needed. Call it until it returns True.

    A log that somebody reads is left to the next time. Raises StorageUnavailable.
    """
    return await database.finish(_forget(database, pages_in_one_step))


async def _forget(database: Database, pages_in_one_step: int) -> bool:
    await _clear_log(database)
    state = await _state(database, REMAINS)
    if state is None:
        return True
    if database.dialect == "sqlite":
        return await _merge(database, state, pages_in_one_step)
    await database.vacuum()
    await _done(database, REMAINS, state)
    return True


async def _merge(database: Database, state: str, n_pages: int) -> bool:
    """A negative number begins to merge all segments into one, a positive one goes on with it.

    Source: https://sqlite.org/fts5.html#the_merge_command
    """
    pages = n_pages if state == UNDER_WAY else -n_pages
    async with database.writing() as connection:
        before = await connection.scalar(text("SELECT total_changes()")) or 0
        await connection.execute(
            text("INSERT INTO prediction_fts(prediction_fts, rank) VALUES ('merge', :pages)"),
            {"pages": pages},
        )
        after = await connection.scalar(text("SELECT total_changes()")) or 0
        done = after - before < 2 and state == UNDER_WAY
        statement = delete(upkeep) if done else update(upkeep).values(state=UNDER_WAY)
        await connection.execute(statement.where(_is(REMAINS, state)))
        if done:
            await _note(connection, LOG)
    if done:
        await _clear_log(database)
    return done

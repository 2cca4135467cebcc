"""Words of deleted records leave the full-text index too, not only its answers.

FTS5 notes a deletion beside the words, until its segments are merged. From SQLite 3.42 on it can
remove them at once; before, a small index is rewritten with the deletion, and for a large one it
is noted in the database that ``forget_remains`` has work to do: in short transactions, and also
after a restart.

PostgreSQL shows no deleted row from the commit on. VACUUM then gives back its room in tables and
indexes, by autovacuum in time or by ``forget_remains`` at once, where the user of DATABASE_URL
owns the tables; bytes stand in that room until something else is written there, and in backups
and the server's log for as long as its operator keeps these.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.storage.database import Database
from ml_service.storage.tables import prediction_search, upkeep
from ml_service.storage.upserts import insert_into

HAS_SECURE_DELETE = sqlite3.sqlite_version_info >= (3, 42)

MAX_ENTRIES_TO_REWRITE = 5_000
"""About half a second of work."""

PAGES_IN_ONE_STEP = 500

REMAINS = "forget_remains"
DUE, UNDER_WAY = "due", "under_way"


async def erase_at_once(connection: AsyncConnection) -> None:
    """Before a deletion: its words shall leave the index's pages with it."""
    if connection.dialect.name == "sqlite" and HAS_SECURE_DELETE:
        await connection.execute(
            text("INSERT INTO prediction_fts(prediction_fts, rank) VALUES ('secure-delete', 1)")
        )


async def erase_remains(connection: AsyncConnection) -> None:
    """After a deletion, where ``erase_at_once`` does not do it."""
    if connection.dialect.name != "sqlite":
        await _note(connection)
    elif not HAS_SECURE_DELETE:
        newest = await connection.scalar(select(func.max(prediction_search.c.entry_id)))
        if (newest or 0) <= MAX_ENTRIES_TO_REWRITE:
            await connection.execute(
                text("INSERT INTO prediction_fts(prediction_fts) VALUES ('optimize')")
            )
        else:
            await _note(connection)


async def _note(connection: AsyncConnection) -> None:
    """What was deleted since a merge began is not part of it: it begins anew."""
    statement = insert_into(connection, upkeep).values(task=REMAINS, state=DUE)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["task"], set_={"state": DUE})
    )


async def forget_remains(database: Database) -> bool:
    """One short step; False while another one is needed. Call it until it returns True.

    Raises StorageUnavailable.
    """
    return await database.finish(_forget(database))


async def _forget(database: Database) -> bool:
    async with database.reading() as connection:
        state = await connection.scalar(select(upkeep.c.state).where(upkeep.c.task == REMAINS))
    if state is None:
        return True
    if database.dialect == "sqlite":
        return await _merge(database, state)
    async with database.writing() as connection:
        await connection.execute(delete(upkeep).where(upkeep.c.task == REMAINS))
    await database.vacuum()
    return True


async def _merge(database: Database, state: str) -> bool:
    """A negative number begins to merge all segments into one, a positive one goes on with it.

    Source: https://sqlite.org/fts5.html#the_merge_command
    """
    pages = -PAGES_IN_ONE_STEP if state == DUE else PAGES_IN_ONE_STEP
    async with database.writing() as connection:
        before = await connection.scalar(text("SELECT total_changes()")) or 0
        await connection.execute(
            text("INSERT INTO prediction_fts(prediction_fts, rank) VALUES ('merge', :pages)"),
            {"pages": pages},
        )
        after = await connection.scalar(text("SELECT total_changes()")) or 0
        done = after - before < 2 and state == UNDER_WAY
        mine = upkeep.c.task == REMAINS
        statement = delete(upkeep) if done else update(upkeep).values(state=UNDER_WAY)
        await connection.execute(statement.where(mine))
    if done:
        await database.erase_log()
    return done

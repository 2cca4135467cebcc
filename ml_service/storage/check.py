"""Whether a database is whole: its file, its references, every record, and the search.

Nothing is repaired. What is wrong is told by id, never with what stands in a record.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import ForeignKey, Select, TextClause, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.errors import StorageUnavailable
from ml_service.domain.upkeep import Finding, RowWatch
from ml_service.storage.backup import BATCH, count_rows, without_time_limit
from ml_service.storage.database import Database
from ml_service.storage.record_checks import RECORDS, AnyRow, Judge, RecordCheck
from ml_service.storage.schema import all_revisions, full_text_tables, newest, revision_of
from ml_service.storage.tables import metadata

MAX_NAMED = 20


UNREADABLE = "The database gave up reading here: restore a backup."
INDEXED = {"prediction_search": "prediction_fts", "postings": "posting_fts"}
NO_TABLES = "There are no tables of this service."
OLD_TABLES = "The tables are of revision {current}, this version needs {head}: run 'db migrate'."


async def check(database: Database, *, watch: RowWatch) -> tuple[Finding, ...]:
    """Each check reads for itself. The comparison of SQLite's search index holds writers up.

    Raises StorageUnavailable where nothing at all can be read.
    """
    schema = await _schema(database)
    if not schema.ok:
        return (schema,)
    async with database.reading() as connection:
        watch.started(await count_rows(connection, [records.table for records in RECORDS]))
    findings = [schema]
    if database.dialect == "sqlite":
        findings += [await _file(database), await _full_text(database)]
    else:
        findings += [await _index_rows(database)]
    findings += [
        await _references(database, key)
        for table in metadata.sorted_tables
        for key in table.foreign_keys
    ]
    findings += [await _records(database, records, watch) for records in RECORDS]
    return tuple(findings)


async def _schema(database: Database) -> Finding:
    scripts = await asyncio.to_thread(all_revisions)
    async with database.reading() as connection:
        current = await connection.run_sync(lambda sync: revision_of(sync, scripts))
    if current == newest(scripts):
        return Finding("schema revision", 1)
    problem = OLD_TABLES.format(current=current, head=newest(scripts)) if current else NO_TABLES
    return Finding("schema revision", 1, 1, (problem,))


async def _file(database: Database) -> Finding:
    """Source: https://sqlite.org/pragma.html#pragma_integrity_check"""
    try:
        async with database.reading() as connection:
            statement = text(f"PRAGMA integrity_check({MAX_NAMED})")
            found = (await connection.scalars(statement)).all()
    except StorageUnavailable:
        return Finding("database file", 1, 1, (UNREADABLE,))
    problems = tuple(str(line) for line in found if line != "ok")
    return Finding("database file", 1, len(problems), problems)


async def _full_text(database: Database) -> Finding:
    """Source: https://sqlite.org/fts5.html#the_integrity_check_command"""
    async with database.reading() as connection:
        indexes = await connection.run_sync(full_text_tables)
    problems: list[str] = []
    for index in indexes:
        try:
            async with database.writing() as connection:
                await connection.execute(_comparison(index))
        except StorageUnavailable:
            problems.append(f"{index} does not match what it indexes.")
    return Finding("search index", len(indexes), len(problems), tuple(problems))


async def _index_rows(database: Database) -> Finding:
    """PostgreSQL keeps its own index whole; triggers keep a row of words for each entry."""
    problems: list[str] = []
    for table, index in INDEXED.items():
        async with database.reading() as connection:
            await without_time_limit(connection)
            n_apart = await connection.scalar(_unmatched(table, index))
        if n_apart:
            problems.append(f"{index} and {table} differ in {n_apart:,} entries.")
    return Finding("search index", len(INDEXED), len(problems), tuple(problems))


def _unmatched(table: str, index: str) -> TextClause:
    return text(
        f"SELECT count(*) FROM {table} AS entry FULL JOIN {index} AS words USING (entry_id) "  # noqa: S608 - constants above
        "WHERE entry.entry_id IS NULL OR words.entry_id IS NULL"
    )


def _comparison(index: str) -> TextClause:
    return text(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 - a table's name


async def _references(database: Database, key: ForeignKey) -> Finding:
    """Rows whose prediction or interview is gone."""
    child, parent = key.parent, key.column
    name = f"references of {child.table.name}"
    lost = (
        select(child)
        .outerjoin_from(child.table, parent.table, child == parent)
        .where(child.is_not(None), parent.is_(None))
    )
    try:
        async with database.reading() as connection:
            await without_time_limit(connection)
            n_checked = await count_rows(connection, [child.table])
            n_lost = await connection.scalar(select(func.count()).select_from(lost.subquery()))
            named = (await connection.scalars(lost.limit(MAX_NAMED))).all()
    except StorageUnavailable:
        return Finding(name, 0, 1, (UNREADABLE,))
    kind = parent.table.name.removesuffix("s")
    problems = tuple(f"{record_id}: there is no such {kind}" for record_id in named)
    return Finding(name, n_checked, n_lost or 0, problems)


async def _records(database: Database, records: RecordCheck, watch: RowWatch) -> Finding:
    n_checked, wrong = 0, list[str]()
    try:
        async with database.reading() as connection:
            await without_time_limit(connection)
            async for batch in _batches(connection, records.statement):
                wrong += await asyncio.to_thread(_wrong, batch, records.judge)
                n_checked += len(batch)
                watch.advanced(len(batch))
    except StorageUnavailable:
        wrong.append(UNREADABLE)
    return Finding(records.name, n_checked, len(wrong), tuple(wrong[:MAX_NAMED]))


async def _batches(
    connection: AsyncConnection, statement: Select[Any]
) -> AsyncIterator[Sequence[AnyRow]]:
    result = await connection.stream(statement)
    async for batch in result.partitions(BATCH):
        yield batch


def _wrong(batch: Sequence[AnyRow], judge: Judge) -> list[str]:
    return [str(row[0]) for row in batch if not judge(row)]

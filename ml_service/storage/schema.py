"""The tables as a database has them at this moment, at whatever revision it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError

from ml_service.domain.errors import StorageUnavailable
from ml_service.storage.tables import metadata

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

MISSING = "There is no database here yet. Look at DATABASE_URL and DATA_DIR."
SCRIPTS = Path(__file__).parent / "migrations"

NEWER = (
    "The database was made by a newer version of this service (revision {revision}). "
    "Install that version, or set DATABASE_URL to another database."
)
FOREIGN = (
    "The database holds tables of another program under the names that this service uses. "
    "Set DATABASE_URL to another database."
)
EMPTY = "This database holds no tables of this service yet. Look at DATABASE_URL and DATA_DIR."

# They say how things stood at one moment: what a board's quota was, what a caller had used up,
# which answers of a board were fresh, who was erased a moment ago. A later moment makes them anew.
# Keys of requests are kept: a caller who asks again after a restore shall get the answer that he
# was promised.
MOMENTARY = frozenset({"job_cache", "board_quota", "rate_counters", "erased_users", "upkeep"})

_FULL_TEXT = re.compile(r"CREATE VIRTUAL TABLE \S+ USING fts5\(", re.IGNORECASE)
_PORTABLE = (Boolean, DateTime, Float, Integer, String)


def refuse_missing_file(url: str) -> None:
    """Opening it would make it. Raises StorageUnavailable where SQLite's file is not there yet."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return  # opening says what is wrong with it
    is_file = parsed.get_backend_name() == "sqlite" and bool(parsed.database)
    if is_file and not Path(parsed.database or "").exists():
        raise StorageUnavailable(MISSING)


def is_at(connection: Connection, revision: str) -> bool:
    """As nearly every start finds it: told without Alembic, which takes time to import."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    stated = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return stated == [revision]


def newest_by_name() -> str:
    """The files are named r0001_..., r0002_... in their order."""
    return max(file.name for file in (SCRIPTS / "versions").glob("r*.py"))[1:5]


def all_revisions() -> ScriptDirectory:
    """Read from their files once and for all, so that no event loop waits for one later."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - where tables are to be made

    scripts = ScriptDirectory(str(SCRIPTS))
    scripts.get_current_head()
    return scripts


def newest(scripts: ScriptDirectory) -> str:
    return str(scripts.get_current_head())


def revision_of(connection: Connection, scripts: ScriptDirectory) -> str | None:
    """None for a database without tables. Raises StorageUnavailable for one that is newer than
    this code or of another program.
    """
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 - as above

    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        if set(metadata.tables) & set(inspect(connection).get_table_names()):
            raise StorageUnavailable(FOREIGN)
        return None
    if current not in {script.revision for script in scripts.walk_revisions()}:
        raise StorageUnavailable(NEWER.format(revision=current))
    return current


def upgrade_to(connection: Connection, scripts: ScriptDirectory, revision: str) -> None:
    """Each missing revision in turn, in the transaction of the caller."""
    from alembic.operations import Operations  # noqa: PLC0415 - as above
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 - as above

    context = MigrationContext.configure(connection)
    current = revision_of(connection, scripts)
    missing = list(scripts.iterate_revisions(revision, current or "base"))
    with Operations.context(context):
        for script in reversed(missing):
            script.module.upgrade()
    if missing:
        context.stamp(scripts, revision)


def lasting_tables(connection: Connection) -> list[Table]:
    """What a backup holds, each table after those that it refers to."""
    there = set(inspect(connection).get_table_names())
    wanted = [name for name in metadata.tables if name in there and name not in MOMENTARY]
    found = MetaData()
    found.reflect(bind=connection, only=wanted)
    return [table for table in found.sorted_tables if table.name in wanted]


def full_text_tables(connection: Connection) -> list[str]:
    """SQLite's indexes of words, by name; they keep no rows of their own."""
    statement = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    found = connection.exec_driver_sql(statement).all()
    return [name for name, sql in found if sql and _FULL_TEXT.match(sql)]


def lasting_columns(table: Table) -> list[Column[object]]:
    """Without what one kind of database computes for itself, as its index of words. In the same
    order on each: where a column was added later, databases have it in places of their own.
    """
    known = list(metadata.tables[table.name].columns.keys())
    lasting = [
        column
        for column in table.columns
        if isinstance(column.type, _PORTABLE) and column.computed is None
    ]
    return sorted(
        lasting, key=lambda one: known.index(one.name) if one.name in known else len(known)
    )

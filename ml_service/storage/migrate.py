"""Bring a database to the tables that this code needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from ml_service.domain.errors import StorageUnavailable
from ml_service.storage.database import Database
from ml_service.storage.tables import metadata

SCRIPTS = Path(__file__).parent / "migrations"

NEWER = (
    "The database was made by a newer version of this service (revision {revision}). "
    "Install that version, or set DATABASE_URL to another database."
)
FOREIGN = (
    "The database holds tables of another program under the names that this service uses. "
    "Set DATABASE_URL to another database."
)
BROKEN_REFERENCES = "The migrated database lost rows that others refer to; it was left as it was."


async def migrate(database: Database) -> str:
    """Upgrade to the newest revision, all or nothing, one process at a time; returns it.

    Raises StorageUnavailable for a database newer than this code or of another program.
    """
    return await database.migrate(_upgrade)


def _upgrade(connection: Connection) -> str:
    config = Config()
    # A % in the path would be read as the beginning of a substitution.
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    if head is None:
        message = "This installation lacks its migrations. Install it again."
        raise StorageUnavailable(message)
    current = _current(connection, scripts)
    if current != head:
        command.upgrade(config, "head")
        _check_references(connection)
    return head


def _current(connection: Connection, scripts: ScriptDirectory) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        if set(metadata.tables) & set(inspect(connection).get_table_names()):
            raise StorageUnavailable(FOREIGN)
        return None
    if current not in {script.revision for script in scripts.walk_revisions()}:
        raise StorageUnavailable(NEWER.format(revision=current))
    return current


def _check_references(connection: Connection) -> None:
    """Foreign keys are off while SQLite rebuilds tables, so they are looked at afterwards."""
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StorageUnavailable(BROKEN_REFERENCES)

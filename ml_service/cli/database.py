"""``db migrate | backup | restore | check``."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ml_service.bootstrap.database import open_database
from ml_service.cli.database_view import backup_view, check_view
from ml_service.cli.new_file import new_file
from ml_service.cli.progress import watched
from ml_service.database_upkeep import (
    back_up_database,
    check_database,
    restore_database,
    verify_backup,
)
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.upkeep import Finding, Manifest
from ml_service.settings import Settings

commands = typer.Typer(
    help="The database: bring it up to date, copy it, put a copy back, look whether it is whole.",
    no_args_is_help=True,
)
errors = Console(stderr=True)

Quiet = Annotated[bool, typer.Option("--quiet", help="no progress")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document")]


@commands.command("migrate")
def migrate() -> None:
    """Bring the database to this version; the service does it by itself when it starts."""
    asyncio.run(_migrate(Settings()))
    Console().print("The database is up to date.")


async def _migrate(settings: Settings) -> None:
    async with open_database(settings):
        pass


@commands.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="the copy, such as history.zip")],
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Copy the whole database into one file, while the service runs.

    The copy holds everything that was acknowledged before it began and nothing by halves, with the
    resumes' text: it is made for its owner alone. It restores into SQLite as well as PostgreSQL,
    whichever it came from. FILE appears when it is complete and on disk; one of that name before is
    replaced then. Left out is what is true for a moment only: cached answers and quota of job
    boards, counters of rate limits; and the search index, which a restore makes anew.
    """
    with (
        new_file(file, field="file") as part,
        watched("rows", console=errors, quiet=quiet) as watch,
    ):
        manifest = asyncio.run(back_up_database(Settings(), part, watch=watch))
    n_bytes = file.stat().st_size
    if as_json:
        typer.echo(json.dumps(_manifest_document(manifest) | {"bytes": n_bytes}))
    else:
        Console().print(backup_view(manifest, file, n_bytes=n_bytes))


@commands.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="made by 'db backup'")],
    replace: Annotated[
        bool, typer.Option("--replace", help="delete what the database holds now, after asking")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask before deleting")] = False,
    quiet: Quiet = False,
) -> None:
    """Put a copy into the database that DATABASE_URL names: all of it or nothing.

    First the whole file is read and every sum compared: a copy that is damaged, cut off or of a
    newer version is refused before the database is touched. A database that holds rows is refused
    unless --replace is given. What was written is read back and compared before it counts. Stop the
    service before: it would answer 503 meanwhile. A copy of an older version goes into a new
    database and is brought up to date there.
    """
    manifest = _verified(file, quiet=quiet)
    if replace and not yes:
        _ask_before_deleting()
    with watched("rows written and compared", console=errors, quiet=quiet) as watch:
        asyncio.run(restore_database(Settings(), file, manifest, replace_rows=replace, watch=watch))
    made = manifest.created_at.isoformat(timespec="seconds")
    Console().print(f"Restored {manifest.n_rows:,} rows as they were at {made}.", highlight=False)


def _verified(file: Path, *, quiet: bool) -> Manifest:
    if quiet:
        return verify_backup(file)
    with errors.status("Reading the copy and comparing its sums ..."):
        return verify_backup(file)


def _ask_before_deleting() -> None:
    """Raises InvalidRequest where nobody can be asked."""
    if not typer.get_text_stream("stdin").isatty():
        message = "Nobody is here to be asked. Give --yes as well to delete what is there."
        raise InvalidRequest(message, field="yes")
    typer.confirm("Delete everything that the database holds now?", abort=True, err=True)


@commands.command("check")
def check(quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Look whether the database is whole: file, references, every record, search. Repairs nothing.

    Exit status 1 when something is wrong; it is named by id, never by what a record holds. It can
    run beside the service; while SQLite's search index is compared, uploads wait (some seconds
    for 100,000 predictions).
    """
    with watched("records", console=errors, quiet=quiet) as watch:
        findings = asyncio.run(check_database(Settings(), watch=watch))
    if as_json:
        typer.echo(json.dumps([_finding_document(finding) for finding in findings]))
    else:
        Console().print(check_view(findings))
    raise typer.Exit(code=0 if all(finding.ok for finding in findings) else 1)


def _manifest_document(manifest: Manifest) -> dict[str, object]:
    return asdict(manifest) | {"created_at": manifest.created_at.isoformat()}


def _finding_document(finding: Finding) -> dict[str, object]:
    return asdict(finding) | {"ok": finding.ok}

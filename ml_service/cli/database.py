"""``db migrate``."""

from __future__ import annotations

import asyncio

import typer
from rich.console import Console

from ml_service.bootstrap import open_database
from ml_service.settings import Settings

commands = typer.Typer(help="The database.", no_args_is_help=True)


@commands.callback()
def _database() -> None:
    """Makes ``migrate`` a subcommand although it is the only one."""


@commands.command("migrate")
def migrate() -> None:
    """Bring the database to this version; the service does it by itself when it starts."""
    asyncio.run(_migrate(Settings()))
    Console().print("The database is up to date.")


async def _migrate(settings: Settings) -> None:
    async with open_database(settings):
        pass

"""``keys new``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from ml_service.domain.api_keys import InvalidKeys, new_key

commands = typer.Typer(help="Keys for callers of the service.", no_args_is_help=True)

ADVICE = (
    "The key is shown this once and is kept nowhere. Add the entry to API_KEYS (separated by "
    "commas) and start the service anew; give the key to its holder, who sends it as X-API-Key."
)


@commands.callback()
def _keys() -> None:
    """Makes ``new`` a subcommand although it is the only one."""


@commands.command("new")
def new(
    name: Annotated[str, typer.Argument(help="who will hold it; stands in logs and audit trail")],
    scope: Annotated[
        list[str] | None, typer.Option(help="read, write or admin; may be repeated")
    ] = None,
) -> None:
    """Make a key. Prints it and what API_KEYS has to hold of it; writes nothing."""
    errors, lines = Console(stderr=True), Console(soft_wrap=True)
    try:
        secret, key = new_key(name, scope or ["read"])
    except InvalidKeys as refused:
        errors.print(f"[red]refused[/]: {refused}", highlight=False)
        raise typer.Exit(code=1) from refused
    lines.print(f"key:   {secret}", highlight=False, markup=False)
    lines.print(f"entry: {key.entry}", highlight=False, markup=False)
    errors.print(ADVICE, highlight=False)

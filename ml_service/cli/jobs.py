"""``jobs import``: postings into the local index."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ml_service.bootstrap.posting_import import PostingsImported, import_posting_file
from ml_service.settings import Settings

commands = typer.Typer(help="Postings of the local index.", no_args_is_help=True)
console = Console()


@commands.callback()
def _jobs() -> None:
    """Makes ``import`` a subcommand although it is the only one."""


@commands.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, JSON or JSONL")],
) -> None:
    """Read job adverts; those with a known id are replaced, so a second import adds nothing."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.completed:,} postings"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as bar:
        task = bar.add_task("import", total=None)
        imported = asyncio.run(
            import_posting_file(Settings(), file, progress=lambda count: bar.advance(task, count))
        )
    _report(imported)


def _report(imported: PostingsImported) -> None:
    n_skipped = sum(imported.skipped.values())
    console.print(
        f"{imported.n_read:,} read: {imported.n_new:,} new, "
        f"{imported.n_read - n_skipped - imported.n_new:,} known already, {n_skipped:,} left out."
    )
    for reason, count in imported.skipped.items():
        console.print(f"  left out {count:,}: {reason}", highlight=False)
    for warning in imported.warnings:
        console.print(f"  [yellow]{warning}[/]", highlight=False)

"""The commands and how their failures are told."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError
from rich.console import Console

from ml_service.cli import database, evaluate, jobs, predict, serve
from ml_service.domain.errors import ServiceError

commands = typer.Typer(
    name="ml_service",
    help="Career paths, ATS score and jobs from resumes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
commands.command("serve")(serve.serve)
commands.command("predict")(predict.predict)
commands.command("evaluate")(evaluate.evaluate)
commands.add_typer(jobs.commands, name="jobs")
commands.add_typer(database.commands, name="db")


def main() -> None:
    """Exit status 1 with a sentence when something is refused; 2 for a wrong command line."""
    errors = Console(stderr=True)
    try:
        commands()
    except ServiceError as error:
        errors.print(f"[red]{error.code}[/]: {error.message}", highlight=False)
        sys.exit(1)
    except ValidationError as wrong:
        for problem in wrong.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            errors.print(f"[red]setting {name}[/]: {problem['msg']}", highlight=False)
        sys.exit(1)

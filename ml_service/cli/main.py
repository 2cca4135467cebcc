"""The commands and how their failures are told."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from ml_service.cli import (
    bulk,
    database,
    evaluate,
    history,
    jobs,
    keys,
    models,
    predict,
    serve,
    train,
)
from ml_service.domain.errors import ServiceError

commands = typer.Typer(
    name="ml_service",
    help="Career paths, ATS score and jobs from resumes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # paragraphs of help then fill the width
)
commands.command("serve")(serve.serve)
commands.command("predict")(predict.predict)
commands.command("bulk")(bulk.bulk)
commands.command("evaluate")(evaluate.evaluate)
commands.command("train")(train.train)
commands.add_typer(models.commands, name="models")
commands.add_typer(jobs.commands, name="jobs")
commands.add_typer(history.commands, name="history")
commands.add_typer(database.commands, name="db")
commands.add_typer(keys.commands, name="keys")


def main() -> None:
    """Exit status 1 with a sentence when something is refused; 2 for a wrong command line."""
    errors = Console(stderr=True)
    try:
        commands()
    except ServiceError as error:
        said = f"[red]{error.code}[/]: {escape(error.message)}"
        errors.print(said, highlight=False, soft_wrap=True)
        sys.exit(1)
    except ValidationError as wrong:
        for problem in wrong.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            errors.print(f"[red]setting {name}[/]: {problem['msg']}", highlight=False)
        sys.exit(1)

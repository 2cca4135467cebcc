"""The command line around its commands, and how their failures are told."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer
from pydantic import ValidationError

from ml_service.domain.errors import ServiceError
from ml_service.settings import wrong_settings

if TYPE_CHECKING:
    from rich.console import Console


def command_line() -> typer.Typer:
    """Without a command yet."""
    return typer.Typer(
        name="ml_service",
        help="Career paths, ATS score and jobs from resumes.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",  # paragraphs of help then fill the width
    )


def run(commands: typer.Typer) -> None:
    """Exit status 1 with a sentence when something is refused; 2 for a wrong command line."""
    try:
        commands()
    except ServiceError as error:
        from rich.markup import escape  # noqa: PLC0415 - as below

        said = f"[red]{error.code}[/]: {escape(error.message)}"
        errors().print(said, highlight=False, soft_wrap=True)
        sys.exit(1)
    except ValidationError as wrong:
        for name, problem in wrong_settings(wrong):
            errors().print(f"[red]setting {name}[/]: {problem}", highlight=False)
        sys.exit(1)


def errors() -> Console:
    from rich.console import Console  # noqa: PLC0415 - a start that goes well needs none

    return Console(stderr=True)

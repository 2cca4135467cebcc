"""``interview FILE``: one transcript scored, and nothing kept."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ml_service.bootstrap.interviews import reading_interviews
from ml_service.cli.interview_file import read_interview_file
from ml_service.cli.interview_view import interview_view
from ml_service.contract.interviews import report_out
from ml_service.domain.interview import InterviewReport
from ml_service.settings import Settings
from ml_service.use_cases.score_interview import AskedInterview

File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, readable=True, help="transcript as JSON or text"),
]
Candidate = Annotated[
    str | None, typer.Option(help="the speaker who is scored, where it is not 'Candidate'")
]

output = Console()
progress = Console(stderr=True)


def interview(
    file: File,
    as_json: Annotated[bool, typer.Option("--json", help="the report as JSON")] = False,
    candidate: Candidate = None,
) -> None:
    """Score the transcript of an interview: feedback for who practises, not for selection.

    JSON is a list of {speaker, content}, or {transcript, rubric, job, candidate}. Text has a line
    for each turn that begins with "Interviewer:" or "Candidate:"; with --candidate NAME each line
    that begins with somebody's name and a colon is a turn.
    """
    asked = read_interview_file(file, candidate=candidate)
    report = asyncio.run(_report(Settings(), asked))
    if as_json:
        typer.echo(report_out(report).model_dump_json())
    else:
        output.print(interview_view(report, title=file.name))


async def _report(settings: Settings, asked: AskedInterview) -> InterviewReport:
    """Raises InvalidRequest, TooLarge, ModelUnavailable or InterviewServiceUnavailable."""
    with progress.status("Loading the model ..."):
        async with reading_interviews(settings) as read:
            return await read(asked)

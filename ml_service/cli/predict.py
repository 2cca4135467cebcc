"""``predict FILE...``: the same journey as an upload, on the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ml_service.bootstrap.service import Service, running_service
from ml_service.cli.prediction_view import prediction_view
from ml_service.contract.base import USER_ID_MAX, is_plain_line
from ml_service.contract.prediction import prediction_out
from ml_service.domain.errors import ServiceError, TooLarge
from ml_service.domain.prediction import Prediction
from ml_service.settings import Settings
from ml_service.use_cases.analyse_resume import ResumeUpload
from ml_service.use_cases.match_jobs import JobPlace
from ml_service.use_cases.submit_resume import submission_of

Files = Annotated[
    list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="PDF or DOCX")
]


def _known_later(user_id: str | None) -> str | None:
    """A user whom no address can name could not be listed or erased."""
    if user_id is not None and not (is_plain_line(user_id) and len(user_id) <= USER_ID_MAX):
        message = f"must be text in one line of at most {USER_ID_MAX} characters"
        raise typer.BadParameter(message)
    return user_id


UserId = Annotated[
    str | None, typer.Option("--user", help="whose history it joins", callback=_known_later)
]

Model = Annotated[str | None, typer.Option(help="model_id; default: DEFAULT_MODEL")]

output = Console()
progress = Console(stderr=True)


def predict(
    files: Files,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document a line")] = False,
    user_id: UserId = None,
    model: Model = None,
) -> None:
    """Analyse resumes and keep the results, as an upload does. Exit status 1 if one failed."""
    show = _show_json if as_json else _show_view
    n_failed = 0
    for file, outcome in asyncio.run(
        _predict_all(Settings(), files, user_id=user_id, model_id=model)
    ):
        if isinstance(outcome, ServiceError):
            n_failed += 1
            said = escape(f"{file}: {outcome.message}")
            progress.print(f"[red]{outcome.code}[/] {said}", highlight=False)
        else:
            show(outcome)
    raise typer.Exit(code=1 if n_failed else 0)


async def _predict_all(
    settings: Settings, files: Sequence[Path], *, user_id: str | None, model_id: str | None
) -> list[tuple[Path, Prediction | ServiceError]]:
    """Raises ModelNotFound, ModelUnavailable or WeightsMismatch before a file is read."""
    outcomes: list[tuple[Path, Prediction | ServiceError]] = []
    with progress.status("Loading the model ...") as status:
        async with running_service(settings) as service:
            await service.engine.models.get(model_id)
            for file in files:
                status.update(f"Reading {escape(file.name)} ...")
                outcome = await _predict(
                    service, file, settings, user_id=user_id, model_id=model_id
                )
                outcomes.append((file, outcome))
    return outcomes


async def _predict(
    service: Service,
    file: Path,
    settings: Settings,
    *,
    user_id: str | None,
    model_id: str | None,
) -> Prediction | ServiceError:
    try:
        begun_at = datetime.now(UTC)
        content = await asyncio.to_thread(_read_bounded, file, settings.max_upload_bytes)
        upload = ResumeUpload(
            content=content,
            filename=file.name,
            document_date=begun_at.date(),
            model=model_id,
        )
        submission = await submission_of(
            upload, user_id=user_id, place=JobPlace(), begun_at=begun_at
        )
        submitted = await service.submit_resume(submission)
    except ServiceError as refusal:
        return refusal
    return submitted.prediction


def _read_bounded(file: Path, max_bytes: int) -> bytes:
    """Raises TooLarge before the file is read."""
    if file.stat().st_size > max_bytes:
        raise TooLarge
    return file.read_bytes()


def _show_json(prediction: Prediction) -> None:
    typer.echo(prediction_out(prediction).model_dump_json())


def _show_view(prediction: Prediction) -> None:
    output.print(prediction_view(prediction))

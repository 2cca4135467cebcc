"""``history``: what was recorded, into one table; ``rescore`` has a module of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ml_service.bootstrap.database import recorded_history
from ml_service.cli.progress import shown_progress
from ml_service.cli.rescore import rescore
from ml_service.cli.result_columns import history_columns, prediction_document, prediction_row
from ml_service.cli.result_files import (
    RowWriter,
    check_results_file,
    holds_documents,
    new_results,
)
from ml_service.contract.text import lines_out
from ml_service.domain.document import Line
from ml_service.domain.prediction import Prediction, PredictionFilter
from ml_service.settings import Settings
from ml_service.use_cases.browse_history import BrowseHistory

Lines = tuple[Line, ...] | None
Exported = tuple[Prediction, Lines]
Show = Callable[[Prediction, Lines], dict[str, object]]

BATCH = 100
TIME_HELP = "2026-03-01 or 2026-03-01T12:00:00Z, in UTC if no zone is given"
TIME_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]

Out = Annotated[Path, typer.Option(help="FILE.csv, FILE.jsonl or FILE.parquet (needs pyarrow)")]
UserId = Annotated[str | None, typer.Option("--user", help="only this user's predictions")]
CareerPath = Annotated[str | None, typer.Option(help="only those whose best is this")]
SocCode = Annotated[str | None, typer.Option(help="only this O*NET-SOC code")]
Model = Annotated[str | None, typer.Option(help="only those of this model_id")]
Tag = Annotated[str | None, typer.Option(help="only those with this tag")]
CreatedAfter = Annotated[
    datetime | None,
    typer.Option(formats=TIME_FORMATS, metavar="TIME", help=f"from here on: {TIME_HELP}"),
]
CreatedBefore = Annotated[
    datetime | None,
    typer.Option(formats=TIME_FORMATS, metavar="TIME", help="up to here, not included"),
]
WithText = Annotated[
    bool, typer.Option("--with-text", help="also the lines of the resumes, where kept")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="no progress")]

commands = typer.Typer(help="What was recorded.", no_args_is_help=True)
errors = Console(stderr=True)


commands.command("rescore")(rescore)


@commands.command("export")
def export(
    out: Out,
    user_id: UserId = None,
    career_path: CareerPath = None,
    soc_code: SocCode = None,
    model: Model = None,
    tag: Tag = None,
    created_after: CreatedAfter = None,
    created_before: CreatedBefore = None,
    with_text: WithText = False,
    quiet: Quiet = False,
) -> None:
    """Write what was recorded into one file, newest first, one row a prediction.

    JSON Lines holds every field of the HTTP contract, with what each resume says of its person;
    CSV and Parquet a row of columns without name and contact data. The file is made for its owner
    alone and appears when it is complete. In CSV, text that a spreadsheet would take for a
    formula begins with an apostrophe. It can run beside the service; what is recorded after the
    beginning may be missing. For a copy to restore from, use 'db backup'.
    """
    check_results_file(out, field="out")
    where = PredictionFilter(
        user_id=user_id,
        career_path=career_path,
        soc_code=soc_code,
        model_id=model,
        tag=tag,
        created_after=_in_utc(created_after),
        created_before=_in_utc(created_before),
    )
    columns = history_columns(with_text=with_text)
    with new_results(out, columns, field="out") as rows:
        show = _show(out, with_text=with_text)
        written = _export(Settings(), where, rows, show=show, with_text=with_text, quiet=quiet)
        n_written = asyncio.run(written)
    if not quiet:
        said = f"Written: {n_written:,} predictions to {out}"
        Console().print(said, highlight=False, markup=False, soft_wrap=True)


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


async def _export(
    settings: Settings,
    where: PredictionFilter,
    rows: RowWriter,
    *,
    show: Show,
    with_text: bool,
    quiet: bool,
) -> int:
    """How many were written. A batch at a time is written off the loop."""
    n_written = 0
    with shown_progress("predictions", total=None, console=errors, quiet=quiet) as advance:
        async with recorded_history(settings) as history:
            async for batch in _batches(_records(history, where, with_text=with_text)):
                await asyncio.to_thread(_write, rows, batch, show)
                n_written += len(batch)
                advance(len(batch))
    return n_written


async def _records(
    history: BrowseHistory, where: PredictionFilter, *, with_text: bool
) -> AsyncIterator[Exported]:
    """Lines are read only where they are asked for; None where they were not kept."""
    if with_text:
        async for record in history.records(where):
            yield record.prediction, record.lines
    else:
        async for prediction in history.everything(where):
            yield prediction, None


async def _batches(records: AsyncIterator[Exported]) -> AsyncIterator[list[Exported]]:
    batch: list[Exported] = []
    async for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _write(rows: RowWriter, batch: Sequence[Exported], show: Show) -> None:
    for prediction, lines in batch:
        rows.write(show(prediction, lines))


def _row(prediction: Prediction, lines: Lines) -> dict[str, object]:
    text = None if lines is None else "\n".join(line.text for line in lines)
    return {**prediction_row(prediction), "text": text}


def _document(prediction: Prediction, _: Lines) -> dict[str, object]:
    return prediction_document(prediction)


def _document_with_lines(prediction: Prediction, lines: Lines) -> dict[str, object]:
    """``lines`` as GET /predictions/{id}/text gives them, or null where none were kept."""
    shown = [out.model_dump(mode="json") for out in lines_out(lines or ())]
    return {**prediction_document(prediction), "lines": None if lines is None else shown}


def _show(out: Path, *, with_text: bool) -> Show:
    if not holds_documents(out):
        return _row
    return _document_with_lines if with_text else _document

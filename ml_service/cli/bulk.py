"""``bulk FOLDER``: every resume of a folder into one table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ml_service.cli.bulk_journal import BulkJournal, conditions_of, journal_beside
from ml_service.cli.bulk_view import bulk_view
from ml_service.cli.bulk_worker import BulkTask
from ml_service.cli.free_machine import free_memory_bytes, n_processors
from ml_service.cli.progress import shown_progress
from ml_service.cli.result_columns import AnswerShape, bulk_columns
from ml_service.cli.result_files import check_results_file, holds_documents, new_results
from ml_service.cli.worker_process import EXCHANGED, WorkerProcess
from ml_service.domain.errors import InvalidRequest, ModelUnavailable
from ml_service.settings import Settings
from ml_service.use_cases.analyse_folder import AnalyseFolder, BulkTally, FileOutcome
from ml_service.use_cases.find_documents import FoundDocuments, find_documents

INTERRUPTED = 130
WORKER_MEMORY_BYTES = 1_300_000_000
MAX_JOB_DESCRIPTION_BYTES = 1_000_000

Folder = Annotated[
    Path, typer.Argument(exists=True, file_okay=False, help="folder of PDF and DOCX files")
]
Out = Annotated[
    Path, typer.Option(help="results: FILE.csv, FILE.jsonl or FILE.parquet (needs pyarrow)")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="processes, about 1.3 GB each; default: one a processor")
]
DocumentDate = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="DATE",
        help='decides what "present" means; default: the day it is read',
    ),
]
Model = Annotated[str | None, typer.Option(help="model_id; default: DEFAULT_MODEL")]
JobDescription = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="text file; adds how each resume meets it"),
]
WithContact = Annotated[
    bool, typer.Option("--with-contact", help="CSV, Parquet: also name, e-mail, phone, location")
]
Strict = Annotated[bool, typer.Option("--strict", help="exit status 1 when a file gave no result")]
Quiet = Annotated[bool, typer.Option("--quiet", help="no progress, no summary")]

errors = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class BulkRun:
    """What the command was asked."""

    folder: Path
    out: Path
    task: BulkTask
    n_workers: int
    quiet: bool
    keep_stderr: bool


def bulk(
    folder: Folder,
    out: Out,
    workers: Workers = None,
    document_date: DocumentDate = None,
    model: Model = None,
    job_description: JobDescription = None,
    with_contact: WithContact = False,
    strict: Strict = False,
    quiet: Quiet = False,
) -> None:
    """Analyse every PDF and DOCX of a folder, at any depth, into one table: one row a file.

    Run it again to go on where it stopped: FILE.journal beside the results says what is done, and
    a file that changed, another model or another parser is done anew. Ctrl-C writes what there is.
    A file that is refused or cannot be read gets a row with error_code and error, and never ends
    the run. Nothing is recorded in the history, and no job board is asked.

    CSV and Parquet leave names and contact data out unless --with-contact is given; JSON Lines
    holds the whole answer of the HTTP contract, with what the resume says of its person. All
    files are made for their owner alone. In CSV, text that a spreadsheet would take for a formula
    begins with an apostrophe.

    Exit status: 0 when every file was tried, 1 when nothing could run, 130 after Ctrl-C.
    """
    check_results_file(out, field="out")
    task = BulkTask(
        shape=_shape(out, with_contact=with_contact),
        model_id=model,
        document_date=document_date.date() if document_date else None,
        job_description=_text_of(job_description),
    )
    n_workers = n_workers_within(free_memory_bytes(), asked=workers)
    keep_stderr = Settings().log_level == "DEBUG"
    tally, interrupted = _run(BulkRun(folder, out, task, n_workers, quiet, keep_stderr))
    if interrupted:
        raise typer.Exit(code=INTERRUPTED)
    raise typer.Exit(code=1 if strict and tally.n_unhappy else 0)


def _shape(out: Path, *, with_contact: bool) -> AnswerShape:
    if holds_documents(out):
        return "document"
    return "row with contact" if with_contact else "row"


def _text_of(job_description: Path | None) -> str | None:
    """Raises InvalidRequest for a file that is not text."""
    if job_description is None:
        return None
    try:
        with job_description.open("rb") as stream:
            content = stream.read(MAX_JOB_DESCRIPTION_BYTES + 1)
        if len(content) > MAX_JOB_DESCRIPTION_BYTES:
            raise InvalidRequest("The job description is too long.", field="job_description")
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{job_description} cannot be read as text in UTF-8."
        raise InvalidRequest(message, field="job_description") from error


def n_workers_within(free_bytes: int | None, *, asked: int | None) -> int:
    """At most as many as the free memory holds, where it is known, and says so."""
    wanted = asked or n_processors()
    fitting = wanted if free_bytes is None else max(1, free_bytes // WORKER_MEMORY_BYTES)
    if fitting < wanted:
        errors.print(
            f"{fitting} of {wanted} workers: each needs about "
            f"{WORKER_MEMORY_BYTES / 1e9:.1f} GB, and {(free_bytes or 0) / 1e9:.1f} GB are free.",
            highlight=False,
        )
    return min(wanted, fitting)


def _run(run: BulkRun) -> tuple[BulkTally, bool]:
    """The tally, and whether Ctrl-C ended it. Raises ServiceError when nothing could run."""
    found = _found(run)
    tally = BulkTally(total=len(found.files))
    interrupted = False
    with BulkJournal(journal_beside(run.out)) as journal:
        try:
            asyncio.run(_analyse(run, found, journal, tally))
        except KeyboardInterrupt:
            interrupted = True
        finally:
            if journal.begun:
                _write_results(run, found, journal)
    if not run.quiet:
        Console().print(bulk_view(tally, found, run.out, interrupted=interrupted))
    return tally, interrupted


def _found(run: BulkRun) -> FoundDocuments:
    """Raises InvalidRequest when there is nothing to do, or the results are somebody else's."""
    if run.out.exists() and not journal_beside(run.out).exists():
        message = f"{run.out} exists and is not from a bulk run. Delete it, or name another file."
        raise InvalidRequest(message, field="out")
    found = find_documents(run.folder)
    if not found.files:
        message = f"There is no PDF or DOCX file in {run.folder}."
        raise InvalidRequest(message, field="folder")
    return found


async def _analyse(
    run: BulkRun, found: FoundDocuments, journal: BulkJournal, tally: BulkTally
) -> None:
    n_workers = min(run.n_workers, len(found.files))
    if not run.quiet:
        errors.print(f"{len(found.files):,} files; loading the model in {n_workers} workers ...")
    async with _workers(run, n_workers, journal) as workers:
        analyse = AnalyseFolder(analysts=workers, journal=journal)
        with shown_progress(
            "resumes",
            total=len(found.files),
            console=errors,
            quiet=run.quiet,
            note=lambda: f"{tally.n_unhappy:,} without result",
        ) as advance:
            await analyse(found.files, tally=tally, progress=lambda: advance(1))


@asynccontextmanager
async def _workers(
    run: BulkRun, n_workers: int, journal: BulkJournal
) -> AsyncIterator[Sequence[WorkerProcess]]:
    """All started, and the journal opened for what they are. Raises ModelUnavailable."""
    n_threads = max(1, n_processors() // n_workers)
    workers = [
        WorkerProcess(run.task, n_threads=n_threads, keep_stderr=run.keep_stderr)
        for _ in range(n_workers)
    ]
    try:
        greetings = await asyncio.gather(*(worker.start() for worker in workers))
        if len(set(greetings)) > 1:
            raise ModelUnavailable(EXCHANGED)
        await asyncio.to_thread(journal.begin, conditions_of(run.task, greetings[0]))
        yield workers
        await asyncio.gather(*(worker.close() for worker in workers))
    finally:
        await asyncio.gather(*(worker.kill() for worker in workers))


def _write_results(run: BulkRun, found: FoundDocuments, journal: BulkJournal) -> None:
    """A row for each file that was tried, in the order of their names."""
    names = [file.name for file in found.files]
    columns = bulk_columns(
        with_contact=run.task.shape == "row with contact",
        with_match=run.task.job_description is not None,
    )
    with new_results(run.out, columns, field="out") as rows:
        for outcome in journal.outcomes(names):
            rows.write(_row(outcome))
    journal.forget_others(names)


def _row(outcome: FileOutcome) -> dict[str, object]:
    return {
        "file": outcome.name,
        "sha256": outcome.sha256,
        "status": outcome.status,
        "error_code": outcome.error_code,
        "error": outcome.error,
        **outcome.answer,
        "seconds": outcome.seconds,
    }

"""One process of a bulk run: an engine of its own, a request a line in, an answer a line out.

It ends when its input ends, so that it never outlives the command that started it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter

from ml_service.analysis.profile import PARSER_VERSION
from ml_service.ats.rubric import RUBRIC_VERSION
from ml_service.bootstrap.engine import Engine, running_engine
from ml_service.cli.result_columns import AnswerShape, Row, answer_of
from ml_service.cli.result_files import json_line
from ml_service.domain.errors import DocumentRefused, ServiceError, TooLarge
from ml_service.domain.prediction import Analysis
from ml_service.settings import Settings
from ml_service.use_cases.analyse_folder import FileOutcome, Status
from ml_service.use_cases.analyse_resume import ResumeUpload
from ml_service.use_cases.find_documents import FoundFile

UNREADABLE = "unreadable"
ANALYSIS_FAILED = "analysis_failed"


@dataclass(frozen=True, slots=True)
class BulkTask:
    """What is asked of every file. Without ``document_date`` it is the day of the analysis."""

    shape: AnswerShape
    model_id: str | None = None
    document_date: date | None = None
    job_description: str | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """What decides an answer besides the document and the task; the first line of a worker."""

    model_id: str
    revision: str
    encoder: str
    rubric_version: str
    parser_version: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The first line of a worker that cannot start."""

    code: str
    message: str


TASK: TypeAdapter[BulkTask] = TypeAdapter(BulkTask)
GREETING: TypeAdapter[Hello | Refusal] = TypeAdapter(Hello | Refusal)
OUTCOME: TypeAdapter[FileOutcome] = TypeAdapter(FileOutcome)


def main() -> None:
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what libraries print shall not stand between the answers
        task = TASK.validate_json(sys.stdin.readline())
        try:
            asyncio.run(_serve(task, answers))
        except ServiceError as refusal:
            _say(answers, {"code": refusal.code, "message": refusal.message})
        except BrokenPipeError:
            os._exit(1)  # nobody listens any more


async def _serve(task: BulkTask, answers: BinaryIO) -> None:
    settings = Settings(parse_workers=1)
    if task.model_id is not None:
        settings = settings.model_copy(update={"default_model": task.model_id})
    async with running_engine(settings) as engine:
        _say(answers, asdict(await _hello(engine)))
        while line := await asyncio.to_thread(sys.stdin.readline):
            outcome = await analyse_file(engine, _file(line), task, settings)
            _say(answers, asdict(outcome))


def _file(line: str) -> FoundFile:
    request = json.loads(line)
    return FoundFile(Path(request["path"]), request["name"])


async def _hello(engine: Engine) -> Hello:
    model = (await engine.models.get(None)).ref
    return Hello(
        model_id=model.model_id,
        revision=model.revision,
        encoder=engine.encoder.ref.in_one_line,
        rubric_version=RUBRIC_VERSION,
        parser_version=PARSER_VERSION,
    )


def _say(answers: BinaryIO, value: Row) -> None:
    answers.write(json_line(value))
    answers.flush()


async def analyse_file(
    engine: Engine, file: FoundFile, task: BulkTask, settings: Settings
) -> FileOutcome:
    """The journey of an upload, whatever the file holds; nothing is recorded."""
    draft = _Draft(file.name)
    try:
        content = await asyncio.to_thread(_read_bounded, file.path, settings.max_upload_bytes)
        draft.sha256 = hashlib.sha256(content).hexdigest()
        analysed = await engine.analyse_resume(_upload(file, content, task))
        return draft.analysed(analysed.analysis, answer_of(task.shape)(analysed.analysis))
    except DocumentRefused as refusal:
        return draft.unhappy("refused", refusal.code, refusal.message)
    except ServiceError as failure:
        return draft.unhappy("failed", failure.code, failure.message)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return draft.unhappy("failed", UNREADABLE, f"The file cannot be read: {reason}.")
    except Exception as error:  # noqa: BLE001 - whatever a file provokes costs one row
        message = f"The analysis failed in a way that nobody foresaw ({type(error).__name__})."
        return draft.unhappy("failed", ANALYSIS_FAILED, message)


class _Draft:
    """An outcome in the making: what is known of the file so far, and since when."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._begin = time.perf_counter()
        self.sha256: str | None = None

    def analysed(self, analysis: Analysis, answer: Row) -> FileOutcome:
        reason = analysis.career.abstain_reason
        return FileOutcome(
            self._name, self.sha256, "analysed", self._seconds, abstain_reason=reason, answer=answer
        )

    def unhappy(self, status: Status, code: str, message: str) -> FileOutcome:
        return FileOutcome(
            self._name, self.sha256, status, self._seconds, error_code=code, error=message
        )

    @property
    def _seconds(self) -> float:
        return round(time.perf_counter() - self._begin, 3)


def _upload(file: FoundFile, content: bytes, task: BulkTask) -> ResumeUpload:
    return ResumeUpload(
        content=content,
        filename=file.name.rpartition("/")[2],
        document_date=task.document_date or datetime.now(UTC).date(),
        job_description=task.job_description,
    )


def _read_bounded(path: Path, max_bytes: int) -> bytes:
    """Raises TooLarge before more than that is read, OSError."""
    with path.open("rb") as stream:
        content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise TooLarge
    return content


if __name__ == "__main__":
    main()

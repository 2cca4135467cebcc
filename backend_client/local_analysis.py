"""The service's own analysis in this process, for when the service cannot answer.

The only module that reaches ``ml_service``, and only inside functions: whoever never needs it never
loads it. One engine serves the whole process: a thread with an event loop of its own, and the
worker processes that read documents.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import threading
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from backend_client._calls import Upload
from backend_client.errors import LocalAnalysisUnavailable, StatusError, error_class
from backend_client.types import Prediction

if TYPE_CHECKING:
    from ml_service.bootstrap.engine import Engine
    from ml_service.domain.prediction import Analysis

T = TypeVar("T")

START_TIMEOUT_S, ANALYSIS_TIMEOUT_S = 120.0, 300.0
MISSING = "It needs the service's own packages in this process: pip install '.[local]'."

_STATUS_OF_REFUSAL = {"no_file": 400, "too_large": 413, "unsupported_type": 415}
_NO_RECORD: Mapping[str, None] = dict.fromkeys(("prediction_id", "created_at", "updated_at"))


def analyse_locally(upload: Upload, form: Mapping[str, str]) -> Prediction:
    """What the service would answer, by its use case ``analyse_resume``; nothing is recorded.

    ``form`` as ``POST /predict`` takes it; what concerns jobs has no effect here.

    Blocks; the first call loads the models, which takes seconds. Raises a StatusError for a
    document that the service would refuse as well, LocalAnalysisUnavailable where the packages, the
    model asked for or its files are missing.
    """
    return _running().analyse(upload, form)


class _LocalEngine:
    """The engine in its thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._ready: Future[Engine] = Future()
        threading.Thread(target=self._run, name="backend-client-analysis", daemon=True).start()

    def wait_until_ready(self) -> None:
        """Raises LocalAnalysisUnavailable."""
        try:
            self._ready.result(START_TIMEOUT_S)
        except ImportError as error:
            raise LocalAnalysisUnavailable(
                f"{error.name or 'A package'} is missing. {MISSING}"
            ) from error
        except Exception as error:
            # Whatever keeps the engine from starting: the caller is told of the service's failure.
            raise LocalAnalysisUnavailable(
                f"The engine did not start: {type(error).__name__}."
            ) from error

    def analyse(self, upload: Upload, form: Mapping[str, str]) -> Prediction:
        engine = self._ready.result(0)
        return self._do(_analysed(engine, upload, form))

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        running = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return running.result(ANALYSIS_TIMEOUT_S)
        except TimeoutError:
            running.cancel()
            raise LocalAnalysisUnavailable("The analysis took too long.") from None

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        try:
            from ml_service.bootstrap.engine import running_engine  # noqa: PLC0415 - heavy, optional
            from ml_service.settings import Settings  # noqa: PLC0415 - as above

            async with running_engine(await asyncio.to_thread(Settings)) as engine:
                self._ready.set_result(engine)
                # As long as the process: its end ends the thread, and that the reader processes.
                await asyncio.Event().wait()
        except BaseException as error:
            if not self._ready.done():
                self._ready.set_exception(error)
            else:
                raise


_lock = threading.Lock()
_engine: tuple[int, _LocalEngine] | None = None


def _running() -> _LocalEngine:
    """Of this process: a fork has its parent's memory, but not its threads.

    Raises LocalAnalysisUnavailable; the next call tries again.
    """
    global _engine  # noqa: PLW0603 - one engine for the process is the point
    with _lock:
        if _engine is None or _engine[0] != os.getpid():
            _leave_main_alone()
            started = _LocalEngine()
            started.wait_until_ready()
            _engine = (os.getpid(), started)
        return _engine[1]


def _forget_the_lock() -> None:
    """A fork copies it as it is, also while another thread holds it."""
    global _lock  # noqa: PLW0603 - as above
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_the_lock)


def _leave_main_alone() -> None:
    """Keep the reader processes from running the caller's script once more.

    They import the main module as every spawned process does, and a script without
    ``if __name__ == "__main__"`` would upload again in each of them. Such a script cannot use
    spawned processes itself, so nothing of its own is changed by this.
    """
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None)
    if main is None or file is None or getattr(main, "__spec__", None) is not None:
        return
    with suppress(OSError, UnicodeDecodeError):
        if not re.search(r"\b__name__\b", Path(file).read_text(encoding="utf-8")):
            # multiprocessing passes over a main module of this name: multiprocessing/spawn.py.
            main.__spec__ = ModuleSpec("script.__main__", None, origin=file)


async def _analysed(engine: Engine, upload: Upload, form: Mapping[str, str]) -> Prediction:
    from ml_service.domain.errors import DocumentRefused, InvalidRequest, ServiceError  # noqa: PLC0415
    from ml_service.use_cases.analyse_resume import ResumeUpload  # noqa: PLC0415 - as above

    try:
        analysed = await engine.analyse_resume(
            ResumeUpload(
                content=upload.content,
                filename=upload.filename,
                document_date=_date(form.get("document_date")),
                job_description=form.get("job_description"),
                model_id=form.get("model"),
            )
        )
    except (DocumentRefused, InvalidRequest) as refusal:
        raise _refused(refusal.code, refusal.message) from refusal
    except ServiceError as failure:
        raise LocalAnalysisUnavailable(failure.message, code=failure.code) from failure
    return await asyncio.to_thread(_prediction, analysed.analysis, form.get("user_id"))


def _date(stated: str | None) -> date:
    """Raises InvalidRequestError."""
    if stated is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(stated)
    except ValueError:
        raise _refused("invalid_request", "document_date must be a date.") from None


def _refused(code: str, detail: str) -> StatusError:
    status = _STATUS_OF_REFUSAL.get(code, 422)
    return error_class(status, code)(detail, status=status, code=code)


def _prediction(analysis: Analysis, user_id: str | None) -> Prediction:
    """By the same schema as the service's answers; of the record there is none."""
    from uuid import UUID  # noqa: PLC0415 - beside what it is for

    from ml_service.contract.prediction import prediction_out  # noqa: PLC0415 - heavy, optional
    from ml_service.domain.posting import JobsOutcome  # noqa: PLC0415 - as above
    from ml_service.domain.prediction import Prediction as Recorded  # noqa: PLC0415 - as above

    now = datetime.now(UTC)
    unrecorded = Recorded(
        prediction_id=UUID(int=0),
        user_id=user_id,
        created_at=now,
        updated_at=now,
        fingerprint="",
        analysis=analysis,
        jobs=JobsOutcome(status="unavailable"),
    )
    answer = prediction_out(unrecorded).model_copy(update=dict(_NO_RECORD))
    return Prediction.model_validate_json(answer.model_dump_json())

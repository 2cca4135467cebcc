"""A process of a bulk run as the command sees it: started, asked, and replaced when it dies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress

from ml_service.cli.bulk_worker import GREETING, OUTCOME, TASK, BulkTask, Hello
from ml_service.domain.errors import ModelUnavailable
from ml_service.use_cases.analyse_folder import FileOutcome
from ml_service.use_cases.find_documents import FoundFile

START_TIMEOUT_S = 300.0
FILE_TIMEOUT_S = 120.0
CLOSE_TIMEOUT_S = 10.0
LONGEST_ANSWER_BYTES = 256 * 1024**2

EXCHANGED = "The model was exchanged during the run. Run the command again."

WORKER_DIED = "worker_died"
ANALYSIS_TIMEOUT = "analysis_timeout"
MESSAGES = {
    WORKER_DIED: "The process that analysed this file ended. Run the command again to try anew.",
    ANALYSIS_TIMEOUT: f"The analysis took more than {FILE_TIMEOUT_S:.0f} seconds and was stopped.",
}


class WorkerProcess:
    """Satisfies ``Analyst``: one engine in one process. Call ``start`` first, ``close`` last."""

    def __init__(self, task: BulkTask, *, n_threads: int, keep_stderr: bool) -> None:
        self._task = task
        self._n_threads = n_threads
        self._keep_stderr = keep_stderr
        self._process: Process | None = None
        self._greeting: Hello | None = None

    async def start(self) -> Hello:
        """Takes the seconds in which a model loads. Raises ModelUnavailable with the reason."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ml_service.cli.bulk_worker"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=None if self._keep_stderr else DEVNULL,
            env={**os.environ, **_threads(self._n_threads)},
            limit=LONGEST_ANSWER_BYTES,
            start_new_session=True,  # Ctrl-C is for the command, which ends its workers itself
        )
        line = await self._asked(TASK.dump_json(self._task), timeout_s=START_TIMEOUT_S)
        if line is None:
            message = "A worker process could not start. Try fewer: --workers 1."
            raise ModelUnavailable(message)
        greeting = GREETING.validate_json(line)
        if not isinstance(greeting, Hello):
            raise ModelUnavailable(greeting.message)
        if self._greeting not in {None, greeting}:
            await self.kill()
            raise ModelUnavailable(EXCHANGED)
        self._greeting = greeting
        return greeting

    async def analyse(self, file: FoundFile) -> FileOutcome:
        if self._process is None:
            await self.start()
        begin = time.perf_counter()
        request = json.dumps({"path": str(file.path), "name": file.name}).encode()
        try:
            line = await self._asked(request, timeout_s=FILE_TIMEOUT_S)
        except TimeoutError:
            return self._lost(file, ANALYSIS_TIMEOUT, begin)
        if line is None:
            return self._lost(file, WORKER_DIED, begin)
        return OUTCOME.validate_json(line)

    async def close(self) -> None:
        """The end of its input ends a worker; one that does not listen is killed."""
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), CLOSE_TIMEOUT_S)
        except TimeoutError:
            pass
        finally:
            await self.kill()

    async def kill(self) -> None:
        """With its readers: they are of its session."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    async def _asked(self, request: bytes, *, timeout_s: float) -> bytes | None:
        """The line that answers; None when the process ended. Raises TimeoutError.

        In both cases, and when the caller gives up, the process is gone afterwards.
        """
        try:
            async with asyncio.timeout(timeout_s):
                line = await _exchange(self._process, request)
        except BaseException:
            await self.kill()
            raise
        if not line.endswith(b"\n"):
            await self.kill()
            return None
        return line

    @staticmethod
    def _lost(file: FoundFile, code: str, begin: float) -> FileOutcome:
        seconds = round(time.perf_counter() - begin, 3)
        return FileOutcome(
            file.name, None, "failed", seconds, error_code=code, error=MESSAGES[code]
        )


async def _exchange(process: Process | None, request: bytes) -> bytes:
    """Empty, or without its end of line, when the process ended."""
    if process is None or process.stdin is None or process.stdout is None:
        return b""
    with suppress(ConnectionError):  # the line that does not come says the same
        process.stdin.write(request + b"\n")
        await process.stdin.drain()
    return await process.stdout.readline()


def _threads(n_threads: int) -> dict[str, str]:
    """Read by the libraries of the encoder when they are loaded."""
    return {"OMP_NUM_THREADS": str(n_threads), "TOKENIZERS_PARALLELISM": "false"}

"""The real service as a process of its own: started, watched and killed by a test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
import psutil

PROJECT = Path(__file__).resolve().parent.parent
COMMAND_LINE = ("ml_service", "serve")
BARE_UVICORN = ("uvicorn", "ml_service.app.main:app")
MODEL_SERVICE = ("uvicorn", "ml_service.app.model_service:app")
# Tests ask more often than a caller may; those of limits set their own.
NO_LIMITS = {f"RATE_LIMIT_{name}": "off" for name in ("UPLOADS", "JOBS", "DEFAULT")}
FROM_OUTSIDE = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "OMP_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class ServiceFolder:
    """Where one service keeps its database and its log; outlives each of its processes.

    ``python`` is that of the environment it runs in.
    """

    path: Path
    settings: Mapping[str, str]
    python: str = sys.executable

    @property
    def database(self) -> Path:
        return self.path / "data" / "predictions.db"

    @property
    def log(self) -> Path:
        return self.path / "service.log"

    def environment(self) -> dict[str, str]:
        """Nothing of the caller's own settings gets in: no key, no database, no ``.env``."""
        kept = {name: os.environ[name] for name in FROM_OUTSIDE if name in os.environ}
        own = {"DATA_DIR": str(self.path / "data"), "JOBS_PROVIDER": "local", **NO_LIMITS}
        return {**kept, **own, "PYTHONPATH": str(PROJECT), **self.settings}


class ServiceProcess:
    """One life of a service, from its start to its end."""

    def __init__(
        self,
        folder: ServiceFolder,
        command: list[str],
        port: int,
        log: IO[bytes],
        *,
        ready_path: str = "/health/ready",
    ):
        self.base_url = f"http://127.0.0.1:{port}"
        self._ready_path = ready_path
        self._folder = folder
        self._log = log
        self._process = subprocess.Popen(
            command,
            cwd=folder.path,
            env=folder.environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._session = self._process.pid

    def wait_until_ready(self, timeout_s: float = 120.0) -> None:
        """Raises AssertionError with the end of the log when it ends or does not get there."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise AssertionError(f"ended with {self._process.returncode}:\n{self.log_tail()}")
            if self._answers_ready():
                return
            time.sleep(0.1)
        raise AssertionError(f"not ready after {timeout_s:.0f} s:\n{self.log_tail()}")

    def kill(self) -> None:
        """SIGKILL to the serving process alone; its workers learn of it by themselves."""
        self._process.kill()
        self._process.wait(timeout=10)

    def terminate(self, timeout_s: float = 40.0) -> None:
        """SIGTERM; bare uvicorn raises it again after its orderly end: the status is -15 then."""
        assert self.terminated_with(timeout_s) in {0, -signal.SIGTERM}

    def terminated_with(self, timeout_s: float = 40.0) -> int:
        """The exit status after SIGTERM."""
        self._process.terminate()
        return self._process.wait(timeout=timeout_s)

    def rss_bytes(self) -> int:
        return int(psutil.Process(self._process.pid).memory_info().rss)

    def session_members(self) -> list[psutil.Process]:
        """Processes of this service that live, also those whose parent was killed."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def workers(self) -> list[psutil.Process]:
        return list(psutil.Process(self._process.pid).children(recursive=True))

    def close(self) -> None:
        """End whatever is left of it."""
        if self._process.poll() is None:
            self.kill()
        for process in self.session_members():
            process.kill()
        self._log.close()

    def log_tail(self, n_characters: int = 4_000) -> str:
        return self._folder.log.read_text(encoding="utf-8", errors="replace")[-n_characters:]

    def _answers_ready(self) -> bool:
        try:
            answer = httpx.get(f"{self.base_url}{self._ready_path}", timeout=5)
            return answer.status_code == 200
        except httpx.TransportError:
            return False

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            return os.getsid(process.pid) == self._session
        except (ProcessLookupError, psutil.NoSuchProcess):
            return False


@contextmanager
def served(
    folder: ServiceFolder,
    *,
    start: tuple[str, ...] = COMMAND_LINE,
    ready_path: str = "/health/ready",
) -> Iterator[ServiceProcess]:
    """A service that is ready, on a free port of the loopback."""
    folder.path.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [folder.python, "-m", *start, "--host", "127.0.0.1", "--port", str(port)]
    with folder.log.open("ab") as log:
        service = ServiceProcess(folder, command, port, log, ready_path=ready_path)
        try:
            service.wait_until_ready()
            yield service
        finally:
            service.close()


def run_command(folder: ServiceFolder, *arguments: str) -> str:
    """Output of ``python -m ml_service ARGUMENTS`` with the folder's settings."""
    done = command(folder, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def command(folder: ServiceFolder, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same, however it ends."""
    folder.path.mkdir(parents=True, exist_ok=True)
    return subprocess.run(
        [folder.python, "-m", "ml_service", *arguments],
        cwd=folder.path,
        env=folder.environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

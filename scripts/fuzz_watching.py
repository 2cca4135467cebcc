"""What is watched while a document is read: memory of the worker, and an address nobody may ask."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import psutil

_EVERY_S = 0.03


class WorkerMemory:
    """Largest resident size of any process below this one, by the kernel's own high-water mark.

    ``peak_bytes`` is that since ``begin``, ``largest_bytes`` that since ``start``.
    """

    def __init__(self) -> None:
        self.peak_bytes = self.largest_bytes = 0
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._run, daemon=True)
        self._own = psutil.Process()

    def start(self) -> None:
        self._watch.start()

    def stop(self) -> None:
        self._ended.set()
        self._watch.join()

    def begin(self) -> None:
        self.peak_bytes = 0
        for process in self._own.children(recursive=True):
            _reset(process.pid)

    def _run(self) -> None:
        while not self._ended.wait(_EVERY_S):
            processes = self._own.children(recursive=True)
            peak = max((_high_water(process.pid) for process in processes), default=0)
            self.peak_bytes = max(self.peak_bytes, peak)
            self.largest_bytes = max(self.largest_bytes, peak)


class Lure:
    """An address on loopback, and whether anybody asked for it since it was last looked at."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/lure.xml"
        self._asked = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        self._listener.close()

    def was_asked(self) -> bool:
        asked = self._asked.is_set()
        self._asked.clear()
        return asked

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # closed
                return
            connection.close()
            self._asked.set()


def _high_water(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    except OSError:  # it has just ended
        return 0
    marks = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(marks[0].split()[1]) * 1024 if marks else 0


def _reset(pid: int) -> None:
    """The mark begins anew; see clear_refs in proc(5)."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")
    except OSError:  # it has just ended
        return

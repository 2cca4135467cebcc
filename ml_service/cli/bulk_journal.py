"""What a bulk run has done, a line a file, beside its results.

A line counts only under the conditions it was written under: model, encoder, rubric, parser, and
what the command asked for. The journal holds what the results hold: it is as private as they are.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, Self

from ml_service.cli.bulk_worker import OUTCOME, TASK, BulkTask, Hello
from ml_service.cli.new_file import new_file
from ml_service.cli.result_columns import Row
from ml_service.cli.result_files import json_line
from ml_service.domain.errors import InvalidRequest
from ml_service.use_cases.analyse_folder import FileOutcome

HEADER: Row = {"journal": "ml_service bulk", "format": 1}
SYNC_EVERY_FILES = 32
SYNC_EVERY_S = 2.0


def journal_beside(results: Path) -> Path:
    return results.with_name(results.name + ".journal")


def conditions_of(task: BulkTask, hello: Hello) -> str:
    """Equal where the same document would get the same answer."""
    parts = [TASK.dump_python(task, mode="json"), asdict(hello)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Entry:
    """``outcome`` without its answer, which stays on disk at ``offset``."""

    outcome: FileOutcome
    offset: int


class BulkJournal:
    """Satisfies ``OutcomeJournal``. One run at a time holds a journal."""

    def __init__(self, file: Path) -> None:
        """Raises InvalidRequest when it is no journal, in use, or cannot be written."""
        self._file = file
        self._stream = _locked(file)
        self._entries: dict[str, _Entry] = {}
        self._conditions = ""
        self._n_lines = 0
        self._n_unsynced = 0
        self._synced_at = time.monotonic()
        self._turn = asyncio.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            os.fsync(self._stream.fileno())
            if not self.begun and self._file.stat().st_size == 0:
                self._file.unlink()  # made by a run that could not begin
        self._stream.close()

    @property
    def begun(self) -> bool:
        return bool(self._conditions)

    def begin(self, conditions: str) -> None:
        """Take up what earlier runs wrote under the same conditions."""
        self._conditions = conditions
        whole = 0
        self._stream.seek(0)
        for line in self._stream:
            if not line.endswith(b"\n"):
                break
            self._note(line, offset=whole)
            whole += len(line)
        self._stream.truncate(whole)  # a line that a kill cut off
        self._stream.seek(whole)
        if whole == 0:
            self._write(json_line(HEADER))

    def _note(self, line: bytes, *, offset: int) -> None:
        self._n_lines += 1
        outcome = _outcome(line, conditions=self._conditions)
        if outcome is not None:
            self._entries[outcome.name] = _Entry(replace(outcome, answer={}), offset)

    def lasting(self, name: str) -> FileOutcome | None:
        entry = self._entries.get(name)
        return entry.outcome if entry is not None and entry.outcome.lasts else None

    async def append(self, outcome: FileOutcome) -> None:
        """Handed to the system at once, to the disk in batches. Raises InvalidRequest."""
        async with self._turn:
            await asyncio.to_thread(self._append, outcome)

    def _append(self, outcome: FileOutcome) -> None:
        offset = self._stream.tell()
        self._write(json_line({**asdict(outcome), "conditions": self._conditions}))
        self._entries[outcome.name] = _Entry(replace(outcome, answer={}), offset)
        self._n_unsynced += 1
        overdue = time.monotonic() - self._synced_at > SYNC_EVERY_S
        if overdue or self._n_unsynced >= SYNC_EVERY_FILES:
            os.fsync(self._stream.fileno())
            self._n_unsynced, self._synced_at = 0, time.monotonic()

    def _write(self, line: bytes) -> None:
        try:
            self._stream.write(line)
            self._stream.flush()
        except OSError as error:
            message = f"{self._file} cannot be written: {error.strerror}. Nothing else is lost."
            raise InvalidRequest(message, field="out") from error
        self._n_lines += 1

    def outcomes(self, names: Collection[str]) -> Iterator[FileOutcome]:
        """Those of ``names`` that have one, in the order of ``names``, with their answers."""
        for name in names:
            entry = self._entries.get(name)
            if entry is not None:
                self._stream.seek(entry.offset)
                yield OUTCOME.validate_json(self._stream.readline())
        self._stream.seek(0, os.SEEK_END)

    def forget_others(self, names: Collection[str]) -> None:
        """Rewrite it when it holds more than the outcomes of ``names``: files that are gone,
        earlier conditions. Raises InvalidRequest.
        """
        kept = [self._entries[name] for name in names if name in self._entries]
        if self._n_lines <= len(kept) + 1:
            return
        with new_file(self._file, field="out") as part, part.open("wb") as rewritten:
            rewritten.write(json_line(HEADER))
            for entry in kept:
                self._stream.seek(entry.offset)
                rewritten.write(self._stream.readline())


def _locked(file: Path) -> BinaryIO:
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        os.fchmod(descriptor, 0o600)
        stream = os.fdopen(descriptor, "r+b")
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}."
        raise InvalidRequest(message, field="out") from error
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _check_header(stream, file)
    except BlockingIOError as busy:
        stream.close()
        message = "Another run is writing these results. Wait for its end, or name another file."
        raise InvalidRequest(message, field="out") from busy
    except BaseException:
        stream.close()
        raise
    return stream


def _check_header(stream: BinaryIO, file: Path) -> None:
    """A header that a kill cut off is one too."""
    first, header = stream.readline(), json_line(HEADER)
    if first != header and not (header.startswith(first) and not first.endswith(b"\n")):
        message = f"{file.name} is not a journal of this version: delete it, or name another file."
        raise InvalidRequest(message, field="out")


def _outcome(line: bytes, *, conditions: str) -> FileOutcome | None:
    """None for a line of other conditions, and for a damaged one: its file is done again."""
    try:
        if json.loads(line).get("conditions") != conditions:
            return None
        return OUTCOME.validate_json(line)
    except (ValueError, AttributeError):
        return None

"""A folder of resumes, each through the journey of an upload. Nothing is recorded in the history,
and no job board is asked. What was done before is not done again, and no file ends the run.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from ml_service.domain.errors import (
    Corrupt,
    EmptyDocument,
    Encrypted,
    ModelError,
    NotAResume,
    NoTextLayer,
    ServiceError,
    UnsupportedType,
)
from ml_service.domain.prediction import AbstainReason
from ml_service.use_cases.find_documents import FoundFile

Status = Literal["analysed", "refused", "failed"]

# Refusals that say something of the document itself. The others depend on settings, on the
# machine's load or on its disk, so the next run tries those files again.
LASTING_REFUSALS = frozenset(
    refusal.code
    for refusal in (Corrupt, EmptyDocument, Encrypted, NoTextLayer, NotAResume, UnsupportedType)
)


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file.

    ``sha256`` is None where it could not be read. ``answer`` is what the results show of an
    analysed one and empty otherwise; ``seconds`` is its wall time.
    """

    name: str
    sha256: str | None
    status: Status
    seconds: float
    error_code: str | None = None
    error: str | None = None
    abstain_reason: AbstainReason | None = None
    answer: Mapping[str, object] = field(default_factory=dict)

    @property
    def lasts(self) -> bool:
        """Whether the same document would give the same again."""
        return self.status == "analysed" or self.error_code in LASTING_REFUSALS


class Analyst(Protocol):
    """Somebody who takes one file at a time; bootstrap's engine in a process of its own."""

    async def analyse(self, file: FoundFile) -> FileOutcome:
        """Never raises for the file's sake. Raises ModelError when this analyst is of no use."""
        ...


class OutcomeJournal(Protocol):
    """Outcomes of this and of earlier runs under the same conditions."""

    def lasting(self, name: str) -> FileOutcome | None:
        """What an earlier run found and this one need not find again, without its answer."""
        ...

    async def append(self, outcome: FileOutcome) -> None: ...


@dataclass(slots=True)
class BulkTally:
    """Grows file by file. ``kept`` were done in an earlier run; they count below as well."""

    total: int = 0
    kept: int = 0
    analysed: int = 0
    unhappy: Counter[tuple[Status, str]] = field(default_factory=Counter)
    abstained: Counter[str] = field(default_factory=Counter)

    @property
    def done(self) -> int:
        return self.analysed + self.n_unhappy

    @property
    def n_unhappy(self) -> int:
        return sum(self.unhappy.values())

    def count(self, outcome: FileOutcome, *, kept: bool) -> None:
        self.kept += kept
        if outcome.status == "analysed":
            self.analysed += 1
        else:
            self.unhappy[outcome.status, outcome.error_code or ""] += 1
        if outcome.abstain_reason is not None:
            self.abstained[outcome.abstain_reason] += 1


class AnalyseFolder:
    def __init__(self, *, analysts: Sequence[Analyst], journal: OutcomeJournal) -> None:
        self._analysts = analysts
        self._journal = journal

    async def __call__(
        self, files: Sequence[FoundFile], *, tally: BulkTally, progress: Callable[[], None]
    ) -> None:
        """Every file gets one outcome. An analyst that fails leaves the rest to the others.

        Raises the ModelError of the last one, and what the journal raises.
        """
        waiting = deque(files)
        failures: list[ModelError] = []
        try:
            async with asyncio.TaskGroup() as group:
                for analyst in self._analysts:
                    work = self._work(analyst, waiting, tally, progress, failures)
                    group.create_task(work)
        except ExceptionGroup as several:
            raise _first_refusal(several) from several
        if waiting and failures:
            raise failures[-1]

    async def _work(
        self,
        analyst: Analyst,
        waiting: deque[FoundFile],
        tally: BulkTally,
        progress: Callable[[], None],
        failures: list[ModelError],
    ) -> None:
        while waiting:
            file = waiting.popleft()
            outcome = await self._kept(file)
            kept = outcome is not None
            if outcome is None:
                try:
                    outcome = await analyst.analyse(file)
                except ModelError as failure:
                    waiting.appendleft(file)
                    failures.append(failure)
                    return
                await self._journal.append(outcome)
            tally.count(outcome, kept=kept)
            progress()

    async def _kept(self, file: FoundFile) -> FileOutcome | None:
        earlier = self._journal.lasting(file.name)
        if earlier is None or earlier.sha256 is None:
            return None
        same = await asyncio.to_thread(_sha256_of, file.path) == earlier.sha256
        return earlier if same else None


def _first_refusal(several: ExceptionGroup[Exception]) -> Exception:
    """The failure itself; that several tasks share it is of no interest to anybody."""
    refusals = several.subgroup(ServiceError)
    first: Exception = (refusals or several).exceptions[0]
    return first


def _sha256_of(path: Path) -> str | None:
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return None

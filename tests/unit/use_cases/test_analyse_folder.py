from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ml_service.domain.errors import ModelUnavailable, StorageUnavailable
from ml_service.use_cases.analyse_folder import (
    AnalyseFolder,
    Analyst,
    BulkTally,
    FileOutcome,
)
from ml_service.use_cases.find_documents import FoundFile

SHA256_OF_X = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"


@dataclass
class Memory:
    """Satisfies ``OutcomeJournal``."""

    earlier: dict[str, FileOutcome] = field(default_factory=dict)
    written: list[FileOutcome] = field(default_factory=list)
    full_after: int = 1_000

    def lasting(self, name: str) -> FileOutcome | None:
        return self.earlier.get(name)

    async def append(self, outcome: FileOutcome) -> None:
        if len(self.written) >= self.full_after:
            raise StorageUnavailable("The disk is full.")
        self.written.append(outcome)


@dataclass
class Reader:
    """Satisfies ``Analyst``: refuses what is called bad, is of no use after ``lasts`` files."""

    lasts: int = 1_000
    seen: list[str] = field(default_factory=list)

    async def analyse(self, file: FoundFile) -> FileOutcome:
        if len(self.seen) >= self.lasts:
            raise ModelUnavailable
        self.seen.append(file.name)
        await asyncio.sleep(0)
        if "bad" in file.name:
            return FileOutcome(file.name, "s", "refused", 0.1, error_code="corrupt", error="No.")
        return FileOutcome(file.name, "s", "analysed", 0.1, abstain_reason="low_confidence")


def files(folder: Path, *names: str) -> list[FoundFile]:
    for name in names:
        (folder / name).write_bytes(b"x")
    return [FoundFile(folder / name, name) for name in names]


async def run(
    found: Sequence[FoundFile], journal: Memory, *analysts: Analyst
) -> tuple[BulkTally, int]:
    tally, steps = BulkTally(total=len(found)), list[None]()
    analyse = AnalyseFolder(analysts=analysts, journal=journal)
    await analyse(found, tally=tally, progress=lambda: steps.append(None))
    return tally, len(steps)


async def test_every_file_gets_one_outcome(tmp_path: Path) -> None:
    found = files(tmp_path, *(f"{n}.pdf" for n in range(9)), "bad.pdf")
    journal = Memory()
    first, second = Reader(), Reader()

    tally, steps = await run(found, journal, first, second)

    assert sorted(outcome.name for outcome in journal.written) == sorted(f.name for f in found)
    assert first.seen and second.seen
    assert (tally.done, tally.analysed, tally.kept, steps) == (10, 9, 0, 10)
    assert tally.unhappy == {("refused", "corrupt"): 1}
    assert tally.abstained == {"low_confidence": 9}


async def test_what_was_done_before_is_not_done_again(tmp_path: Path) -> None:
    found = files(tmp_path, "same.pdf", "changed.pdf", "new.pdf")
    journal = Memory(
        earlier={
            "same.pdf": FileOutcome("same.pdf", SHA256_OF_X, "analysed", 1.0),
            "changed.pdf": FileOutcome("changed.pdf", "another", "analysed", 1.0),
        }
    )
    reader = Reader()

    tally, steps = await run(found, journal, reader)

    assert reader.seen == ["changed.pdf", "new.pdf"]
    assert (tally.done, tally.kept, steps) == (3, 1, 3)


@pytest.mark.parametrize(
    ("code", "lasts"), [("corrupt", True), ("not_a_resume", True), ("parse_timeout", False)]
)
def test_a_refusal_for_the_machines_sake_does_not_last(code: str, lasts: bool) -> None:
    assert FileOutcome("a", "s", "refused", 1.0, error_code=code).lasts is lasts


async def test_an_analyst_that_fails_leaves_its_file_to_the_others(tmp_path: Path) -> None:
    found = files(tmp_path, *(f"{n}.pdf" for n in range(6)))
    journal = Memory()

    tally, _ = await run(found, journal, Reader(lasts=1), Reader())

    assert tally.analysed == 6
    assert len({outcome.name for outcome in journal.written}) == 6


async def test_without_analysts_the_run_ends_with_the_reason(tmp_path: Path) -> None:
    found = files(tmp_path, *(f"{n}.pdf" for n in range(6)))
    journal = Memory()

    with pytest.raises(ModelUnavailable):
        await run(found, journal, Reader(lasts=1), Reader(lasts=2))

    assert len(journal.written) == 3


async def test_a_disk_that_is_full_ends_the_run(tmp_path: Path) -> None:
    found = files(tmp_path, *(f"{n}.pdf" for n in range(6)))

    with pytest.raises(StorageUnavailable, match="full"):
        await run(found, Memory(full_after=2), Reader(), Reader())

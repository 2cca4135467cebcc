from __future__ import annotations

import asyncio
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ml_service.cli.bulk_journal import BulkJournal, conditions_of
from ml_service.cli.bulk_worker import BulkTask, Hello
from ml_service.domain.errors import InvalidRequest
from ml_service.use_cases.analyse_folder import FileOutcome

ANALYSED = FileOutcome("a.pdf", "s1", "analysed", 0.5, answer={"career_path": "Köche", "n": 1})
REFUSED = FileOutcome("b.pdf", "s2", "refused", 0.1, error_code="corrupt", error="Damaged.")
LATER = FileOutcome("c.pdf", None, "failed", 0.1, error_code="unreadable", error="Closed.")
HELLO = Hello("occupations", "r1", "e 1 fp32 st", "1.0", "1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "results.csv.journal"


def written(file: Path, *outcomes: FileOutcome, conditions: str = "one") -> None:
    with BulkJournal(file) as journal:
        journal.begin(conditions)
        asyncio.run(_append(journal, *outcomes))


async def _append(journal: BulkJournal, *outcomes: FileOutcome) -> None:
    await asyncio.gather(*(journal.append(outcome) for outcome in outcomes))


def read(file: Path, *names: str, conditions: str = "one") -> list[FileOutcome]:
    with BulkJournal(file) as journal:
        journal.begin(conditions)
        return list(journal.outcomes(names))


def test_the_next_run_finds_what_was_written(file: Path) -> None:
    written(file, ANALYSED, REFUSED, LATER)

    assert read(file, "c.pdf", "a.pdf", "none.pdf") == [LATER, ANALYSED]


def test_only_what_would_come_out_the_same_again_lasts(file: Path) -> None:
    written(file, ANALYSED, REFUSED, LATER)

    with BulkJournal(file) as journal:
        journal.begin("one")
        assert journal.lasting("a.pdf") == replace(ANALYSED, answer={})
        assert journal.lasting("b.pdf") == REFUSED
        assert journal.lasting("c.pdf") is None
        assert journal.lasting("none.pdf") is None


def test_the_last_word_on_a_file_counts(file: Path) -> None:
    again = replace(ANALYSED, sha256="s9")
    written(file, ANALYSED, again)

    assert read(file, "a.pdf") == [again]


def test_other_conditions_count_for_nothing(file: Path) -> None:
    written(file, ANALYSED)

    assert read(file, "a.pdf", conditions="two") == []


def test_every_condition_matters() -> None:
    tasks = [
        BulkTask("row"),
        BulkTask("document"),
        BulkTask("row", document_date=date(2026, 1, 1)),
        BulkTask("row", job_description="Cook."),
    ]
    hellos = [HELLO, replace(HELLO, revision="r2"), replace(HELLO, parser_version="2")]
    assert len({conditions_of(task, hello) for task in tasks for hello in hellos}) == 12


def test_a_line_that_was_cut_off_is_as_if_it_were_not_there(file: Path) -> None:
    written(file, ANALYSED, REFUSED)
    whole = file.read_bytes()
    start_of_last = whole.rindex(b"\n", 0, -1) + 1
    for length in range(start_of_last, len(whole)):
        file.write_bytes(whole[:length])
        assert read(file, "a.pdf", "b.pdf") == [ANALYSED]
        assert file.read_bytes() == whole[:start_of_last]


def test_a_damaged_line_costs_its_file_alone(file: Path) -> None:
    written(file, ANALYSED, REFUSED, LATER)
    lines = file.read_bytes().splitlines(keepends=True)
    for damage in (b"{\n", b"[]\n", b"\xff\n", lines[2].replace(b"refused", b"revered")):
        file.write_bytes(b"".join([*lines[:2], damage, lines[3]]))
        assert read(file, "a.pdf", "b.pdf", "c.pdf") == [ANALYSED, LATER]


@pytest.mark.parametrize("length", [0, 1, 20])
def test_a_header_that_was_cut_off_is_written_again(file: Path, length: int) -> None:
    written(file)
    whole = file.read_bytes()
    file.write_bytes(whole[:length])

    assert read(file, "a.pdf") == []
    assert file.read_bytes() == whole


@pytest.mark.parametrize("content", [b"somebody's notes", b"file,sha256\n", b'{"journal": 1}\n'])
def test_a_file_of_somebody_else_is_left_alone(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    with pytest.raises(InvalidRequest, match="not a journal"):
        BulkJournal(file)

    assert file.read_bytes() == content


def test_one_run_at_a_time(file: Path) -> None:
    with BulkJournal(file), pytest.raises(InvalidRequest, match="Another run"):
        BulkJournal(file)
    with BulkJournal(file):
        pass


def test_files_that_are_gone_are_forgotten(file: Path) -> None:
    written(file, ANALYSED, conditions="old")
    written(file, ANALYSED, REFUSED, LATER)
    with BulkJournal(file) as journal:
        journal.begin("one")
        journal.forget_others(["a.pdf", "c.pdf"])

    assert read(file, "a.pdf", "b.pdf", "c.pdf") == [ANALYSED, LATER]
    assert len(file.read_bytes().splitlines()) == 3
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

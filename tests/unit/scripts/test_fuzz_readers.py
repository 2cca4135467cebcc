"""The mutations of ``scripts/fuzz_readers.py``, what it calls a finding, and how it makes it small.

That a finding is found is tested with readers that are wrong on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from fuzz_bytes import mutate_bytes
from fuzz_docx import mutate_docx, read_members
from fuzz_findings import Findings, shrunk
from fuzz_pdf import mutate_pdf
from fuzz_pdf_parts import parse_pdf, write_pdf
from fuzz_readers import Corpus, mutant
from fuzz_seeds import Seed
from fuzz_trial import Course, Problem, Trial, check_lines, step

from ml_service.domain.document import ExtractedText, Line, Reading
from ml_service.extraction.pdf.document import read_pdf
from tests.documents import PEOPLE, resume_docx, resume_pdf

LURE = "http://127.0.0.1:9/lure"
PDF, DOCX = resume_pdf(PEOPLE[0]), resume_docx(PEOPLE[1])
READ = Trial("read", 0.1, likeness=("read", 1))


def chances(count: int = 60) -> Iterator[Random]:
    return (Random(seed) for seed in range(count))


def test_the_same_seed_makes_the_same_documents() -> None:
    first, again = (
        [mutant(Random(3), "pdf", PDF, lure=LURE), mutant(Random(4), "docx", DOCX, lure=LURE)]
        for _ in range(2)
    )
    assert first == again


def test_mutants_differ_from_their_seed_and_each_other() -> None:
    assert len({mutate_pdf(chance, PDF, lure=LURE) for chance in chances()} - {PDF}) > 50
    assert len({mutate_docx(chance, DOCX, lure=LURE) for chance in chances()} - {DOCX}) > 50
    assert len({mutate_bytes(chance, PDF) for chance in chances()} - {PDF}) > 50


def test_a_pdf_taken_apart_and_written_again_reads_the_same() -> None:
    document = parse_pdf(PDF)
    assert document is not None
    before, after = (
        [line.text for line in read_pdf(one, max_pages=9, second_reading_s=5).lines]
        for one in (PDF, write_pdf(document))
    )
    assert before == after


def test_nothing_can_be_mutated_as_well() -> None:
    assert any(mutate_bytes(chance, b"") for chance in chances())


def test_what_is_neither_is_not_taken_apart() -> None:
    assert mutate_pdf(Random(1), b"%PDF-1.4 nothing", lure=LURE) is None
    assert mutate_docx(Random(1), b"PK\x03\x04 nothing", lure=LURE) is None


def test_most_mutants_of_a_docx_are_still_zips() -> None:
    mutants = [mutate_docx(chance, DOCX, lure=LURE) or b"" for chance in chances()]
    assert sum(bool(read_members(one)) for one in mutants) > 40


def test_mutants_that_go_a_new_way_are_mutated_further() -> None:
    corpus = Corpus([Seed("pdf", PDF)])
    corpus.learn("pdf", b"one", READ)
    corpus.learn("pdf", b"other", READ)
    corpus.learn("pdf", b"slow", Trial("read", 9.0, likeness=("read", 2)))
    assert [seed.content for seed in corpus.kept] == [b"one"]
    assert {corpus.pick(chance, "pdf") for chance in chances()} == {PDF, b"one"}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (Line("\ud800", 1, None, 0, 0), "text that cannot be written"),
        (Line("a\x00", 1, None, 0, 0), "text that cannot be written"),
        (Line("\u2002", 1, None, 0, 0), "a line that is none"),
        (Line("a", 1, (0.0, 0.0, float("inf"), 1.0), 0, 0), "box without end"),
        (Line("a", 2, None, 0, 0), "page out of range"),
        (Line("a", 1, None, 0, 3), "order does not count on"),
        (Line("a", 1, None, 0, 0, font_size=float("nan")), "font size or column out of range"),
    ],
)
def test_lines_that_cannot_be_kept_are_found(line: Line, kind: str) -> None:
    course = Course()
    check_lines(ExtractedText((line,), 1, Reading("pdfium", None, 1)), course)
    assert [problem.kind for problem in course.problems] == [kind]


def test_a_step_that_raises_is_found_with_its_place() -> None:
    course = Course()

    def fail() -> None:
        raise LookupError

    assert step("profile", course, fail) is None
    [problem] = course.problems
    assert problem.kind == "profile: LookupError in test_fuzz_readers.py:fail"
    assert "raise LookupError" in problem.detail


def test_a_slow_step_is_found_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz_trial.STEP_WITHIN_S", 0.05)
    monkeypatch.setattr("fuzz_trial._STEP_ENDED_AFTER_S", 0.1)
    course = Course()

    def endless() -> None:
        while True:
            pass

    assert step("score", course, endless) is None
    assert [problem.kind for problem in course.problems] == [
        "slow score in test_fuzz_readers.py:endless"
    ]


def test_a_finding_is_kept_once_and_small(tmp_path: Path) -> None:
    findings = Findings(tmp_path)
    wrong = Trial("error", 0.1, problems=(Problem("it broke", "the stack"),))

    def run(content: bytes) -> Trial:
        return wrong if b"Summary" in unpacked(content) else READ

    findings.add(PDF, wrong, run)
    findings.add(PDF, wrong, run)
    assert findings.counts == {"it broke": 2}
    [document] = tmp_path.glob("*.pdf")
    assert b"Summary" in unpacked(document.read_bytes())
    assert len(document.read_bytes()) < len(PDF) / 4
    assert "the stack" in document.with_suffix(".txt").read_text("utf-8")


def test_a_finding_in_a_docx_is_made_smaller_by_its_elements() -> None:
    def shows(content: bytes) -> bool:
        return any(b"Skills" in member for _, member in read_members(content))

    assert len(shrunk(DOCX, shows)) < len(DOCX) / 4


def unpacked(content: bytes) -> bytes:
    document = parse_pdf(content)
    parts = document.parts.values() if document else ()
    return content + b"".join(part.stream or b"" for part in parts)

"""The sample resumes that ship are of invented people: they are made here, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.documents import resume_docx, resume_pdf
from tests.people import PEOPLE

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
MADE: dict[str, Callable[[], bytes]] = {
    "software_engineer.pdf": lambda: resume_pdf(PEOPLE[0]),
    "registered_nurse_two_columns.pdf": lambda: resume_pdf(PEOPLE[1], columns=2),
    "accountant.docx": lambda: resume_docx(PEOPLE[2]),
}


def test_the_samples_are_the_invented_people_of_the_tests() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(MADE)
    for name, make in MADE.items():
        assert (SAMPLES / name).read_bytes() == make()

"""Invented resumes, rendered by four producers in one to three columns, come back as written.

``scripts/measure_round_trip.py`` measures the same over more resumes and every design.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from ml_service.analysis.profile import analyse_profile
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.resume import ResumeProfile
from ml_service.extraction.docx.document import read_docx
from ml_service.extraction.pdf.document import read_pdf
from tests.needed_parts import cannot_run
from tests.resume_factory.designs import DESIGNS, Design, Producer
from tests.resume_factory.invention import invent_resumes
from tests.resume_factory.printing import chromium, libreoffice
from tests.resume_factory.resumes import InventedResume
from tests.resume_factory.truth import differences, expected_fields, found_fields, misses

N_RESUMES = 8
BAR = 0.98
DRAWN: tuple[Producer, ...] = ("reportlab", "python-docx")
PRINTED: tuple[Producer, ...] = ("chromium", "libreoffice")
REACHED: dict[Producer, float] = {
    "reportlab": 0.98,
    "python-docx": 0.99,
    "chromium": 0.98,
    "libreoffice": 0.98,
}
CATALOGUE = Path(__file__).resolve().parents[2] / "data/occupations"
Rendered = tuple[InventedResume, Design, ResumeProfile]
Readings = dict[Producer, list[Rendered]]


@pytest.fixture(scope="module")
def vocabulary() -> SkillVocabulary:
    return SkillVocabulary(Catalogue.load(CATALOGUE).technologies())


@pytest.fixture(scope="module")
def rendered(vocabulary: SkillVocabulary, tmp_path_factory: pytest.TempPathFactory) -> Readings:
    """Every resume in every design of the producers that draw within this process."""
    folder = tmp_path_factory.mktemp("drawn")
    resumes = invent_resumes(N_RESUMES)
    return {
        producer: [
            found
            for design in _designs_of(producer)
            for found in _read_back(design, resumes, vocabulary, folder=folder)
        ]
        for producer in DRAWN
    }


@pytest.mark.parametrize("producer", DRAWN)
def test_fields_come_back_exactly(producer: Producer, rendered: Readings) -> None:
    _assert_recovered(rendered[producer], at_least=REACHED[producer])


@pytest.mark.parametrize("producer", PRINTED)
def test_fields_come_back_exactly_from_what_is_printed(
    producer: Producer, vocabulary: SkillVocabulary, tmp_path: Path
) -> None:
    """Printing takes seconds: every second design prints some of the resumes, together all."""
    if (chromium if producer == "chromium" else libreoffice)() is None:
        cannot_run(f"{producer} is not installed, so what it prints is not read back")
    resumes = invent_resumes(N_RESUMES)
    designs = _designs_of(producer)[1::2]
    found = [
        reading
        for at, design in enumerate(designs)
        for reading in _read_back(design, resumes[at :: len(designs)], vocabulary, folder=tmp_path)
    ]
    _assert_recovered(found, at_least=REACHED[producer])


@pytest.mark.parametrize("producer", DRAWN)
def test_columns_do_not_change_the_profile(producer: Producer, rendered: Readings) -> None:
    one = {
        resume.number: found_fields(profile)
        for resume, design, profile in rendered[producer]
        if design.columns == 1
    }
    n_same = n_fields = 0
    for resume, design, profile in rendered[producer]:
        if design.columns > 1:
            plain = one[resume.number]
            n_fields += len(plain)
            n_same += len(plain) - len(differences(plain, found_fields(profile)))
    assert n_same / n_fields >= REACHED[producer]


def test_pdf_and_docx_give_the_same_profile(rendered: Readings) -> None:
    pdf, docx = (
        {
            resume.number: found_fields(profile)
            for resume, design, profile in rendered[producer]
            if design.columns == 1
        }
        for producer in DRAWN
    )
    n_fields = sum(map(len, pdf.values()))
    n_differ = sum(len(differences(fields, docx[number])) for number, fields in pdf.items())
    assert 1 - n_differ / n_fields >= BAR


def test_the_same_seed_invents_the_same_documents(tmp_path: Path) -> None:
    for producer in DRAWN:
        for design in _designs_of(producer)[:2]:
            first, second = (design.render(invent_resumes(2), tmp_path) for _ in range(2))
            assert first == second, design.name


def _designs_of(producer: Producer) -> list[Design]:
    return [design for design in DESIGNS if design.producer == producer]


def _read_back(
    design: Design,
    resumes: Sequence[InventedResume],
    vocabulary: SkillVocabulary,
    *,
    folder: Path,
) -> Iterator[Rendered]:
    for resume, content in zip(resumes, design.render(resumes, folder), strict=True):
        extracted = (
            read_docx(content, max_pages=30)
            if design.kind == "docx"
            else read_pdf(content, max_pages=30, second_reading_s=5.0)
        )
        profile = analyse_profile(extracted, document_date=date(2025, 5, 1), vocabulary=vocabulary)
        yield resume, design, profile


def _assert_recovered(rendered: Sequence[Rendered], *, at_least: float) -> None:
    total = sum(len(expected_fields(resume)) for resume, _, _ in rendered)
    lost = [
        f"{design.name} {resume.number}: {miss}"
        for resume, design, profile in rendered
        for miss in misses(resume, profile)
    ]
    assert 1 - len(lost) / total >= at_least, "\n".join(lost)

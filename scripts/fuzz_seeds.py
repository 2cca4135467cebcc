"""Documents to mutate: those that our own makers make, and any folder beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from tests.documents import PEOPLE, DocxLayout, resume_docx, resume_pdf
from tests.resume_factory.designs import DESIGNS
from tests.resume_factory.invention import invent_resumes
from tests.unit.extraction import made

Kind = Literal["pdf", "docx"]

_LAYOUTS: tuple[DocxLayout, ...] = ("plain", "table", "header_footer", "text_box")
_COLUMNS: tuple[Literal[1, 2], ...] = (1, 2)
_PRODUCERS = ("reportlab", "python-docx")
_MAX_SEED_BYTES = 400_000
_PAGES: tuple[tuple[made.Placed, ...], ...] = (
    ((40, 60, "Work Experience"), (300, 60, "Education"), (40, 80, "2019 - 2021 Clerk")),
    ((40, 60, "Skills: Python, SQL"), (40, 75, "English, German")),
)


@dataclass(frozen=True, slots=True)
class Seed:
    kind: Kind
    content: bytes


def own_seeds() -> list[Seed]:
    """Resumes of invented people in every layout that needs no other program to be made."""
    seeds = [Seed("pdf", resume_pdf(PEOPLE[0], columns)) for columns in _COLUMNS]
    seeds += [Seed("docx", resume_docx(PEOPLE[1], layout)) for layout in _LAYOUTS]
    seeds.append(Seed("pdf", made.pdf(*_PAGES)))
    seeds.append(Seed("pdf", made.letter_by_letter_pdf("Work Experience at Sample Works")))
    seeds.append(Seed("docx", made.docx(made.paragraph("Work Experience"))))
    resumes = invent_resumes(len(DESIGNS))
    with TemporaryDirectory() as folder:
        for design, resume in zip(DESIGNS, resumes, strict=True):
            if design.producer in _PRODUCERS:
                seeds += [Seed(design.kind, one) for one in design.render([resume], Path(folder))]
    return seeds


def seeds_in(folders: Iterable[Path]) -> list[Seed]:
    """Small PDF and DOCX files of folders and what is below them, told by their first bytes."""
    paths = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    contents = (path.read_bytes() for path in paths if path.stat().st_size <= _MAX_SEED_BYTES)
    return [
        Seed("docx" if content.startswith(b"PK") else "pdf", content)
        for content in contents
        if content.startswith((b"PK\x03\x04", b"%PDF-"))
    ]

"""Every design that the resumes are rendered in: a producer, an arrangement, a technique."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.resume_factory import html_pages, reportlab_pages, word_pages
from tests.resume_factory.pages import Arrangement, arrange
from tests.resume_factory.printing import convert_docx, print_html
from tests.resume_factory.resumes import InventedResume

Producer = Literal["reportlab", "chromium", "python-docx", "libreoffice"]
Render = Callable[[Sequence[InventedResume], Path], list[bytes]]

_COLUMNS: dict[Arrangement, int] = {
    "one": 1,
    "left": 2,
    "right": 2,
    "equal": 2,
    "three": 3,
    "flow_2": 2,
    "flow_3": 3,
}


@dataclass(frozen=True, slots=True)
class Design:
    """``render`` takes resumes and a folder in which it may keep what took long to make."""

    name: str
    producer: Producer
    columns: int
    kind: Literal["pdf", "docx"]
    render: Render


def _reportlab(arrangement: Arrangement, drawing: reportlab_pages.Drawing) -> Design:
    def render(resumes: Sequence[InventedResume], _: Path) -> list[bytes]:
        return [
            reportlab_pages.draw_page(
                arrange(resume, arrangement), bullet=resume.manner.bullet, drawing=drawing
            )
            for resume in resumes
        ]

    name = f"reportlab-{arrangement}-{drawing}"
    return Design(name, "reportlab", _COLUMNS[arrangement], "pdf", render)


def _chromium(arrangement: Arrangement, technique: html_pages.Technique) -> Design:
    def render(resumes: Sequence[InventedResume], folder: Path) -> list[bytes]:
        pages = [
            html_pages.html_of(
                arrange(resume, arrangement), bullet=resume.manner.bullet, technique=technique
            )
            for resume in resumes
        ]
        return print_html(pages, folder=folder)

    name = f"chromium-{arrangement}-{technique}"
    return Design(name, "chromium", _COLUMNS[arrangement], "pdf", render)


def _docx(arrangement: Arrangement, technique: word_pages.Technique) -> Design:
    def render(resumes: Sequence[InventedResume], _: Path) -> list[bytes]:
        return _word(resumes, arrangement, technique)

    name = f"python-docx-{arrangement}-{technique}"
    return Design(name, "python-docx", _COLUMNS[arrangement], "docx", render)


def _libreoffice(arrangement: Arrangement, technique: word_pages.Technique) -> Design:
    def render(resumes: Sequence[InventedResume], folder: Path) -> list[bytes]:
        return convert_docx(_word(resumes, arrangement, technique), folder=folder)

    name = f"libreoffice-{arrangement}-{technique}"
    return Design(name, "libreoffice", _COLUMNS[arrangement], "pdf", render)


def _word(
    resumes: Iterable[InventedResume], arrangement: Arrangement, technique: word_pages.Technique
) -> list[bytes]:
    return [
        word_pages.docx_of(arrange(resume, arrangement), technique=technique) for resume in resumes
    ]


DESIGNS = (
    _reportlab("one", "columns"),
    _reportlab("left", "columns"),
    _reportlab("left", "rows"),
    _reportlab("right", "last_column_first"),
    _reportlab("right", "rows"),
    _reportlab("equal", "rows"),
    _reportlab("three", "columns"),
    _reportlab("three", "rows"),
    _chromium("one", "block"),
    _chromium("left", "grid"),
    _chromium("left", "float"),
    _chromium("right", "flex"),
    _chromium("equal", "table"),
    _chromium("flow_2", "multicol"),
    _chromium("three", "grid"),
    _chromium("flow_3", "multicol"),
    _docx("one", "paragraphs"),
    _docx("left", "table"),
    _docx("right", "table"),
    _docx("right", "text_box"),
    _docx("flow_2", "section_columns"),
    _docx("three", "table"),
    _docx("flow_3", "section_columns"),
    _libreoffice("one", "paragraphs"),
    _libreoffice("left", "table"),
    _libreoffice("right", "table"),
    _libreoffice("right", "text_box"),
    _libreoffice("flow_2", "section_columns"),
    _libreoffice("three", "table"),
    _libreoffice("flow_3", "section_columns"),
)

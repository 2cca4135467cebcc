"""Names of many forms, and texts turned into what a reader would hand over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ml_service.analysis.phrases.folding import fold
from ml_service.analysis.profile import analyse_profile
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.domain.document import ExtractedText, Line, Reading
from ml_service.domain.resume import ResumeProfile

TODAY = date(2024, 6, 15)
VOCABULARY = SkillVocabulary(
    [
        "Microsoft Excel",
        "Microsoft Word",
        "Microsoft PowerPoint",
        "Python",
        "R",
        "C",
        "C++",
        "Go",
        "Ruby",
        "Adobe Photoshop",
        "SAP software",
        "Amazon Web Services AWS software",
        "Cascading style sheets CSS",
        "Microsoft SQL Server",
        "Node.js",
        "PostgreSQL",
        "Maintenance software",
    ]
)


@dataclass(frozen=True, slots=True)
class Someone:
    """``first`` and ``last`` are what a text calls the person by."""

    name: str
    first: str
    last: str
    email: str
    phone: str
    address: str
    handle: str
    subject: str = "She"
    possessive: str = "her"
    reflexive: str = "herself"
    stated: str = "(she/her)"
    honorific: str = "Ms."


def someone(name: str, *, first: str, last: str, number: int = 0) -> Someone:
    ascii_name = "".join(mark for mark in fold(name) if mark.isascii() and mark.isalpha())
    handle = ascii_name or f"person{number}"
    subjects = (
        ("She", "her", "herself", "(she/her)", "Ms."),
        ("He", "his", "himself", "(he/him/his)", "Mr."),
        ("They", "their", "themselves", "(they/them)", "Mx."),
    )[number % 3]
    return Someone(
        name,
        first,
        last,
        f"{handle}{number}@example.com",
        PHONES[number % len(PHONES)],
        ADDRESSES[number % len(ADDRESSES)],
        handle,
        *subjects,
    )


PHONES = (
    "(555) 010-0199",
    "+49 30 5550 1234",
    "+1 202 555 0143",
    "020 7946 0958",
    "+91 98765 43210",
)
ADDRESSES = (
    "12 Oak Street, Springfield, IL 62704",
    "Musterstraße 5, 10115 Berlin",
    "Flat 4, The Old Bakery, 8 Mill Lane, London SE1 9AB",
    "Price, UT",
    "Rua das Flores 12, 1200-195 Lisboa, Portugal",
)
PEOPLE = tuple(
    someone(name, first=first, last=last, number=number)
    for number, (name, first, last) in enumerate(
        [
            ("Emily Walsh", "Emily", "Walsh"),
            ("Lakisha Washington", "Lakisha", "Washington"),
            ("José María Ñuñez-O'Brien", "José", "Ñuñez-O'Brien"),
            ("Nguyễn Thị Minh Khai", "Khai", "Nguyễn"),
            ("李小龙", "李小龙", "李小龙"),
            ("MOHAMMED AL-FAYED", "Mohammed", "Al-Fayed"),
            ("Baker", "Baker", "Baker"),
            ("Will Price", "Will", "Price"),
            ("Grace Carpenter", "Grace", "Carpenter"),
            ("van der Berg, Anna", "Anna", "van der Berg"),
            ("Jo Li", "Jo", "Li"),
            ("Иван Петров", "Иван", "Петров"),
            ("Mary-Jane Q. Smith", "Mary-Jane", "Smith"),
            ("Ruby Engineer-Jones", "Ruby", "Engineer-Jones"),
            ("अनिल कुमार", "अनिल", "कुमार"),
            ("محمد علي", "محمد", "علي"),
            ("Jose\u0301 Nu\u0301n\u0303ez", "Jose\u0301", "Nu\u0301n\u0303ez"),
            ("J. Robert Oppen", "Robert", "Oppen"),
            ('Robert "Bob" Marsh', "Bob", "Marsh"),
        ]
    )
)


def read(text: str | Sequence[str]) -> ExtractedText:
    """Lines without geometry, each a paragraph of its own, as from a DOCX."""
    texts = text.splitlines() if isinstance(text, str) else text
    lines = [line for line in texts if line.strip()]
    return ExtractedText(
        lines=tuple(
            Line(line, page=1, box=None, column=0, order=order) for order, line in enumerate(lines)
        ),
        n_pages=1,
        reading=Reading(engine="test", agreement=None, columns=1),
    )


def read_page(text: str) -> ExtractedText:
    """Lines with a box, where a long text goes on in the next one, as from a PDF."""
    extracted = read(text)
    lines = (
        replace(
            line, box=(50.0, 12.0 * line.order, 50.0 + 5 * len(line.text), 12.0 * line.order + 10)
        )
        for line in extracted.lines
    )
    return replace(extracted, lines=tuple(lines))


def analysed(text: str | Sequence[str]) -> ResumeProfile:
    return analyse_profile(read(text), document_date=TODAY, vocabulary=VOCABULARY)


def analysed_page(text: str) -> ResumeProfile:
    return analyse_profile(read_page(text), document_date=TODAY, vocabulary=VOCABULARY)

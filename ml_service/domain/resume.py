"""What a resume says, in the fields of JSON Resume (snake_case).

Dates are ISO 8601 as far as they are known: ``2021``, ``2021-03`` or ``2021-03-15``.
Line numbers are ``Line.order`` of the extracted text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SectionKind = Literal[
    "summary",
    "work",
    "education",
    "skills",
    "certificates",
    "languages",
    "projects",
    "awards",
    "publications",
    "volunteer",
    "interests",
    "references",
    "other",
]


@dataclass(frozen=True, slots=True)
class Section:
    """``heading`` stands on ``heading_line``; ``start_line`` to ``end_line`` are both included."""

    kind: SectionKind
    heading: str
    heading_line: int
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Contact:
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    location: str | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Highlight:
    """One bullet or sentence of a work entry, joined over its lines."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Work:
    """``current`` is true when the resume says "present", never guessed from a missing date."""

    position: str | None
    name: str | None
    start_date: str | None
    end_date: str | None
    current: bool
    highlights: tuple[Highlight, ...]
    start_line: int
    end_line: int
    position_line: int | None = None


@dataclass(frozen=True, slots=True)
class Education:
    institution: str | None
    area: str | None
    study_type: str | None
    start_date: str | None
    end_date: str | None


@dataclass(frozen=True, slots=True)
class Skill:
    """``evidence_line`` is the first line on which the skill was found.

    ``written`` is the item of the list in which it stands, where that is not ``name`` itself.
    """

    name: str
    evidence_line: int | None
    written: str | None = None


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """``fluency`` as written beside the name: ``native``, ``B2``, ``Grundkenntnisse``."""

    language: str
    fluency: str | None


@dataclass(frozen=True, slots=True)
class ResumeProfile:
    """``language`` is ISO 639-1. ``years_experience`` counts overlapping jobs once.

    ``languages`` are the names of ``spoken_languages``. ``resume_likelihood`` in [0, 1] is how
    likely the text is a resume at all.
    """

    language: str
    contact: Contact
    summary: str | None
    sections: tuple[Section, ...]
    work: tuple[Work, ...]
    education: tuple[Education, ...]
    skills: tuple[Skill, ...]
    certificates: tuple[str, ...]
    languages: tuple[str, ...]
    years_experience: float | None
    resume_likelihood: float = 1.0
    spoken_languages: tuple[SpokenLanguage, ...] = ()


@dataclass(frozen=True, slots=True)
class RedactedLine:
    """A line without identity. ``order`` is that of the extracted line it came from."""

    text: str
    page: int
    order: int


@dataclass(frozen=True, slots=True)
class RedactedText:
    """The only text that an encoder or a career model may see."""

    lines: tuple[RedactedLine, ...]

"""What a resume says."""

from __future__ import annotations

from pydantic import Field

from backend_client.types.base import Value


class Contact(Value):
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    location: str | None = None
    links: list[str]


class Section(Value):
    kind: str
    heading: str
    heading_line: int
    start_line: int
    end_line: int


class Work(Value):
    """Dates as ``2021`` or ``2021-03``."""

    position: str | None = None
    name: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    current: bool
    highlights: list[str]


class Education(Value):
    institution: str | None = None
    area: str | None = None
    study_type: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class Skill(Value):
    name: str
    evidence_line: int | None = None


class Reading(Value):
    """How the document was read; ``agreement`` and ``ocr_confidence`` in [0, 1]."""

    engine: str
    agreement: float | None = None
    columns: int
    warnings: list[str]
    ocr_pages: list[int] = Field(default_factory=list)
    ocr_confidence: float | None = None
    unread_pages: list[int] = Field(default_factory=list)


class Profile(Value):
    language: str
    contact: Contact
    summary: str | None = None
    sections: list[Section]
    work: list[Work]
    education: list[Education]
    skills: list[Skill]
    certificates: list[str]
    languages: list[str]
    years_experience: float | None = None
    reading: Reading

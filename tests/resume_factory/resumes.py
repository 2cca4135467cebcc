"""What an invented resume says, and how its writer puts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

JobForm = Literal[
    "title_employer_dates",
    "title_dates_employer",
    "employer_dates_title",
    "title_at_employer_dates",
    "dates_title_employer",
    "one_line",
]
StudyForm = Literal["degree_school_dates", "school_degree_dates", "one_line", "dates_first"]
SkillForm = Literal["bullets", "commas", "bars", "groups", "lines"]
SectionName = Literal[
    "summary", "work", "education", "skills", "certificates", "languages", "projects"
]


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """``month`` is 0 where the writer gives years only."""

    year: int
    month: int = 0

    @property
    def iso(self) -> str:
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)


@dataclass(frozen=True, slots=True)
class Job:
    """``end`` is None where the job goes on."""

    position: str
    employer: str
    place: str
    start: Month
    end: Month | None
    highlights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """``joint`` is what stands between degree and field; ``start`` is None for a single year."""

    degree: str
    joint: str
    area: str | None
    school: str
    start: Month | None
    end: Month


@dataclass(frozen=True, slots=True)
class NamedSkill:
    """``known_as`` is the name that O*NET's catalogue of technologies has for it."""

    written: str
    known_as: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How one writer writes; the same in every design of the resume."""

    headings: dict[SectionName, str]
    order: tuple[SectionName, ...]
    job_form: JobForm
    study_form: StudyForm
    skill_form: SkillForm
    month_form: str
    range_mark: str
    present: str
    bullet: str


@dataclass(frozen=True, slots=True)
class InventedResume:
    """Nobody and no employer in it exists. ``phone`` is as written, ``phone_e164`` as dialled."""

    number: int
    name: str
    headline: str | None
    email: str
    phone: str
    phone_e164: str
    links: tuple[str, ...]
    location: str
    summary: str | None
    jobs: tuple[Job, ...]
    studies: tuple[Study, ...]
    skills: tuple[NamedSkill, ...]
    certificates: tuple[str, ...]
    languages: tuple[tuple[str, str], ...]
    projects: tuple[str, ...]
    manner: Manner

"""A resume as blocks, and blocks in the columns of a page: the same for every producer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tests.resume_factory.resumes import InventedResume, Job, Manner, Month, SectionName, Study

BlockKind = Literal["name", "headline", "heading", "head", "subhead", "text", "bullet"]
Arrangement = Literal["one", "left", "right", "equal", "three", "flow_2", "flow_3"]

_RAIL: tuple[SectionName, ...] = ("skills", "languages", "certificates")
_MONTH_NAMES = (
    "January February March April May June July August September October November December"
)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph. ``right`` stands at the right edge of its line, or below if it is too long.

    ``first`` begins an entry: there is space above it, and none between the lines of a head.
    """

    kind: BlockKind
    text: str
    right: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """``top`` spans the page; ``widths`` are shares of the line, one for each of ``columns``.

    Where ``flows_in`` is not 1, the one column flows through as many of equal width.
    """

    top: tuple[Block, ...]
    columns: tuple[tuple[Block, ...], ...]
    widths: tuple[float, ...]
    flows_in: int = 1

    @property
    def n_columns(self) -> int:
        return max(len(self.columns), self.flows_in)


def arrange(resume: InventedResume, arrangement: Arrangement) -> Page:
    return _ARRANGEMENTS[arrangement](resume)


def _one(resume: InventedResume) -> Page:
    return Page(_head_of_page(resume), (_sections(resume, *resume.manner.order),), (1.0,))


def _left(resume: InventedResume) -> Page:
    main = _sections(resume, *_without(resume, *_RAIL))
    return Page(_title(resume), ((*_contact(resume), *_sections(resume, *_RAIL)), main), (0.3, 0.7))


def _right(resume: InventedResume) -> Page:
    main = (*_title(resume), *_sections(resume, *_without(resume, *_RAIL)))
    return Page((), (main, (*_contact(resume), *_sections(resume, *_RAIL))), (0.68, 0.32))


def _equal(resume: InventedResume) -> Page:
    left: tuple[SectionName, ...] = ("summary", "work")
    right = _sections(resume, *_without(resume, *left))
    return Page(_head_of_page(resume), (_sections(resume, *left), right), (0.5, 0.5))


def _three(resume: InventedResume) -> Page:
    left = (*_contact(resume), *_sections(resume, "skills", "languages"))
    main = _sections(resume, "summary", "work")
    right = _sections(resume, "education", "certificates", "projects")
    return Page(_title(resume), (left, main, right), (0.27, 0.48, 0.25))


def _flow_2(resume: InventedResume) -> Page:
    sections = _sections(resume, *resume.manner.order)
    return Page(_head_of_page(resume), (sections,), (1.0,), flows_in=2)


def _flow_3(resume: InventedResume) -> Page:
    sections = _sections(resume, *resume.manner.order)
    return Page(_head_of_page(resume), (sections,), (1.0,), flows_in=3)


_ARRANGEMENTS: dict[Arrangement, Callable[[InventedResume], Page]] = {
    "one": _one,
    "left": _left,
    "right": _right,
    "equal": _equal,
    "three": _three,
    "flow_2": _flow_2,
    "flow_3": _flow_3,
}


def _without(resume: InventedResume, *names: SectionName) -> tuple[SectionName, ...]:
    return tuple(name for name in resume.manner.order if name not in names)


def _title(resume: InventedResume) -> tuple[Block, ...]:
    headline = (Block("headline", resume.headline),) if resume.headline else ()
    return (Block("name", resume.name), *headline)


def _contact_lines(resume: InventedResume) -> tuple[str, ...]:
    return (resume.email, resume.phone, resume.location, *resume.links)


def _head_of_page(resume: InventedResume) -> tuple[Block, ...]:
    mark = " | " if resume.number % 2 else " · "
    return (*_title(resume), Block("text", mark.join(_contact_lines(resume))))


def _contact(resume: InventedResume) -> tuple[Block, ...]:
    lines = tuple(Block("text", line) for line in _contact_lines(resume))
    return (Block("heading", "Contact"), *lines)


def _sections(resume: InventedResume, *names: SectionName) -> tuple[Block, ...]:
    """Headings with what stands below; a section without content is left out."""
    blocks: list[Block] = []
    for name in names:
        content = tuple(_CONTENT[name](resume))
        if content:
            blocks += (Block("heading", resume.manner.headings[name]), *content)
    return tuple(blocks)


def _summary(resume: InventedResume) -> Iterator[Block]:
    if resume.summary:
        yield Block("text", resume.summary)


def _work(resume: InventedResume) -> Iterator[Block]:
    for job in resume.jobs:
        yield from _entry(_job_head(job, resume.manner))
        yield from (Block("bullet", text) for text in job.highlights)


def _entry(head: tuple[Block, ...]) -> tuple[Block, ...]:
    return (replace(head[0], first=True), *head[1:])


def _job_head(job: Job, manner: Manner) -> tuple[Block, ...]:
    dates = _range(job.start, job.end, manner)
    employer = f"{job.employer}, {job.place}"
    match manner.job_form:
        case "title_employer_dates":
            return (
                Block("head", job.position),
                Block("subhead", employer),
                Block("subhead", dates),
            )
        case "title_dates_employer":
            return Block("head", job.position, right=dates), Block("subhead", employer)
        case "employer_dates_title":
            return Block("head", employer, right=dates), Block("subhead", job.position)
        case "title_at_employer_dates":
            head = Block("head", f"{job.position} at {job.employer}")
            return head, Block("subhead", f"{dates} | {job.place}")
        case "dates_title_employer":
            return (
                Block("subhead", dates),
                Block("head", job.position),
                Block("subhead", employer),
            )
        case "one_line":
            return (Block("head", f"{job.position} | {job.employer} | {dates}"),)


def _education(resume: InventedResume) -> Iterator[Block]:
    for study in resume.studies:
        yield from _entry(_study(study, resume.manner))


def _study(study: Study, manner: Manner) -> tuple[Block, ...]:
    degree = f"{study.degree}{study.joint}{study.area or ''}"
    dates = _range(study.start, study.end, manner) if study.start else study.end.iso
    match manner.study_form:
        case "degree_school_dates":
            return Block("head", degree), Block("subhead", study.school), Block("subhead", dates)
        case "school_degree_dates":
            return Block("head", study.school, right=dates), Block("subhead", degree)
        case "one_line":
            return (Block("text", f"{degree}, {study.school}, {dates}"),)
        case "dates_first":
            return Block("subhead", dates), Block("head", degree), Block("subhead", study.school)


def _skills(resume: InventedResume) -> Iterator[Block]:
    names = [skill.written for skill in resume.skills]
    match resume.manner.skill_form:
        case "bullets":
            yield from (Block("bullet", name) for name in names)
        case "lines":
            yield from (Block("text", name) for name in names)
        case "commas":
            yield Block("text", ", ".join(names))
        case "bars":
            yield Block("text", " | ".join(names))
        case "groups":
            half = len(names) // 2
            yield Block("text", f"Tools: {', '.join(names[:half])}")
            yield Block("text", f"Practice: {', '.join(names[half:])}")


def _certificates(resume: InventedResume) -> Iterator[Block]:
    kind: BlockKind = "text" if resume.manner.skill_form == "lines" else "bullet"
    yield from (Block(kind, text) for text in resume.certificates)


def _languages(resume: InventedResume) -> Iterator[Block]:
    if resume.manner.skill_form in {"bullets", "lines", "groups"}:
        yield from (Block("text", f"{name} – {level}") for name, level in resume.languages)
    elif resume.languages:
        yield Block("text", ", ".join(f"{name} ({level})" for name, level in resume.languages))


def _projects(resume: InventedResume) -> Iterator[Block]:
    yield from (Block("bullet", text) for text in resume.projects)


_CONTENT: dict[SectionName, Callable[[InventedResume], Iterator[Block]]] = {
    "summary": _summary,
    "work": _work,
    "education": _education,
    "skills": _skills,
    "certificates": _certificates,
    "languages": _languages,
    "projects": _projects,
}


def _range(start: Month, end: Month | None, manner: Manner) -> str:
    until = manner.present if end is None else _written(end, manner)
    return f"{_written(start, manner)}{manner.range_mark}{until}"


def _written(month: Month, manner: Manner) -> str:
    if not month.month:
        return str(month.year)
    full = _MONTH_NAMES.split()[month.month - 1]
    return manner.month_form.format(full=full, short=full[:3], year=month.year, number=month.month)

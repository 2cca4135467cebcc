"""Resumes invented from a seed: the same seed gives the same people."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from typing import cast

from tests.resume_factory.resumes import (
    InventedResume,
    Job,
    JobForm,
    Manner,
    Month,
    NamedSkill,
    SectionName,
    SkillForm,
    Study,
    StudyForm,
)
from tests.resume_factory.trades import TRADES
from tests.resume_factory.wording import (
    EMPLOYERS,
    HEADINGS,
    KNOWN_AS,
    LANGUAGES,
    LEVELS,
    LINKS,
    MAIL_DOMAINS,
    NAMES,
    PHONES,
    PLACES,
    SCHOOLS,
    Trade,
)

LAST_MONTH = Month(2025, 3)
_MONTH_FORMS = ("{full} {year}", "{short} {year}", "{number:02d}/{year}", "{year}-{number:02d}", "")
_RANGE_MARKS = (" - ", " – ", " to ", " — ", "–")
_PRESENT = ("Present", "present", "Current", "Now")
_BULLETS = ("•", "-", "▪", "–", "·")
_JOB_FORMS: tuple[JobForm, ...] = (
    "title_employer_dates",
    "title_dates_employer",
    "employer_dates_title",
    "title_at_employer_dates",
    "dates_title_employer",
    "one_line",
)
_STUDY_FORMS: tuple[StudyForm, ...] = (
    "degree_school_dates",
    "school_degree_dates",
    "one_line",
    "dates_first",
)
_SKILL_FORMS: tuple[SkillForm, ...] = ("bullets", "commas", "bars", "groups", "lines")
_ORDERS: tuple[tuple[SectionName, ...], ...] = (
    ("summary", "work", "education", "skills", "certificates", "languages", "projects"),
    ("summary", "skills", "work", "projects", "education", "certificates", "languages"),
    ("education", "work", "projects", "skills", "languages", "certificates", "summary"),
    ("summary", "education", "skills", "certificates", "work", "projects", "languages"),
)


def invent_resumes(count: int, *, seed: int = 5) -> tuple[InventedResume, ...]:
    return tuple(_resume(number, random.Random(f"{seed}/{number}")) for number in range(count))


def _resume(number: int, chance: random.Random) -> InventedResume:
    trade = TRADES[number % len(TRADES)]
    name = _name(number, chance)
    handle = _handle(name)
    phone, dialled = PHONES[number % len(PHONES)]
    digits = f"{chance.randint(10, 99)}"
    manner = _manner(number, chance)
    jobs = tuple(_jobs(trade, chance, months=bool(manner.month_form)))
    headline = jobs[0].position if chance.random() < 0.7 else None
    return InventedResume(
        number=number,
        name=name,
        headline=headline,
        email=f"{handle}@{chance.choice(MAIL_DOMAINS)}",
        phone=phone.replace("XX", digits),
        phone_e164=dialled.replace("XX", digits).replace(" ", ""),
        links=_links(handle, chance),
        location=chance.choice(PLACES),
        summary=trade.summary if chance.random() < 0.7 else None,
        jobs=jobs,
        studies=tuple(_studies(trade, chance, before=jobs[-1].start.year)),
        skills=_skills(trade, chance),
        certificates=_some(trade.certificates, chance, share=0.7),
        languages=_languages(chance),
        projects=_some(trade.projects, chance, share=0.4),
        manner=manner,
    )


def _name(number: int, chance: random.Random) -> str:
    origins = sorted(NAMES)
    firsts, lasts = NAMES[origins[number * 7 % len(origins)]]
    first = chance.choice(firsts.split())
    last = chance.choice(lasts.split()).replace("_", " ")
    middle = f"{chance.choice('ABCDEHJKLMNPRT')}. " if chance.random() < 0.15 else ""
    return f"{first} {middle}{last}"


def _handle(name: str) -> str:
    """``maelle.daubrac`` of Maëlle d'Aubrac: what an address on the network can hold."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o"))
    letters = "".join(mark for mark in plain if mark.isascii() and (mark.isalpha() or mark == " "))
    words = [word for word in letters.lower().split() if len(word) > 1]
    last = "".join(words[1:])
    return f"{words[0] if len(last) < 10 else words[0][0]}.{last}"


def _links(handle: str, chance: random.Random) -> tuple[str, ...]:
    count = chance.choice((0, 1, 1, 2))
    short = handle.replace(".", "")
    return tuple(link.format(handle=short) for link in chance.sample(LINKS, count))


def _manner(number: int, chance: random.Random) -> Manner:
    month_form = _MONTH_FORMS[number // 2 % len(_MONTH_FORMS)]
    dashed = "-" in month_form  # 2018-11–2022-07 is hard to read and worse where it wraps
    return Manner(
        headings=_headings(chance),
        order=chance.choice(_ORDERS),
        job_form=_JOB_FORMS[number % len(_JOB_FORMS)],
        study_form=chance.choice(_STUDY_FORMS),
        skill_form=_SKILL_FORMS[number % len(_SKILL_FORMS)],
        month_form=month_form,
        range_mark=chance.choice(_RANGE_MARKS[:-1] if dashed else _RANGE_MARKS),
        present=chance.choice(_PRESENT),
        bullet=chance.choice(_BULLETS),
    )


def _headings(chance: random.Random) -> dict[SectionName, str]:
    capitals = chance.random() < 0.4
    chosen = {name: chance.choice(texts) for name, texts in HEADINGS.items()}
    shown = {name: text.upper() if capitals else text for name, text in chosen.items()}
    return cast("dict[SectionName, str]", shown)


def _jobs(trade: Trade, chance: random.Random, *, months: bool) -> Iterator[Job]:
    """The latest first, each ending where a person has already begun the next or a bit before."""
    count = chance.choice((1, 2, 2, 3, 3, 4, 5))
    titles = [*reversed(trade.titles)][:count]
    titles += [trade.titles[0]] * (count - len(titles))
    employers = chance.sample(EMPLOYERS, count)
    deeds = chance.sample(trade.deeds, len(trade.deeds)) * 4
    until: Month | None = None if chance.random() < 0.7 else _back(LAST_MONTH, 4)
    for title, employer in zip(titles, employers, strict=True):
        start = _back(until or LAST_MONTH, chance.randint(14, 44))
        told = [deeds.pop() for _ in range(chance.randint(2, 5))]
        yield Job(
            position=title,
            employer=employer,
            place=chance.choice(PLACES),
            start=_as_given(start, months=months),
            end=None if until is None else _as_given(until, months=months),
            highlights=tuple(deed.format(chance.randint(3, 64)) for deed in dict.fromkeys(told)),
        )
        until = _back(start, chance.randint(1, 5))


def _back(month: Month, count: int) -> Month:
    total = month.year * 12 + month.month - 1 - count
    return Month(total // 12, total % 12 + 1)


def _as_given(month: Month, *, months: bool) -> Month:
    return month if months else Month(month.year)


def _studies(trade: Trade, chance: random.Random, *, before: int) -> Iterator[Study]:
    count = chance.choice((1, 1, 2))
    ranged = chance.random() < 0.5
    schools = chance.sample(SCHOOLS, count)
    year = before
    for (degree, joint, area), school in zip(
        chance.sample(trade.degrees, count), schools, strict=True
    ):
        start = Month(year - chance.randint(2, 4))
        yield Study(degree, joint, area, school, start if ranged else None, Month(year))
        year = start.year


def _skills(trade: Trade, chance: random.Random) -> tuple[NamedSkill, ...]:
    tools = chance.sample(trade.tools, min(len(trade.tools), chance.randint(2, 6)))
    abilities = chance.sample(trade.abilities, min(len(trade.abilities), chance.randint(2, 5)))
    return tuple(NamedSkill(name, KNOWN_AS.get(name, name)) for name in (*tools, *abilities))


def _some(texts: Sequence[str], chance: random.Random, *, share: float) -> tuple[str, ...]:
    if chance.random() >= share:
        return ()
    return tuple(chance.sample(texts, chance.randint(1, len(texts))))


def _languages(chance: random.Random) -> tuple[tuple[str, str], ...]:
    names = chance.sample(LANGUAGES, chance.choice((0, 2, 3)))
    return tuple((name, chance.choice(LEVELS)) for name in names)

"""Entries of the occupation catalogue (O*NET-SOC 2019)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wage:
    """National median, US dollars a year, as of ``year``; ``at_least`` when the source caps it."""

    median: int
    year: int
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Occupation:
    """``soc_code`` is an O*NET-SOC 2019 code such as 15-1252.00; ``job_zone`` is 1 to 5.

    ``related`` lists codes, closest first.
    """

    soc_code: str
    title: str
    alternate_titles: tuple[str, ...]
    job_zone: int | None
    related: tuple[str, ...]
    technologies: tuple[str, ...]
    skills: tuple[str, ...]
    wage: Wage | None

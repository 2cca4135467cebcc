"""Remote work and employment types where a posting states them plainly, else nothing.

Read are the title, the location and labelled lines of the description ("Job type: Part-Time").
Running text is not: "works with remote teams" and "part-time staff get benefits" state nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ml_service.job_sources.field_values import employment_types

_REMOTE = {
    "true": True, "yes": True, "y": True, "1": True, "1.0": True, "remote": True,
    "telecommute": True, "fully remote": True, "100% remote": True,
    "false": False, "no": False, "n": False, "0": False, "0.0": False, "onsite": False,
    "on-site": False, "on site": False, "in person": False, "in-person": False, "hybrid": False,
}  # fmt: skip
_LABELLED = re.compile(r"^[\s\-*•·]*([A-Za-z][A-Za-z /]{2,30}?)\s*:\s*(\S.{0,120})", re.MULTILINE)
_PLACE_LABELS = frozenset({
    "location", "job location", "work location", "workplace", "workplace type", "work arrangement",
    "remote",
})  # fmt: skip
_TYPE_LABELS = frozenset({
    "job type", "job types", "employment type", "employment types", "type of employment",
    "position type", "contract type", "work type", "work status", "employment status",
    "position status", "type", "hours", "schedule", "job status",
})  # fmt: skip
_STARTS_REMOTE = re.compile(r"(?:fully |100% )?remote\b", re.IGNORECASE)
_SAYS_REMOTE = re.compile(r"(?<!non-)(?<!not )(?<!semi-)\bremote\b", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"\bhybrid\b|\bon-?\s?site\b|\boffice\b|\bin[- ]person\b|\bpart(?:ly|ially)\b|\bor\b|"
    # What is remote is not the work: "Remote Sensing Analyst", "Remote Area Nurse".
    r"\bremote (?:sensing|areas?|sites?|access|support|monitoring|control|operat\w+|patient|"
    r"systems?|infrastructure|hands|deposition|communit\w+|location)\b|"
    r"\bremote[- ](?:controlled|sensed)",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"\b(full|part)[- _]?time\b|\b(contract(?:or)?)\b(?![- ]to[- ](?:hire|perm))|"
    r"\b(intern)(?:ship)?\b|\b(temporary)\b|\b(per)[- ]diem\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(full|part)[- ]?time\b", re.IGNORECASE)
_SEGMENT = re.compile(r"\s[-–—]\s*|[()|,/:\[\]]")
_SEGMENT_CONTRACT = re.compile(r"(?:(?:\d+|fixed)[- ](?:months?|term)\s)?contract", re.IGNORECASE)
_SEGMENT_INTERN = re.compile(r"(?:.*\s)?intern(?:ship)?", re.IGNORECASE)


def stated_remote(
    field: object, *, title: str, location: str | None, description: str
) -> bool | None:
    """What a field says wins, then the location, labelled lines, the title; None is unknown."""
    said = _said(field)
    if said is not None:
        return said
    lines = (value for _, value in _labelled(description, _PLACE_LABELS))
    for place in (location or "", *lines):
        said = _said_of_place(place)
        if said is not None:
            return said
    return True if _SAYS_REMOTE.search(title) and not _OTHERWISE.search(title) else None


def stated_employment_types(*, title: str, description: str) -> tuple[str, ...]:
    """Of the title, and of labelled lines where the title names none; as in the contract."""
    return employment_types(list(_kinds_of_title(title))) or employment_types(
        [
            kind
            for _, value in _labelled(description, _TYPE_LABELS)
            if not re.search(r"\bnot\b", value, re.IGNORECASE)
            for kind in _kinds(value)
        ]
    )


def _said(field: object) -> bool | None:
    if isinstance(field, bool):
        return field
    return _REMOTE.get(str(field).strip().lower()) if isinstance(field, str | int) else None


def _said_of_place(place: str) -> bool | None:
    bare = place.strip().rstrip(".")
    if bare.casefold() in {"remote", "on-site", "onsite", "on site", "in person", "hybrid"}:
        return _REMOTE[bare.casefold()]
    if _STARTS_REMOTE.match(bare) and not _OTHERWISE.search(bare):
        return True
    return None


def _labelled(description: str, labels: frozenset[str]) -> Iterator[tuple[str, str]]:
    for line in _LABELLED.finditer(description):
        if line[1].strip().casefold() in labels:
            yield line[1], line[2]


def _kinds(value: str) -> Iterator[str]:
    for found in _KIND.finditer(value):
        word = next(group for group in found.groups() if group)
        yield {"full": "FULLTIME", "part": "PARTTIME", "per": "PERDIEM"}.get(word.lower(), word)


def _kinds_of_title(title: str) -> Iterator[str]:
    """A "Contract Manager" manages contracts: the word must stand by itself, or be the last."""
    for found in _TIME.finditer(title):
        yield f"{found[1]}time"
    for segment in (part.strip() for part in _SEGMENT.split(title)):
        if _SEGMENT_CONTRACT.fullmatch(segment):
            yield "CONTRACT"
        if _SEGMENT_INTERN.fullmatch(segment):
            yield "INTERN"

"""Advice without points: gaps, style, and small things that a writer would want to know."""

from __future__ import annotations

import re

from ml_service.ats.date_check import parsed
from ml_service.ats.rubric import GAP_TIP_MONTHS, LONG_DOCUMENT_PAGES
from ml_service.ats.submission import Submission

_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I’m|I've|I’ve|my|My|me)\b(?![.)/-])")
_WEAK_START = re.compile(r"^\W*(?:responsible for|duties|tasked with|worked on)\b", re.IGNORECASE)
_MISCODED = re.compile(r"â[€\u0080-\u009f]|Ã[\u0080-¿]|ï[¼»]|Â[\u0080-¿ ]|â[žœ]")
_PERSONAL = re.compile(
    r"\b(?:date of birth|d\.?o\.?b\.?:|born on|marital status|nationality:|religion:|"
    r"geburtsdatum|familienstand|fecha de nacimiento|estado civil|date de naissance|"
    r"data di nascita|data de nascimento)\b",
    re.IGNORECASE,
)
_MAX_GAPS = 3


def tips(submission: Submission) -> tuple[str, ...]:
    """Sentences in a fixed order; none of them costs a point."""
    found = [
        *_gaps(submission),
        _first_person(submission),
        _weak_starts(submission),
        _miscoded(submission),
        _personal(submission),
        _pages(submission),
    ]
    return tuple(tip for tip in found if tip)


def _gaps(submission: Submission) -> list[str]:
    """Between one entry's end and the next start, where both are known to the month."""
    spans = sorted(
        (_month(work.start_date), _month_or_now(submission, work.end_date, current=work.current))
        for work in submission.profile.work
        if _has_month(work.start_date) and (work.current or _has_month(work.end_date))
    )
    gaps: list[str] = []
    covered = spans[0][1] if spans else 0
    for start, end in spans:
        if start - covered - 1 >= GAP_TIP_MONTHS:
            gaps.append(
                f"Nothing is told of the {start - covered - 1} months before "
                f"{_written(start)}; a line on them answers the question before it is asked."
            )
        covered = max(covered, end)
    return gaps[-_MAX_GAPS:]


def _has_month(iso: str | None) -> bool:
    return iso is not None and len(parsed(iso)) == 2


def _month(iso: str | None) -> int:
    """Months since the year 0."""
    year, month = parsed(iso or "")
    return year * 12 + month - 1


def _month_or_now(submission: Submission, iso: str | None, *, current: bool) -> int:
    if current:
        return submission.document_date.year * 12 + submission.document_date.month - 1
    return _month(iso)


def _written(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"


def _first_person(submission: Submission) -> str | None:
    n_lines = sum(bool(_FIRST_PERSON.search(line.text)) for line in submission.extracted.lines)
    if submission.profile.language != "en" or not n_lines:
        return None
    return f"Lines with 'I' or 'my': {n_lines}. Resumes usually leave the person out."


def _weak_starts(submission: Submission) -> str | None:
    n_bullets = sum(bool(_WEAK_START.search(bullet.text)) for bullet in submission.bullets)
    if not n_bullets:
        return None
    return f"Bullets that begin with a duty ('responsible for'): {n_bullets}. Say what came of it."


def _miscoded(submission: Submission) -> str | None:
    lines = [line for line in submission.extracted.lines if _MISCODED.search(line.text)]
    if not lines:
        return None
    return (
        f"Lines with broken characters: {len(lines)}, the first on page {lines[0].page}. They "
        "come from text that was copied in another encoding."
    )


def _personal(submission: Submission) -> str | None:
    if not any(_PERSONAL.search(line.text) for line in submission.extracted.lines):
        return None
    return "Birth, family status and religion have no place in a resume in many countries."


def _pages(submission: Submission) -> str | None:
    n_pages = submission.extracted.n_pages
    if n_pages < LONG_DOCUMENT_PAGES:
        return None
    return f"The resume has {n_pages} pages; two are enough for most readers."

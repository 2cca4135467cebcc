"""Whether the dates of the work entries are complete, possible and written in one way."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from ml_service.ats.rubric import (
    DATES_COMPLETE_SHARE,
    DATES_CONSISTENT_SHARE,
    DATES_PLAUSIBLE_SHARE,
)
from ml_service.ats.submission import Finding, Submission
from ml_service.domain.resume import Work

# Months as they are written in English, German, French, Spanish, Portuguese and Italian.
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|"
    "januar|jänner|februar|märz|mai|juni|juli|oktober|dezember|mrz|okt|dez|"
    "janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|janv|févr|"
    "avr|juil|déc|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|"
    "diciembre|ene|abr|ago|dic|"
    "janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|fev|mai|out|"
    "gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|gen|mag|giu|lug|set|"
    "ott"
)
_YEAR = r"(?:19|20)\d\d"
_A_YEAR = re.compile(_YEAR)
_WAYS = {
    "month name and year": re.compile(
        rf"\b(?:{_MONTHS})\b\.?,?\s*(?:d[eo]\s+)?(?:\d{{1,2}},?\s+)?{_YEAR}\b", re.IGNORECASE
    ),
    "day, month and year in figures": re.compile(
        rf"\b(?:\d{{1,2}}[./-]\d{{1,2}}[./-]{_YEAR}|{_YEAR}-\d\d-\d\d)\b"
    ),
    "month and year in figures": re.compile(
        rf"\b(?:\d{{1,2}}\s?[./-]\s?{_YEAR}|{_YEAR}[./-]\d{{1,2}}(?!\d))\b"
    ),
    "year alone": re.compile(rf"(?<![\d,.$€£]){_YEAR}(?![\d,]*\d)"),
}


def check_dates(submission: Submission) -> Finding:
    work = submission.profile.work
    if not work:
        return _without_entries(submission)
    incomplete = [entry for entry in work if not _is_complete(entry)]
    dated = [entry for entry in work if entry.start_date or entry.end_date]
    impossible = [entry for entry in dated if not _is_possible(entry, submission.document_date)]
    ways = [(entry, _ways_of_writing(submission, entry)) for entry in dated]
    usual = _usual_way(ways)
    unusual = [entry for entry, found in ways if found - {usual}]
    share = DATES_COMPLETE_SHARE * (1 - len(incomplete) / len(work))
    if dated:
        share += DATES_PLAUSIBLE_SHARE * (1 - len(impossible) / len(dated))
        share += DATES_CONSISTENT_SHARE * (1 - len(unusual) / len(dated))
    wrong = [*incomplete, *impossible, *unusual]
    return Finding(
        share=share,
        evidence=submission.evidence(_date_line(submission, entry) for entry in wrong or work),
        fix=_fix(incomplete=incomplete, impossible=impossible, unusual=unusual, usual=usual),
    )


def _without_entries(submission: Submission) -> Finding:
    """Undecidable without any work; a work section in which no entry was found is not readable."""
    headings = [s.heading_line for s in submission.profile.sections if s.kind == "work"]
    if not headings:
        return Finding(share=None, fix="Add work entries with a start and an end.")
    return Finding(
        share=0.0,
        evidence=submission.evidence(headings),
        fix="Give each job a line of its own with its start and end, as in 'Mar 2019 - Jun 2021'.",
    )


def _is_complete(entry: Work) -> bool:
    return bool(entry.start_date) and (entry.current or bool(entry.end_date))


def _is_possible(entry: Work, document_date: date) -> bool:
    """No end before its start, nothing after the document was written."""
    written = (document_date.year, document_date.month)
    moments = [parsed(value) for value in (entry.start_date, entry.end_date) if value]
    if any(is_later(moment, written) for moment in moments):
        return False
    return not (len(moments) == 2 and is_later(moments[0], moments[1]))


def parsed(iso: str) -> tuple[int, ...]:
    """Year, and month where it is known."""
    return tuple(int(part) for part in iso.split("-")[:2])


def is_later(moment: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Compares as far as both are known: 2021 is not later than 2021-03."""
    known = min(len(moment), len(other))
    return moment[:known] > other[:known]


def _ways_of_writing(submission: Submission, entry: Work) -> set[str]:
    """Over all lines of the head at once: a narrow column breaks dates as well."""
    head = " ".join(_text_at(submission, order) for order in _heading_lines(entry))
    return {way for way, _ in _dates_in(head)}


def _heading_lines(entry: Work) -> range:
    """The lines above the first bullet; bullets mention years that date nothing."""
    first_bullet = min((bullet.line for bullet in entry.highlights), default=entry.end_line + 1)
    return range(entry.start_line, max(first_bullet, entry.start_line + 1))


def _text_at(submission: Submission, order: int) -> str:
    lines = submission.extracted.lines
    return lines[order].text if 0 <= order < len(lines) else ""


def _dates_in(text: str) -> list[tuple[str, str]]:
    """Way of writing and what is written, the most precise first; no part counts twice."""
    found: list[tuple[str, str]] = []
    if _A_YEAR.search(text) is None:
        return found
    for way, pattern in _WAYS.items():
        found += [(way, match.group()) for match in pattern.finditer(text)]
        text = pattern.sub(" ", text)
    return found


def _usual_way(ways: list[tuple[Work, set[str]]]) -> str | None:
    """The way most entries use; of equals the more precise, in the order of ``_WAYS``."""
    counts = Counter(way for _, found in ways for way in found)
    return max(_WAYS, key=lambda way: counts[way]) if counts else None


def _date_line(submission: Submission, entry: Work) -> int:
    dated = (order for order in _heading_lines(entry) if _dates_in(_text_at(submission, order)))
    return next(dated, entry.start_line)


def _fix(
    *, incomplete: list[Work], impossible: list[Work], unusual: list[Work], usual: str | None
) -> str | None:
    steps = []
    if incomplete:
        steps.append(
            f"Give every entry a start and an end (or 'present'): {len(incomplete)} lack one."
        )
    if impossible:
        steps.append(
            f"Correct dates that end before they start or lie in the future: {len(impossible)}."
        )
    if unusual:
        steps.append(f"Write every date in one way: most are {usual}.")
    return " ".join(steps) or None

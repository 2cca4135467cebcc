"""Dates and date ranges as resumes write them, in six languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ml_service.analysis.phrases.alternatives import any_of
from ml_service.analysis.phrases.folding import fold

_MONTH_NAMES = {
    1: "january jan januar janner janvier janv enero ene janeiro gennaio gen",
    2: "february feb februar fevrier fevr fev febrero fevereiro febbraio febb",
    3: "march mar marz maerz mars marzo março marco mrz",
    4: "april apr avril avr abril abr aprile",
    5: "may mai mayo maio maggio mag",
    6: "june jun juni juin junio junho giugno giu",
    7: "july jul juli juillet juil julio julho luglio lug",
    8: "august aug août aout agosto ago",
    9: "september sept sep septembre septiembre setiembre setembro set settembre sett",
    10: "october oct oktober okt octobre octubre outubro out ottobre ott",
    11: "november nov novembre noviembre novembro",
    12: "december dec dezember dez decembre diciembre dic dezembro dicembre",
}
_MONTHS = {fold(name): month for month, names in _MONTH_NAMES.items() for name in names.split()}
_SEASONS = ("spring", "summer", "fall", "autumn", "winter")
_PRESENT = (
    "present current currently now today ongoing till date to date till now until now "
    "up to date heute aktuell jetzt gegenwärtig présent aujourd'hui aujourd’hui actuel "
    "actuellement en cours actual actualidad actualmente presente hoy atual atualmente hoje "
    "o momento attuale attualmente oggi in corso laufend"
)
_PRESENT_PHRASES = (
    "till date|to date|till now|until now|up to date|en cours|o momento|la actualidad|in corso|"
    "la fecha"
)

_MONTH_WORDS = sorted(
    {name for names in _MONTH_NAMES.values() for name in names.split()}
    | {"märz", "février", "févr", "décembre", "déc", "jänner"},
    key=len,
    reverse=True,
)
_MONTH_WORD = any_of(_MONTH_WORDS)
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_DATE = (
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th|\.|º|°)?\s*(?:de\s+)?)?(?<![^\W\d_])(?:{_MONTH_WORD})\.?,?"
    rf"\s*(?:\d{{1,2}}(?:st|nd|rd|th)?,\s*)?(?:de[l]?\s+|of\s+|/\s*|-\s*)?"
    rf"(?:{_YEAR}|['’]\d{{2}}(?!\d))"
    rf"|(?:{'|'.join(_SEASONS)})\s+(?:of\s+)?{_YEAR}"
    rf"|(?<!\d)\d{{1,2}}[./]\d{{1,2}}[./]{_YEAR}(?!\d)"
    rf"|(?<!\d){_YEAR}-(?:0[1-9]|1[0-2])(?:-\d{{2}})?(?!\d)"
    rf"|(?<!\d){_YEAR}[./](?:0?[1-9]|1[0-2])(?!\d)"
    rf"|(?<!\d)(?:0?[1-9]|1[0-2])\s?[./\-]\s?{_YEAR}(?!\d)"
    rf"|(?<![\d$€£]){_YEAR}(?![\d%]))"
)
_OPEN = "|".join(
    [_PRESENT_PHRASES.replace(" ", r"\s+")]
    + [
        word
        for word in _PRESENT.split()
        if word not in {"till", "date", "to", "until", "up", "en", "cours", "o", "momento", "in"}
        and word != "corso"
    ]
)
# What is left of a dash whose UTF-8 was read as Latin-1 or Windows-1252, as in "2014 ï¼ 2016".
_BROKEN_DASH = r"(?:ï¼|â€|â\x80)[^\s\w]?"
_SEPARATOR = (
    rf"\s*(?:[-–—−‐‑~→\u00ad]+|{_BROKEN_DASH}|\bto\b|\buntil\b|\btill\b|\bthrough\b|\bthru\b|\bbis(?:\s+zum|\s+zu)?\b|"
    r"\bà\b|\bau\b|\bal?\b|\bhasta(?:\s+la)?\b|\baté(?:\s+o)?\b|\bfino\s+a\b|\band\b|to(?=\d|[A-Z]))\s*"
)
_RANGE = re.compile(
    rf"(?P<start>{_DATE})(?:{_SEPARATOR}(?P<end>{_DATE}|(?:{_OPEN})(?![^\W\d_])))"
    rf"|(?:\b(?:since|seit|depuis|desde|dal)\s+(?P<since>{_DATE}))",
    re.IGNORECASE,
)
_SINGLE = re.compile(_DATE, re.IGNORECASE)
_IN_EVERY_DATE = re.compile(rf"{_YEAR}|['’]\d{{2}}")
_MONTH_AT_END = re.compile(rf"(?<![^\W\d_])(?:{_MONTH_WORD})\.?$", re.IGNORECASE)
_LONGEST_MONTH = len(_MONTH_WORDS[0])
_OPEN_RANGE = re.compile(
    rf"(?:{_DATE})\s*(?:[-–—]|\bto|\bbis|\bà|\bau|\ba|\bal|\baté)$", re.IGNORECASE
)
_DATE_FIRST = re.compile(rf"(?:{_DATE}|(?:{_OPEN})(?![^\W\d_]))", re.IGNORECASE)
_DASH_FIRST = re.compile(
    rf"(?:[-–—]|to\b|bis\b|à\b|au\b)\s*(?:{_DATE}|(?:{_OPEN})(?![^\W\d_]))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DateRange:
    """``start`` and ``end`` are ISO 8601 as far as known; ``begin`` to ``stop`` is its text."""

    start: str
    end: str | None
    current: bool
    begin: int
    stop: int


def parse_date(text: str) -> str | None:
    """``March 2021`` and ``03/2021`` give ``2021-03``; None where nothing is certain.

    In ``04/05/2021`` day and month cannot be told apart, so the year alone is given.
    """
    year = re.search(_YEAR, text)
    named = _named_month(text)
    if named is not None:
        digits = year[0] if year else _two_digit_year(text)
        return None if digits is None else f"{digits}-{named:02d}"
    if year is None:
        return None
    numbers = [int(number) for number in re.findall(r"\d+", text.replace(year[0], " "))]
    return _numeric(year[0], numbers, dotted="." in text, year_first=text.strip()[:4] == year[0])


def find_range(text: str) -> DateRange | None:
    """The first range such as ``Jan 2019 - Present`` or ``seit 2019``.

    One that ends before it starts is given as written, so that its writer can be told.
    """
    match = _search(_RANGE, text)
    if match is None:
        return None
    start = parse_date(match["start"] or match["since"])
    if start is None:
        return None
    end = parse_date(match["end"]) if match["end"] else None
    current = match["since"] is not None or (match["end"] is not None and end is None)
    return DateRange(start, end, current, match.start(), match.end())


def find_date(text: str) -> DateRange | None:
    """The first single date, as a range without an end."""
    match = _search(_SINGLE, text)
    start = parse_date(match[0]) if match else None
    if match is None or start is None:
        return None
    return DateRange(start, None, False, match.start(), match.end())


def goes_on(text: str, following: str) -> bool:
    """True where a date or a range began in ``text`` ends in ``following``, the next line."""
    if _MONTH_AT_END.search(text[-_LONGEST_MONTH - 3 :]) or _search(_OPEN_RANGE, text):
        return begins_with_date(following)
    begun = _search(_SINGLE, text) is not None and find_range(text) is None
    return begun and _DASH_FIRST.match(following) is not None


def begins_with_date(text: str) -> bool:
    return _DATE_FIRST.match(text) is not None


def _search(dates: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Most lines hold no date, which a year or the like tells far sooner than ``dates``."""
    return dates.search(text) if _IN_EVERY_DATE.search(text) else None


def years_covered(ranges: Sequence[tuple[str, str | None]], *, today: date) -> float | None:
    """Years in which at least one range ran, to one decimal; an end of None means ``today``.

    A month counts once however many ranges cover it. One that ends before it starts covers
    nothing; None where no other is left.
    """
    possible = [(start, end) for start, end in ranges if end is None or not _is_before(end, start)]
    months: set[int] = set()
    for start, end in possible:
        first = _month_number(start, default=1)
        last = today.year * 12 + today.month if end is None else _month_number(end, default=1)
        months.update(range(first, max(last, first + 1)))
    return round(len(months) / 12, 1) if possible else None


def _named_month(text: str) -> int | None:
    words = re.findall(r"[^\W\d_]+", text)
    return next((_MONTHS[fold(word)] for word in words if fold(word) in _MONTHS), None)


def _two_digit_year(text: str) -> str | None:
    short = re.search(r"['’](\d{2})", text)
    if short is None:
        return None
    return f"20{short[1]}" if int(short[1]) < 50 else f"19{short[1]}"


def _numeric(year: str, numbers: Sequence[int], *, dotted: bool, year_first: bool) -> str | None:
    if not numbers:
        return year
    if len(numbers) == 1:
        return f"{year}-{numbers[0]:02d}" if 1 <= numbers[0] <= 12 else year
    first, second = numbers[:2]
    if year_first:
        month, day = first, second
    elif dotted or first > 12:
        day, month = first, second
    elif second > 12:
        month, day = first, second
    else:
        return year
    return f"{year}-{month:02d}-{day:02d}" if month <= 12 and day <= 31 else year


def _is_before(iso: str, other: str) -> bool:
    """Compared as far as both are known: 2021 is not before 2021-03."""
    known = min(len(iso), len(other))
    return iso[:known] < other[:known]


def _month_number(iso: str, *, default: int) -> int:
    parts = iso.split("-")
    return int(parts[0]) * 12 + (int(parts[1]) if len(parts) > 1 else default)

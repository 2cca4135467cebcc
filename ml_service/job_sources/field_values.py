"""Read the values that foreign records hold; what does not fit becomes None, never a guess."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

MAX_TEXT_CHARACTERS = 300
MAX_LINK_CHARACTERS = 2_048
MIN_MILLISECONDS = 100_000_000_000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

_SOC = re.compile(r"(\d{2})-?(\d{4})\.?(\d{2})", re.ASCII)
_NOT_IN_A_LINK = re.compile(r"[\s\x00-\x1f\x7f<>\"\\]")
_EMPLOYMENT_TYPES = {
    "FULLTIME": "FULLTIME",
    "PARTTIME": "PARTTIME",
    "CONTRACTOR": "CONTRACTOR",
    "CONTRACT": "CONTRACTOR",
    "FREELANCE": "CONTRACTOR",
    "INTERN": "INTERN",
    "INTERNSHIP": "INTERN",
    "TEMPORARY": "TEMPORARY",
    "VOLUNTEER": "VOLUNTEER",
    "PERDIEM": "PERDIEM",
    "OTHER": "OTHER",
}


def text_or_none(value: object, *, max_characters: int = MAX_TEXT_CHARACTERS) -> str | None:
    """One line with single spaces, cut to ``max_characters``; None when nothing is left."""
    if not isinstance(value, str):
        return None
    # Spaces may come in any number: cut first, so that the work is bounded by the limit.
    line = " ".join(storable(value[: max_characters * 4]).split())
    return line[:max_characters].rstrip() or None


def long_text(value: object, *, max_characters: int) -> str:
    """Text with its line breaks; the empty string for anything that is not text."""
    if not isinstance(value, str):
        return ""
    return storable(value[: max_characters * 4]).strip()[:max_characters].rstrip()


def storable(text: str) -> str:
    """Without NUL and lone surrogates, which JSON can spell but no database can keep."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def number_or_none(value: object) -> float | None:
    """A finite number that is not negative; true and false are no numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def link_or_none(value: object) -> str | None:
    """An http or https address with a host and without a user part."""
    if not isinstance(value, str) or len(value) > MAX_LINK_CHARACTERS:
        return None
    link = value.strip()
    if _NOT_IN_A_LINK.search(link) or storable(link) != link:
        return None
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    return link


def utc_or_none(value: object) -> datetime | None:
    """Aware UTC from ISO 8601 or Unix seconds or milliseconds; UTC where no zone is stated."""
    if isinstance(value, str) and not value.strip().isdecimal():
        return _from_iso(value.strip())
    return _from_unix(value)


def _from_iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return _in_range(aware.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _from_unix(value: object) -> datetime | None:
    if isinstance(value, str):
        # Eight digits are a date (20260131), fewer are no time of our days.
        value = int(value) if 9 <= len(value.strip()) <= 13 else None
    seconds = number_or_none(value)
    if seconds is None:
        return None
    if seconds >= MIN_MILLISECONDS:
        seconds /= 1_000
    try:
        return _in_range(datetime.fromtimestamp(seconds, tz=UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _in_range(moment: datetime) -> datetime | None:
    return moment if EARLIEST <= moment < LATEST else None


def soc_code_or_none(value: object) -> str | None:
    """An O*NET-SOC code as O*NET writes it: ``55301900`` gives ``55-3019.00``."""
    found = _SOC.fullmatch(value.strip()) if isinstance(value, str) else None
    return f"{found[1]}-{found[2]}.{found[3]}" if found else None


def employment_types(*values: object) -> tuple[str, ...]:
    """Known kinds in the spelling of the contract (FULLTIME, PARTTIME, ...), each once."""
    named: dict[str, None] = {}
    for value in values:
        for item in value if isinstance(value, list) else [value]:
            for kind in _kinds(item):
                named[kind] = None
    return tuple(named)


def _kinds(value: object) -> list[str]:
    if not isinstance(value, str):
        return []
    words = re.split(r"[,;/|]|\band\b", value[:MAX_TEXT_CHARACTERS])
    letters = [re.sub(r"[^A-Z]", "", word.upper()) for word in words]
    return [_EMPLOYMENT_TYPES[word] for word in letters if word in _EMPLOYMENT_TYPES]

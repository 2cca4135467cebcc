"""Salaries, from fields or from text, only where no reading but one is possible."""

from __future__ import annotations

import re

from ml_service.domain.posting import Salary
from ml_service.job_sources.field_values import number_or_none

LEAST_YEARLY = 1_000

_PERIODS = {
    "YEAR": "YEAR", "YEARLY": "YEAR", "ANNUAL": "YEAR", "ANNUM": "YEAR", "PA": "YEAR",
    "ANNUALLY": "YEAR", "YR": "YEAR",
    "MONTH": "MONTH", "MONTHLY": "MONTH", "PCM": "MONTH",
    "WEEK": "WEEK", "WEEKLY": "WEEK", "PW": "WEEK",
    "DAY": "DAY", "DAILY": "DAY", "PD": "DAY",
    "HOUR": "HOUR", "HOURLY": "HOUR", "PH": "HOUR", "HR": "HOUR", "H": "HOUR",
}  # fmt: skip
_SIGNS = {"£": "GBP", "€": "EUR", "US$": "USD", "C$": "CAD", "A$": "AUD", "₹": "INR"}
_CODES = "USD|GBP|EUR|CAD|AUD|NZD|CHF|INR|SEK|NOK|DKK|PLN|SGD"

_MONEY = (
    rf"(?P<sign{{n}}>US\$|C\$|A\$|[£€$₹]|(?:{_CODES})\b)?\s?"
    r"(?P<number{n}>\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,2}})?|\d{{1,9}}(?:\.\d{{1,2}})?)"
    r"(?P<k{n}>\s?k\b)?"
)
_FROM_TO = re.compile(
    r"\s*(?:employer provided salary:|salary:?)?\s*(?P<bound>up to|from|starting at)?\s*"
    + _MONEY.format(n=1)
    + r"(?:\s*(?:-|–|—|to)\s*"
    + _MONEY.format(n=2)
    + rf")?(?P<code>\s?(?:{_CODES})\b)?",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"\s*(?:an?\b|per\b|/|p/)?\s*"
    r"(year|yearly|annum|annual(?:ly)?|pa|p\.a|yr|month|monthly|pcm|week|weekly|pw|"
    r"day|daily|pd|hour|hourly|ph|hr|h)\b",
    re.IGNORECASE,
)
_PERIOD_WORD = re.compile(r"\b(?:year|annum|month|week|day|hour)s?\b", re.IGNORECASE)
# Each of these says that the figure is not what a year of this job pays.
_QUALIFIED = re.compile(
    r"\d|[£€$₹%]|pro[\s-]?rata|\best\b|estimate|\b(?:fte|wte|ote)\b|equivalent|commission",
    re.IGNORECASE,
)


def salary_from_fields(
    low: object, high: object, currency: object, period: object
) -> Salary | None:
    """None without any amount, or when the lower amount is above the higher one."""
    least, most = number_or_none(low), number_or_none(high)
    if (least is None and most is None) or (least or 0) > (most if most is not None else 1e18):
        return None
    return Salary(
        min=least, max=most, currency=currency_or_none(currency), period=period_or_none(period)
    )


def currency_or_none(value: object) -> str | None:
    """An ISO 4217 code; a bare ``$`` names no currency."""
    if not isinstance(value, str):
        return None
    code = value.strip().upper()
    return code if re.fullmatch(r"[A-Z]{3}", code) else _SIGNS.get(code)


def period_or_none(value: object) -> str | None:
    """YEAR, MONTH, WEEK, DAY or HOUR."""
    if not isinstance(value, str):
        return None
    return _PERIODS.get(re.sub(r"[^A-Z]", "", value.upper()).removeprefix("PER"))


def salary_from_text(
    text: object, *, currency: object = None, period: object = None
) -> Salary | None:
    """Read ``£31,365 - £37,890 per annum``; None for what is qualified, estimated or unclear.

    ``currency`` and ``period`` are what other fields of the record say; the text itself is
    believed first, and a year for less than 1,000 or an hour for more is taken for a contradiction.
    """
    found = _FROM_TO.match(text[:200]) if isinstance(text, str) else None
    if found is None or not isinstance(text, str):
        return None
    rest = text[found.end() :]
    if _QUALIFIED.search(rest):
        return None
    amounts = _amounts(found)
    stated = _PERIOD.match(rest)
    unit = period_or_none(stated[1] if stated else period)
    if amounts is None or _PERIOD_WORD.search(rest[stated.end() if stated else 0 :]):
        return None
    if (unit == "YEAR" and amounts[-1] < LEAST_YEARLY) or (
        unit == "HOUR" and amounts[-1] >= LEAST_YEARLY
    ):
        return None
    return Salary(
        min=None if _word(found, "bound") == "up to" else amounts[0],
        max=None if _word(found, "bound") in {"from", "starting at"} else amounts[-1],
        currency=_stated_currency(found) or currency_or_none(currency),
        period=unit,
    )


def _amounts(found: re.Match[str]) -> list[float] | None:
    """One or two amounts in rising order; ``50-60k`` means thousands on both sides."""
    numbers = [found["number1"], found["number2"]]
    amounts = [float(number.replace(",", "")) for number in numbers if number]
    thousands = [bool(found["k1"]), bool(found["k2"])][: len(amounts)]
    if thousands[-1]:
        thousands = [thousands[0] or amounts[0] < LEAST_YEARLY, *thousands[1:]]
    amounts = [
        amount * 1_000 if is_k else amount for amount, is_k in zip(amounts, thousands, strict=True)
    ]
    return amounts if amounts == sorted(amounts) else None


def _word(found: re.Match[str], group: str) -> str:
    return (found[group] or "").lower()


def _stated_currency(found: re.Match[str]) -> str | None:
    signs = {currency_or_none(found[group]) for group in ("sign1", "sign2", "code")} - {None}
    return signs.pop() if len(signs) == 1 else None

"""How new an advert has to be."""

from __future__ import annotations

import re

from ml_service.domain.posting import DatePosted
from ml_service.intents.slots.spans import SlotSpan

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "few": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "fourteen": 14, "thirty": 30,
}  # fmt: skip
_DAYS = {"h": 1 / 24, "d": 1.0, "w": 7.0, "f": 14.0, "m": 30.0, "y": 365.0}
_NAMED: dict[str, DatePosted] = {
    "today": "today", "yesterday": "today", "morning": "today", "week": "week",
    "month": "month", "year": "all",
}  # fmt: skip

_COUNT = (
    r"(?:\d{1,3}[ -]?"
    rf"|(?:a )?(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?: of)?[ -])"
)
_UNIT = (
    r"(?:hours?|hrs?|days?|(?:(?<=\d)|(?<=\d ))[hd]|weeks?|fortnights?|months?|years?)"
    r"(?! of\b| a week| per\b)"
)
_PERIOD = rf"(?:{_COUNT})?{_UNIT}"
_POSTED = (
    r"(?:(?:(?:that|which) )?(?:(?:was|were|have been|has been|are|is|came|went) )?(?:only )?"
    r"(?:posted|published|listed|advertised|added|uploaded|opened|live|out|online|new|fresh) )"
)
_LEAD = rf"{_POSTED}?(?:(?:from|since|in|within|during|over|of|on) )?(?:(?:just|only) )?"
_OLDER = r"(?:not older than|no older than|newer than|younger than|not more than|no more than)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?:19|20)\d\d)?"
_CALENDAR_DAY = (
    rf"(?:(?:the )?{_DAY}(?: of)? {_MONTH}{_YEAR}|{_MONTH} (?:the )?{_DAY}{_YEAR}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
)
_CALENDAR = rf"(?:{_CALENDAR_DAY}|{_MONTH}{_YEAR}|(?:the )?{_DAY}\b(?![./-])|(?:19|20)\d\d)"
# No board knows a day of the calendar, nor adverts of a greater age.
_AGE = rf"{_COUNT}(?!years?\b){_UNIT}"
_UNASKABLE = (
    rf"(?:{_POSTED}?(?:since|as of) {_CALENDAR}"
    rf"|{_POSTED}(?:in|on|from|before|after|until|by) {_CALENDAR}"
    rf"|(?<!starting )(?<!start )(?<!available )(?:from|after|before) {_CALENDAR_DAY}"
    rf"(?: (?:on|onwards?|or later))?"
    rf"|(?:that are |which are |{_POSTED})?older than (?:the )?{_AGE}"
    rf"|(?:{_POSTED})?(?:more than|over|at least) {_AGE} (?:ago|old)"
    rf"|{_POSTED}(?:before|until) (?:the )?(?:last )?(?:yesterday|today|{_PERIOD}))"
)
_DATE = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<kept>(?-i:USA Today)|\d{1,2}\+? years? old"
    r"|(?:start|begin|available)\w*(?: from| on| in| work)? (?:today|this \w+))"
    r"|(?P<whenever>(?:posted |from )?(?:at )?any ?time|(?:from |of )?all time)"
    rf"|(?P<unaskable>{_UNASKABLE})"
    rf"|{_LEAD}(?:the )?(?:last|past|previous|latest) (?P<window>{_PERIOD})(?:['’]s)?"
    rf"|{_LEAD}(?:this )?(?P<named>today|yesterday|(?<=this )(?:morning|week|month|year))"
    r"(?:['’]s)?"
    rf"|{_POSTED}?(?:since|within|{_OLDER})(?: the)? (?P<limit>{_COUNT}{_UNIT})"
    r"(?: old| ago)?"
    rf"|(?:{_POSTED}|(?:less than|max(?:imum)?|at most|up to|under) )?"
    rf"(?P<ago>{_COUNT}{_UNIT}) (?:ago|old)(?: max(?:imum)?| at most| or (?:newer|less))?"
    rf"|{_LEAD}(?<=since )(?:last )?(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r")(?!\w)",
    re.IGNORECASE,
)


def posting_date_of(text: str) -> tuple[DatePosted, list[SlotSpan]]:
    """The narrowest window that is named and holds what was asked; "all" beyond a month.

    Days of the calendar and adverts of some age or more are set aside.
    """
    windows: list[DatePosted] = []
    spans: list[SlotSpan] = []
    for found in _DATE.finditer(text):
        if found["kept"]:
            continue
        if found["unaskable"]:
            spans.append(SlotSpan("set_aside", *found.span()))
            continue
        spans.append(SlotSpan("date_posted", *found.span()))
        windows.append(_window(found))
    return (windows[0] if windows else "all"), spans


def _window(found: re.Match[str]) -> DatePosted:
    if found["named"]:
        return _NAMED[found["named"].lower()]
    if found["weekday"]:
        return "week"
    period = found["window"] or found["limit"] or found["ago"]
    return _holding(_days(period.lower())) if period else "all"


def _days(period: str) -> float:
    unit = re.findall(r"[a-z]+", period)[-1]
    digits = re.search(r"\d+", period)
    if digits:
        return int(digits[0]) * _DAYS[unit[0]]
    named = [_NUMBERS[word] for word in re.findall(r"[a-z]+", period)[:-1] if word in _NUMBERS]
    return max(named, default=1) * _DAYS[unit[0]]


def _holding(days: float) -> DatePosted:
    windows: tuple[tuple[float, DatePosted], ...] = (
        (1, "today"), (3, "3days"), (7, "week"), (31, "month"),
    )  # fmt: skip
    return next((name for longest, name in windows if days <= longest), "all")

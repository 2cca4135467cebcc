"""What stands in a transcript and is not read: markup, and ages and children of the speaker."""

from __future__ import annotations

import re

_TAG = re.compile(
    r"</?(?:a|article|b|blockquote|body|br|code|div|em|font|h[1-6]|head|hr|html|i|img|li|mark|ol|"
    r"p|pre|s|script|section|small|span|strong|style|su[bp]|table|tbody|td|th|thead|tr|u|ul)"
    r"(?:\s[^<>=]{0,60}=[^<>]{0,300})?\s?/?>|</?[vc](?:[.\s][^<>]{0,100})?>",
    re.IGNORECASE,
)
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_NUMBER = (
    rf"(?:\d{{1,3}}|(?:{_ONES}|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    rf"(?:twen|thir|for|fif|six|seven|eigh|nine)ty)(?:[ -](?:{_ONES}))?)"
)
_CHILDREN = r"(?:kids?|child(?:ren)?|sons?|daughters?|boys?|girls?)"
_PRIVATE = re.compile(
    rf"\b{_NUMBER}[ -]years?[ -]old\b|\baged? \d{{1,3}}\b|"
    rf"\b(?:mother|father|parent|mum|mom|dad) (?:of|to) {_NUMBER}\b(?: {_CHILDREN}\b)?|"
    rf"\b(?:have|with) {_NUMBER} {_CHILDREN}\b",
    re.IGNORECASE,
)


def holds_markup(content: str) -> bool:
    return _TAG.search(content) is not None


def without_markup(content: str) -> str:
    """Spaces of the same length take its place, so that words keep theirs."""
    return _TAG.sub(_spaces, content)


def private_spans(said: str) -> tuple[tuple[int, int], ...]:
    """First and behind the last character of each age and number of children."""
    return tuple(match.span() for match in _PRIVATE.finditer(said))


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])

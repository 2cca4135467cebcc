"""Pronouns of persons made the same, whoever is meant."""

from __future__ import annotations

import re

from ml_service.analysis.identity import PRONOUNS_STATED

_SAME = "they"
_SUBJECT = re.compile(
    r"\b(?:she|he|they)\b(?:['’](?:s|re|ve|d|ll)\b)?(?P<verb>\s+[a-z]+\b)?", re.IGNORECASE
)
_ENGLISH = re.compile(
    r"\b(?:her|hers|him|his|them|their|theirs|herself|himself|themselves|themself|s/he|"
    r"he/she|she/he)\b",
    re.IGNORECASE,
)
_FOREIGN = {
    "de": "er|sie|ihm|ihn|ihr|ihre|ihren|ihrem|ihrer|ihres|sein|seine|seinen|seinem|seiner|seines",
    "fr": "il|elle|lui",
    "es": "él|ella",
    "pt": "ele|ela|dele|dela",
    "it": "lui|lei|egli",
}
_PLURAL = {"is": "are", "was": "were", "has": "have", "does": "do", "goes": "go"}
_HISSING = ("sses", "shes", "ches", "xes", "zes")


def without_pronouns(text: str, *, language: str) -> str:
    """Every pronoun becomes one word, and the verb behind it takes the form that goes with it.

    ``She leads``, ``He leads`` and ``They lead`` give the same; "(she/her)" goes altogether.
    """
    if "/" in text:
        text = PRONOUNS_STATED.sub(" ", text)
    text = _ENGLISH.sub(_SAME, text)
    text = _SUBJECT.sub(_same_subject, text)
    if language in _FOREIGN:
        text = re.sub(rf"\b(?:{_FOREIGN[language]})\b", _SAME, text, flags=re.IGNORECASE)
    return text


def _same_subject(match: re.Match[str]) -> str:
    verb = match["verb"]
    return _SAME if verb is None else f"{_SAME} {_plural(verb.strip())}"


def _plural(verb: str) -> str:
    if verb in _PLURAL:
        return _PLURAL[verb]
    if verb.endswith("ies") and len(verb) > 4:
        return f"{verb[:-3]}y"
    if verb.endswith(_HISSING):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith(("ss", "us", "is")) else verb

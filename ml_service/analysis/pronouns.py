"""Pronouns of persons made the same, whoever is meant."""

from __future__ import annotations

import re

from ml_service.analysis.person.identity import PRONOUNS_STATED

_SAME = "they"
_ADVERB = r"(?:\s+(?:also|always|often|never|then|still|both|now|soon|even|just|[a-z]+ly))?"
_VERB = r"\s+[a-z]+\b"
_SUBJECT = re.compile(
    rf"\b(?:she|he|they)\b(?:['’](?:s|re|ve|d|ll)\b)?(?P<adverb>{_ADVERB})(?P<verb>{_VERB})?",
    re.IGNORECASE,
)
_WITH_SUBJECT = re.compile(r"\b(?:she|he|they)\b[^.!?;]*", re.IGNORECASE)
_NEXT_VERB = re.compile(
    rf"(?P<joint>(?:\b(?:and|or|but|then)\b|,){_ADVERB})(?P<verb>{_VERB})", re.IGNORECASE
)
_ENGLISH = re.compile(
    r"\b(?:her|hers|him|his|them|their|theirs|herself|himself|themselves|themself|s/he|"
    r"he/she|she/he)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:s?he|the[imy]|hi[ms]|s/he)", re.IGNORECASE)
"""How all of them begin: what most lines lack."""
_FOREIGN = {
    "de": "er|sie|ihm|ihn|ihr|ihre|ihren|ihrem|ihrer|ihres|sein|seine|seinen|seinem|seiner|seines",
    "fr": "il|elle|lui",
    "es": "él|ella",
    "pt": "ele|ela|dele|dela",
    "it": "lui|lei|egli",
}
_PLURAL = {
    "is": "are",
    "was": "were",
    "has": "have",
    "does": "do",
    "goes": "go",
    "isn": "aren",
    "wasn": "weren",
    "hasn": "haven",
    "doesn": "don",
    **{form: form for form in ("are", "were", "have", "do", "go", "aren", "weren")},
}
_HISSING = ("sses", "shes", "ches", "xes", "zes")


def without_pronouns(text: str, *, language: str) -> str:
    """Every pronoun becomes one word, and the verb behind it takes the form that goes with it.

    ``She leads``, ``He leads`` and ``They lead`` give the same; "(she/her)" goes altogether.
    """
    if "/" in text:
        text = PRONOUNS_STATED.sub(" ", text)
    if _PRONOUN.search(text):
        text = _WITH_SUBJECT.sub(lambda clause: _NEXT_VERB.sub(_agreeing, clause[0]), text)
        text = _ENGLISH.sub(_SAME, text)
        text = _SUBJECT.sub(_same_subject, text)
    if language in _FOREIGN:
        text = re.sub(rf"\b(?:{_FOREIGN[language]})\b", _SAME, text, flags=re.IGNORECASE)
    return text


def _agreeing(match: re.Match[str]) -> str:
    """``leads, plans and builds`` becomes ``lead, plan and build``; what is no verb does too."""
    return f"{match['joint']} {_plural(match['verb'].strip())}"


def _same_subject(match: re.Match[str]) -> str:
    verb = match["verb"]
    before = f"{_SAME}{match['adverb']}"
    return before if verb is None else f"{before} {_plural(verb.strip())}"


def _plural(verb: str) -> str:
    small = verb.casefold()
    if small in _PLURAL or len(verb) < 4:
        return _PLURAL.get(small, verb)
    if small.endswith("ies") and len(verb) > 4:
        return f"{verb[:-3]}{'Y' if verb.isupper() else 'y'}"
    if small.endswith(_HISSING):
        return verb[:-2]
    return verb[:-1] if small.endswith("s") and not small.endswith(("ss", "us", "is")) else verb

"""Words made the same whoever is meant: no gender, and one form for verbs of one and of many."""

from __future__ import annotations

import re

_PRONOUN_LIST = """
he she they him her them his hers their theirs himself herself themselves themself he's she's
they're he'd she'd they'd he'll she'll they'll they've he/she she/he s/he his/her her/his him/her
mr mrs ms mx miss sir madam
"""
PRONOUNS = frozenset(_PRONOUN_LIST.split())

_NEUTRAL_LIST = """
girl:person boy:person guy:person gal:person man:person woman:person lady:person gentleman:person
girls:person boys:person guys:person men:person women:person ladies:person gentlemen:person
husband:partner wife:partner boyfriend:partner girlfriend:partner brother:sibling sister:sibling
brothers:sibling sisters:sibling mother:parent father:parent mom:parent dad:parent mum:parent
son:child daughter:child fraternity:club sorority:club chairman:chair chairwoman:chair
businessman:business businesswoman:business
"""
_FORM_LIST = """
was:were is:are has:have does:do goes:go wasn't:weren't isn't:aren't hasn't:haven't doesn't:don't
im:i'm ive:i've it's:it
"""
SELF = frozenset({"i", "i'm", "i've", "i'd", "i'll"})
US = frozenset({"we", "we're", "we've", "we'd", "we'll"})
_SAME = dict(pair.split(":") for pair in (_NEUTRAL_LIST + _FORM_LIST).split())
_HISSING = ("sses", "shes", "ches", "xes", "zes")
_POSSESSIVE = re.compile(r"'s?$")


def same_form(word: str) -> str:
    """``word`` is in small letters with straight apostrophes."""
    if word in SELF or word in US:
        return word
    if word in _SAME:
        return _SAME[word]
    word = _POSSESSIVE.sub("", word)
    if word in _SAME or len(word) < 4 or not word.endswith("s"):
        return _SAME.get(word, word)
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(_HISSING):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]

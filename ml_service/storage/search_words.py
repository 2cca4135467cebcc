"""What counts as a word, for records and for questions alike, whatever the database.

A word is a run of letters, digits, + and # (C++, C#) that holds a letter or a digit; case, accents
and forms of writing (ﬁ, ²) make no difference. Databases are given folded words between single
spaces and have nothing left to decide. Source of the forms: Unicode Standard Annex 15 (NFKD).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ml_service.domain.errors import InvalidRequest

MAX_CHARACTERS = 1_000
MAX_TERMS = 64
MAX_WORD_CHARACTERS = 64

COMMON_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "it", "of", "on"}
    | {"or", "the", "to", "with"}
)

LEFT_OUT = "_"
"""Stands for a word that is not kept. No question finds it, and no phrase reaches across it."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_TERM = re.compile(r'"([^"]*)"(\*?)|([^\s"]+)')
_ZERO_WIDTH_SPACE = "\u200b"


@dataclass(frozen=True, slots=True)
class Column:
    """How much of one column a search sees; ``first`` is the place before its first word.

    A tsvector of PostgreSQL keeps places up to 16,383, 256 of each word and one megabyte, so the
    columns of one index share these. Columns stand two places apart: no phrase crosses them.
    """

    first: int
    max_words: int
    max_same: int
    max_bytes: int


PREDICTION_COLUMNS = {
    "career_path": Column(0, 200, 16, 5_000),
    "skills": Column(202, 2_000, 32, 40_000),
    "resume_filename": Column(2_204, 100, 16, 5_000),
    "notes": Column(2_306, 2_000, 32, 40_000),
    "text": Column(4_308, 11_700, 160, 300_000),
}
POSTING_COLUMNS = {
    "title": Column(0, 200, 32, 10_000),
    "employer_name": Column(202, 200, 32, 10_000),
    "place": Column(404, 500, 32, 20_000),
    "description": Column(906, 5_000, 160, 40_000),
}


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand next to each other; with ``prefix`` the last is a beginning."""

    words: tuple[str, ...]
    prefix: bool = False


class _Folding(dict[int, str]):
    """Of each character what it adds to words; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded(chr(code))
        return folded


_FOLDING = _Folding()


def words_of(text: str) -> list[str]:
    """Folded words in their order."""
    runs = text.translate(_FOLDING).split(" ")
    return [run[:MAX_WORD_CHARACTERS] for run in runs if run.strip("+#")]


def spans_of(text: str) -> list[tuple[int, int]]:
    """Where in ``text`` each of ``words_of(text)`` stands. Two made of one sign share its place."""
    spans: list[tuple[int, int]] = []
    run, start, end = "", 0, 0
    for place, character in enumerate(text):
        for part in _FOLDING[ord(character)]:
            if part == " ":
                spans += [(start, end)] * bool(run.strip("+#"))
                run = ""
            else:
                start = start if run else place
                run, end = run + part, place + 1
    return spans + [(start, end)] * bool(run.strip("+#"))


def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(map(_part, plain))


def _part(character: str) -> str:
    """The character where it belongs to a word, nothing for an accent or a joiner, or a gap."""
    if character.isalnum() or character in "+#":
        return character
    kind = unicodedata.category(character)
    if unicodedata.combining(character) or kind == "Me":
        return ""
    if kind in {"Mn", "Mc"}:  # vowels of Indic scripts
        return character
    return "" if kind == "Cf" and character != _ZERO_WIDTH_SPACE else " "


def searchable(text: str, *, column: Column) -> str:
    """The words of ``text`` that a search sees, between single spaces."""
    words = words_of(text)[: column.max_words]
    whole = " ".join(words)
    most_same = max(Counter(words).values(), default=0)
    if most_same <= column.max_same and len(whole.encode()) < column.max_bytes:
        return whole
    return " ".join(_kept(words, column))


def _kept(words: Sequence[str], column: Column) -> list[str]:
    seen: Counter[str] = Counter()
    kept: list[str] = []
    n_bytes = 0
    for word in words:
        n_bytes += len(word.encode()) + 1
        if n_bytes > column.max_bytes:
            break
        seen[word] += 1
        kept.append(word if seen[word] <= column.max_same else LEFT_OUT)
    return kept


def terms_of(typed: str, *, field: str) -> tuple[Term, ...]:
    """What a person typed, as terms: words, "phrases", a trailing * for beginnings.

    A word that folds to several ("full-stack") is a phrase. Raises InvalidRequest when there is
    nothing to search for, or too much.
    """
    if len(typed) > MAX_CHARACTERS:
        message = f"Search with at most {MAX_CHARACTERS} characters."
        raise InvalidRequest(message, field=field)
    found = [
        Term(tuple(words), prefix=bool(star) or word.endswith("*"))
        for phrase, star, word in _TERM.findall(typed.translate(_QUOTES))
        if (words := words_of(phrase or word))
    ]
    if len(found) > MAX_TERMS:
        raise InvalidRequest(f"Search for at most {MAX_TERMS} words.", field=field)
    if not found:
        raise InvalidRequest("Give a word to search for.", field=field)
    return tuple(dict.fromkeys(found))


def telling_terms_of(typed: str, *, field: str) -> tuple[Term, ...]:
    """As ``terms_of``, without words such as "the" where others are left."""
    terms = terms_of(typed, field=field)
    telling = [term for term in terms if not (len(term.words) == 1 and _is_common(term))]
    return tuple(telling) or terms


def _is_common(term: Term) -> bool:
    return not term.prefix and term.words[0] in COMMON_WORDS

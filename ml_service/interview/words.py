"""The words of a turn as they were written, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ml_service.interview.set_aside import without_markup

_NOISE = re.compile(
    r"\[[^\[\]]{0,60}\]|\{[^{}]{0,60}\}|\((?:[^()]{0,20}(?:laugh|inaudible|unintelligible|"
    r"cough|snicker|pause|sp)[^()]{0,20}|\W{0,5})\)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\.{2,}|-{2,}|[…—–]")
_PIECE = re.compile(
    r"\S+?(?<=[a-z][a-z])[.!?](?=(?:[AI]\b|[A-Z][a-z'’])(?!(?<=[A-Z])(?:s|et|o)\b))|\S+"
)
_CORE = re.compile(r"[^\W_](?:.*[^\W_])?(?:\+\+|#)?")
_TOKEN = re.compile(r"\S+")
_SHORT_FORMS = frozenset({"mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "e.g", "i.e", "vs"})
_MOSTLY_CAPITALS = 0.6
_FEW_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Word:
    """``plain`` is empty for names and pronouns; ``fillers`` counts those heard beside it.

    ``comma`` says that one stands behind it or a filler there, ``clause_ends`` behind the word
    itself. ``tool`` is a tool with a name that people bear as well.
    """

    written: str
    plain: str
    start: int
    end: int
    ends: bool
    named: bool = False
    fillers: int = 0
    comma: bool = False
    clause_ends: bool = False
    tool: bool = False


def words_of(content: str) -> list[Word]:
    """With fillers; the last word of a turn ends its sentence, whatever stands behind it."""
    words = list[Word]()
    for piece in _PIECE.finditer(_blank(_in_small_letters(_said_once(content)))):
        core = _CORE.search(piece.group())
        if core is None:
            if words and any(mark in ".!?" for mark in piece.group()):
                words[-1] = replace(words[-1], ends=True)
            continue
        words.append(_word(core, piece))
    if words:
        words[-1] = replace(words[-1], ends=True)
    return words


def _said_once(content: str) -> str:
    """The first saying of a turn that is the same words over and over.

    Seen before anything is taken out, so that all else reads what it reads in a turn said once.
    """
    tokens = list(_TOKEN.finditer(content))
    said = [_core_of(token.group()) for token in tokens]
    for size in _divisors(len(said)):
        if said == said[:size] * (len(said) // size):
            return content if size == 1 else content[: tokens[size - 1].end()]
    return content


def _core_of(token: str) -> str:
    core = _CORE.search(token)
    return core.group().casefold() if core else ""


def _divisors(number: int) -> Iterator[int]:
    """Below ``number``; the smallest first."""
    return (size for size in range(1, number // 2 + 1) if number % size == 0)


def _in_small_letters(content: str) -> str:
    """A turn in capitals says nothing by them. The length stays, for the places of words."""
    letters = [mark for mark in content if mark.isalpha()]
    capitals = sum(mark.isupper() for mark in letters)
    if len(letters) < _FEW_LETTERS or capitals < _MOSTLY_CAPITALS * len(letters):
        return content
    small = content.lower()
    return small if len(small) == len(content) else content


def _blank(content: str) -> str:
    """Spaces of the same length for what is no word."""
    return _BREAK.sub(_spaces, _NOISE.sub(_spaces, without_markup(content)))


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _word(core: re.Match[str], piece: re.Match[str]) -> Word:
    behind = piece.group()[core.end() :]
    broken_off = behind.startswith("-") and not core.group().isdigit()
    return Word(
        written=core.group(),
        plain="-" if broken_off else core.group().casefold().replace("’", "'"),
        start=piece.start() + core.start(),
        end=piece.start() + core.end(),
        ends=_ends_sentence(core.group(), behind),
        comma="," in behind,
        clause_ends=any(mark in ",;:" for mark in behind),
    )


def _ends_sentence(word: str, behind: str) -> bool:
    if not any(mark in ".!?" for mark in behind):
        return False
    if "!" in behind or "?" in behind:
        return True
    return word.casefold() not in _SHORT_FORMS and not (len(word) == 1 and word.isupper())

"""Spellings of the same word made equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MARKS = (
    # No letters to ``re``: accents set apart, vowel signs of Indic scripts.
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0903\u093a-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a51\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03"
    "\u0b3c-\u0b57\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03"
    "\u0d3b-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c\u200d"
)
LETTER = rf"(?:[^\W\d_][{_MARKS}]*)"
WORD = re.compile(rf"{LETTER}+(?:['’`´‑\-]{LETTER}+)*")
BULLET = re.compile(r"^\s*(?:[•●○◦▪■□▸►➢➤✓✔·*‣⁃]|[-–—](?=\s)|\uf0b7|\uf0a7|o(?=\s[A-Z]))+\s*")
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+(?=[^\W\d_])")

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SPACED = re.compile(r"(?:\S ){3,}\S")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents and ligatures: ``Ñuñez`` becomes ``nunez``."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_ASCII.sub(
        lambda mark: "" if unicodedata.combining(mark[0]) else mark[0], decomposed
    )


def letters_only(text: str) -> str:
    """Folded letters without spaces, so that ``W O R K`` and lost spaces are no obstacle."""
    return "".join(filter(str.isalpha, fold(text)))


def words_of(text: str) -> list[str]:
    """Folded words in order; a hyphenated word stays one."""
    return [fold(word) for word in WORD.findall(text)]


def without_bullet(text: str) -> str:
    return BULLET.sub("", text).strip()


def is_bullet(text: str) -> bool:
    return BULLET.match(text) is not None


def is_numbered(text: str) -> bool:
    """``1. Led the migration``; it may as well be the head of an entry that somebody counts."""
    return _NUMBERED.match(text) is not None


def close_letter_spacing(text: str) -> str:
    """``J A N E  D O E`` becomes ``JANE DOE``: words stand two spaces apart, letters one."""
    stripped = text.strip()
    if not stripped[1:2].isspace():
        return stripped
    words = re.split(r"\s{2,}", stripped)
    if all(len(word) == 1 or _SPACED.fullmatch(word) for word in words) and len(stripped) > 6:
        return " ".join(word.replace(" ", "") for word in words)
    return stripped

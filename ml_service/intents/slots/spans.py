"""Where in a text something was understood, and the words that nobody has taken yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Slot = Literal["query", "location", "remote", "employment_types", "date_posted", "set_aside"]

# Stands for a taken character, so that offsets stay those of the text.
TAKEN = "\x00"
_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|(?<!\w)\.net\b|[^\W_](?:[\w'’.&+#-]*[\w+#])?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SlotSpan:
    """Characters ``[start, end)`` of the text. "set_aside" was understood, but cannot be asked.

    Such are a second place, "near me" and "no internships".
    """

    slot: Slot
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    """``before`` is what stands between it and the word before."""

    text: str
    start: int
    end: int
    before: str

    @property
    def lower(self) -> str:
        return self.text.lower().replace("’", "'")

    @property
    def is_capitalised(self) -> bool:
        return self.text[0].isupper() or self.text[0].isdigit()

    @property
    def is_joined(self) -> bool:
        """Nothing but space stands before it."""
        return not self.before.strip(" \t")


def meets(span: SlotSpan, others: Iterable[SlotSpan]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def without(text: str, spans: Iterable[SlotSpan]) -> str:
    """The text, as long as before, with the spans taken out."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = TAKEN * (span.end - span.start)
    return "".join(characters)


def words_of(text: str) -> tuple[Word, ...]:
    return tuple(_words(text))


def _words(text: str) -> Iterator[Word]:
    end = 0
    for found in _WORD.finditer(text):
        yield Word(found[0], found.start(), found.end(), text[end : found.start()])
        end = found.end()

"""What is said in a turn, as sentences of plain words that do not depend on who speaks.

A word keeps its place in the turn, so that evidence can be quoted as it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ml_service.interview.names import name_flags
from ml_service.interview.negation import negated
from ml_service.interview.pauses import without_fillers, without_private
from ml_service.interview.tools import tool_flags
from ml_service.interview.word_forms import PRONOUNS, same_form
from ml_service.interview.words import Word, words_of

_CLOSING = re.compile(r"[.!?]+")
_NAME, _NOT = "Name", "not"


@dataclass(frozen=True, slots=True)
class Sentence:
    """``turn`` counts through the transcript; ``words`` hold no fillers.

    ``end`` is where a quotation of it ends: behind its full stop. ``follows`` says that it stands
    behind a result without being one.
    """

    turn: int
    words: tuple[Word, ...]
    end: int
    follows: bool = False

    @property
    def plain(self) -> tuple[str, ...]:
        return tuple(word.plain for word in self.words if word.plain)

    @property
    def affirmed_words(self) -> tuple[Word, ...]:
        """Those under a negation say nothing in these."""
        pairs = zip(self.words, negated(self.words), strict=True)
        return tuple(_denied(word) if no else word for word, no in pairs)

    @property
    def affirmed(self) -> tuple[str, ...]:
        """``plain``, with empty words for those under a negation; evidence is looked for here."""
        words = zip(self.words, self.affirmed_words, strict=True)
        return tuple(said.plain for word, said in words if word.plain)

    @property
    def affirmed_written(self) -> str:
        return " ".join(word.written for word in self.affirmed_words)

    @property
    def affirmed_text(self) -> str:
        """As it was written, without names and what is under a negation."""
        return " ".join(_NAME if word.named else word.written for word in self.affirmed_words)

    @property
    def without_names(self) -> str:
        return " ".join(_NAME if word.named else word.written for word in self.words)

    @property
    def n_fillers(self) -> int:
        return sum(word.fillers for word in self.words)


def _denied(word: Word) -> Word:
    return replace(word, written=_NOT, plain="", tool=False)


def sentences_of(
    content: str, *, turn: int, is_term: Callable[[str], bool]
) -> tuple[Sentence, ...]:
    """What a sentence holds depends on no other one of the turn, but for a turn in capitals."""
    heard = without_private(without_fillers(words_of(content)))
    split = list(_split(heard))
    starts = [words[0].start for words in split[1:]]
    return tuple(
        Sentence(turn, _plain(words, is_term), _end_of(words[-1], content[:behind]))
        for words, behind in zip(split, [*starts, len(content)], strict=False)
    )


def _end_of(last: Word, content: str) -> int:
    """Behind the full stop, with a filler in front of it: "It broke, you know."."""
    mark = _CLOSING.search(content, last.end) if last.ends else None
    return mark.end() if mark else last.end


def _split(words: Sequence[Word]) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    for word in words:
        sentence.append(word)
        if word.ends:
            yield sentence
            sentence = []


def _plain(words: Sequence[Word], is_term: Callable[[str], bool]) -> tuple[Word, ...]:
    written = [word.written for word in words]
    tools = tool_flags(written, is_term=is_term)
    flags = name_flags(written, is_term=is_term, tools=tools)
    neutral = [
        replace(
            word,
            plain="" if named or word.plain in PRONOUNS else same_form(word.plain),
            named=named,
            tool=tool,
        )
        for word, named, tool in zip(words, flags, tools, strict=True)
    ]
    return tuple(_without_doubled_pronouns(neutral))


def _without_doubled_pronouns(words: list[Word]) -> list[Word]:
    """``he or she`` says no more than ``they``."""
    for at in range(1, len(words) - 1):
        around = {words[at - 1].written.casefold(), words[at + 1].written.casefold()}
        if words[at].plain == "or" and around <= PRONOUNS:
            words[at] = replace(words[at], plain="")
    return words

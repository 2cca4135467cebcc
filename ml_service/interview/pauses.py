"""What fills a pause, taken out of the words of a turn and counted beside those that stay.

A filler counts at the word in front of it, or at the first one of its sentence; so what is cut off
behind a word takes none of its fillers along. A sentence of fillers alone is a sign of listening
("Mm-hmm. Okay.") and counts none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from ml_service.interview.fillers import (
    ALWAYS_COUNTED,
    LONGEST_PHRASE,
    is_always_one,
    is_filler,
    phrase_behind,
)
from ml_service.interview.names import is_written_like_one
from ml_service.interview.set_aside import private_spans
from ml_service.interview.words import Word

_STUTTERED_WORDS = 7


class _Left:
    """The words that stay."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self._waiting = 0

    def keep(self, word: Word) -> None:
        if self._waiting:
            word = replace(word, fillers=word.fillers + self._waiting)
            self._waiting = 0
        self.words.append(word)

    def drop(self, word: Word, *, fillers: int) -> None:
        """``It worked, you know. Then ...``: the sentence ends although its last word goes."""
        if self.words and not self.words[-1].ends:
            last = self.words[-1]
            self.words[-1] = replace(
                last,
                fillers=last.fillers + fillers,
                ends=word.ends,
                comma=last.comma or word.comma,
            )
        else:
            self._waiting = 0 if word.ends else self._waiting + fillers


def without_fillers(words: Sequence[Word]) -> list[Word]:
    spoken = _without_words(words, _fills_a_pause)
    return _without_stutter(_without_words(_without_phrases(spoken), _is_idle_so))


def without_private(words: Sequence[Word]) -> list[Word]:
    """Without ages and children; what filled a pause among them is counted all the same."""
    said = "".join(word.plain + ("\n" if word.ends else " ") for word in words)
    spans = private_spans(said)
    left, behind = _Left(), 0
    for word in words:
        begin, behind = behind, behind + len(word.plain) + 1
        if any(first <= begin < last for first, last in spans):
            left.drop(word, fillers=word.fillers)
        else:
            left.keep(word)
    return left.words


def _without_words(words: Sequence[Word], goes: Callable[[str, str], bool]) -> list[Word]:
    """``goes`` is asked of each word and the one behind it, empty at the end of a sentence."""
    left = _Left()
    behind = ["" if word.ends else after.plain for word, after in pairwise(words)]
    for at, (word, after) in enumerate(zip(words, [*behind, ""], strict=False)):
        if goes(word.plain, after):
            counted = _is_counted((word,), words[max(0, at - 1) : at])
            left.drop(word, fillers=word.fillers + counted)
        else:
            left.keep(word)
    return left.words


def _fills_a_pause(word: str, _: str) -> bool:
    """``so`` stays for now: whether it goes depends on what is left behind it."""
    return word == "-" or (word != "so" and is_filler(word))


def _is_idle_so(word: str, behind: str) -> bool:
    """But for ``so that``, which gives a reason."""
    return word == "so" and behind != "that"


def _without_phrases(words: Sequence[Word]) -> list[Word]:
    """What closes around a phrase may be one as well: "you, you know, know"."""
    left = _Left()
    for word in words:
        left.keep(word)
        length = phrase_behind([one.plain for one in left.words[-LONGEST_PHRASE:]])
        if length and not any(one.ends for one in left.words[-length:-1]):
            phrase = left.words[-length:]
            del left.words[-length:]
            fillers = sum(one.fillers for one in phrase)
            left.drop(phrase[-1], fillers=fillers + _is_counted(phrase, left.words))
    return left.words


def _is_counted(filler: Sequence[Word], before: Sequence[Word]) -> bool:
    """Sounds always; words of other uses where they are set off, or where they are doubled."""
    plain = tuple(word.plain for word in filler)
    if plain in ALWAYS_COUNTED or (len(plain) == 1 and is_always_one(plain[0])):
        return True
    if not before or before[-1].ends:
        return filler[-1].comma
    doubled = tuple(word.plain for word in before[-len(plain) :]) == plain
    return doubled or (before[-1].comma and (filler[-1].comma or filler[-1].ends))


def _without_stutter(words: Sequence[Word]) -> list[Word]:
    """``I think I think`` once; what is said again counts as one filler, but for a name:
    whoever says it and then the whole of it does not falter."""
    out = list[Word]()
    for word in words:
        out.append(word)
        for length in range(1, min(_STUTTERED_WORDS, len(out) // 2) + 1):
            first, again = out[-2 * length : -length], out[-length:]
            same = all(one.plain == two.plain for one, two in zip(first, again, strict=True))
            if same and not any(one.ends for one in out[-2 * length : -1]):
                begun_twice = not all(is_written_like_one(one.written) for one in again)
                fillers = begun_twice + sum(one.fillers for one in again)
                del out[-length:]
                out[-1] = replace(out[-1], fillers=out[-1].fillers + fillers, ends=again[-1].ends)
                break
    return out

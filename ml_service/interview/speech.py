"""What is said in a turn, as sentences of plain words that do not depend on who speaks.

A word keeps its place in the turn, so that evidence can be quoted as it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ml_service.interview.fillers import (
    ALWAYS_COUNTED,
    LONGEST_PHRASE,
    is_always_one,
    is_filler,
    phrase_behind,
)
from ml_service.interview.names import name_flags
from ml_service.interview.set_aside import private_spans, without_markup
from ml_service.interview.word_forms import PRONOUNS, same_form

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
_SHORT_FORMS = frozenset({"mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "e.g", "i.e", "vs"})
_MOSTLY_CAPITALS = 0.6
_FEW_LETTERS = 20
_STUTTERED_WORDS = 7


@dataclass(frozen=True, slots=True)
class Word:
    """``plain`` is empty for names and pronouns; ``fillers`` counts those heard beside it.

    ``comma`` says that one stands behind it.
    """

    written: str
    plain: str
    start: int
    end: int
    ends: bool
    named: bool = False
    fillers: int = 0
    comma: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """``turn`` counts through the transcript; ``words`` hold no fillers."""

    turn: int
    words: tuple[Word, ...]

    @property
    def plain(self) -> tuple[str, ...]:
        return tuple(word.plain for word in self.words if word.plain)

    @property
    def written(self) -> str:
        return " ".join(word.written for word in self.words)

    @property
    def without_names(self) -> str:
        return " ".join("Name" if word.named else word.written for word in self.words)

    @property
    def n_fillers(self) -> int:
        return sum(word.fillers for word in self.words)


def sentences_of(
    content: str, *, turn: int, is_term: Callable[[str], bool]
) -> tuple[Sentence, ...]:
    heard = _said_once(_without_private(_without_fillers(_pieces(_in_small_letters(content)))))
    return tuple(Sentence(turn, _plain(words, is_term)) for words in _split(heard) if words)


def _in_small_letters(content: str) -> str:
    """A turn in capitals says nothing by them. The length stays, for the places of words."""
    letters = [mark for mark in content if mark.isalpha()]
    capitals = sum(mark.isupper() for mark in letters)
    if len(letters) < _FEW_LETTERS or capitals < _MOSTLY_CAPITALS * len(letters):
        return content
    small = content.lower()
    return small if len(small) == len(content) else content


def _pieces(content: str) -> list[Word]:
    blank = _BREAK.sub(_spaces, _NOISE.sub(_spaces, without_markup(content)))
    words = list[Word]()
    for piece in _PIECE.finditer(blank):
        core = _CORE.search(piece.group())
        if core is None:
            if words and any(mark in ".!?" for mark in piece.group()):
                words[-1] = replace(words[-1], ends=True)
            continue
        behind = piece.group()[core.end() :]
        words.append(
            Word(
                written=core.group(),
                plain=core.group().casefold().replace("’", "'"),
                start=piece.start() + core.start(),
                end=piece.start() + core.end(),
                ends=_ends_sentence(core.group(), behind),
                comma="," in behind,
            )
        )
        if behind.startswith("-") and not core.group().isdigit():
            words[-1] = replace(words[-1], plain="-")  # a word that was begun and broken off
    return words


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _ends_sentence(word: str, behind: str) -> bool:
    if not any(mark in ".!?" for mark in behind):
        return False
    if "!" in behind or "?" in behind:
        return True
    return word.casefold() not in _SHORT_FORMS and not (len(word) == 1 and word.isupper())


def _without_fillers(words: Sequence[Word]) -> list[Word]:
    """Each is counted at the word behind it, or at the last one of its sentence."""
    return _without_stutter(_without_so(_without_phrases(_without_single(words))))


def _without_private(words: Sequence[Word]) -> list[Word]:
    """What filled a pause among them is counted all the same."""
    spans = private_spans(" ".join(word.plain for word in words))
    out, waiting, behind = list[Word](), 0, 0
    for word in words:
        begin, behind = behind, behind + len(word.plain) + 1
        if any(first <= begin < last for first, last in spans):
            waiting += word.fillers
            _hand_on_end(out, word)
        else:
            out.append(replace(word, fillers=word.fillers + waiting))
            waiting = 0
    return _with_rest(out, waiting)


def _said_once(words: list[Word]) -> list[Word]:
    """Half of a turn that is the same text twice."""
    half = len(words) // 2
    plain = [word.plain for word in words]
    return words[:half] if half > 1 and plain == 2 * plain[:half] else words


def _without_phrases(words: Sequence[Word]) -> list[Word]:
    """What closes around a phrase may be one as well: "you, you know, know"."""
    out, waiting = list[Word](), 0
    for word in words:
        out.append(replace(word, fillers=word.fillers + waiting))
        waiting = 0
        length = phrase_behind([one.plain for one in out[-LONGEST_PHRASE:]])
        if length and not any(one.ends for one in out[-length:-1]):
            phrase = out[-length:]
            del out[-length:]
            waiting = _is_counted(phrase, out) + sum(one.fillers for one in phrase)
            _hand_on_end(out, word)
            waiting = _given_back(out, waiting, word)
    return _with_rest(out, waiting)


def _without_stutter(words: Sequence[Word]) -> list[Word]:
    """``I think I think`` once; what is said again counts as one filler."""
    out = list[Word]()
    for word in words:
        out.append(word)
        for length in range(1, min(_STUTTERED_WORDS, len(out) // 2) + 1):
            first, again = out[-2 * length : -length], out[-length:]
            same = all(one.plain == two.plain for one, two in zip(first, again, strict=True))
            if same and not any(one.ends for one in first):
                fillers = 1 + sum(one.fillers for one in again)
                del out[-length:]
                out[-1] = replace(out[-1], fillers=out[-1].fillers + fillers, ends=again[-1].ends)
                break
    return out


def _without_single(words: Sequence[Word]) -> list[Word]:
    """``so`` stays for now: whether it goes depends on what is left behind it."""
    out, waiting = list[Word](), 0
    for at, word in enumerate(words):
        one = word.plain == "-" or is_filler(word.plain)
        waiting += one and _is_counted((word,), words[max(0, at - 1) : at])
        if one and word.plain != "so":
            _hand_on_end(out, word)
            waiting = _given_back(out, waiting, word)
        else:
            out.append(replace(word, fillers=waiting))
            waiting = 0
    return _with_rest(out, waiting)


def _is_counted(filler: Sequence[Word], before: Sequence[Word]) -> bool:
    """Sounds always; words of other uses where commas set them off, or where they are doubled."""
    plain = tuple(word.plain for word in filler)
    if plain in ALWAYS_COUNTED or (len(plain) == 1 and is_always_one(plain[0])):
        return True
    if not before or before[-1].ends:
        return filler[-1].comma
    doubled = tuple(word.plain for word in before[-len(plain) :]) == plain
    return doubled or (before[-1].comma and filler[-1].comma)


def _without_so(words: Sequence[Word]) -> list[Word]:
    """But for ``so that``, which gives a reason."""
    out, waiting = list[Word](), 0
    for at, word in enumerate(words):
        waiting += word.fillers
        behind = words[at + 1].plain if at + 1 < len(words) and not word.ends else ""
        if word.plain == "so" and behind != "that":
            _hand_on_end(out, word)
            waiting = _given_back(out, waiting, word)
        else:
            out.append(replace(word, fillers=waiting))
            waiting = 0
    return _with_rest(out, waiting)


def _given_back(words: list[Word], waiting: int, last: Word) -> int:
    """Fillers at the end of a sentence belong to it, not to the next one."""
    if not last.ends or not words:
        return waiting
    _with_rest(words, waiting)
    return 0


def _with_rest(words: list[Word], waiting: int) -> list[Word]:
    if words and waiting:
        words[-1] = replace(words[-1], fillers=words[-1].fillers + waiting)
    return words


def _hand_on_end(kept: list[Word], filler: Word) -> None:
    """``It worked, you know. Then ...``: the sentence ends although its last word goes."""
    if kept:
        last = kept[-1]
        kept[-1] = replace(last, ends=last.ends or filler.ends, comma=last.comma or filler.comma)


def _split(words: Sequence[Word]) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    for word in words:
        sentence.append(word)
        if word.ends:
            yield sentence
            sentence = []
    yield sentence


def _plain(words: Sequence[Word], is_term: Callable[[str], bool]) -> tuple[Word, ...]:
    flags = name_flags([word.written for word in words], is_term=is_term)
    neutral = [
        replace(
            word,
            plain="" if named or word.plain in PRONOUNS else same_form(word.plain),
            named=named,
        )
        for word, named in zip(words, flags, strict=True)
    ]
    return tuple(_without_doubled_pronouns(neutral))


def _without_doubled_pronouns(words: list[Word]) -> list[Word]:
    """``he or she`` says no more than ``they``."""
    for at in range(1, len(words) - 1):
        around = {words[at - 1].written.casefold(), words[at + 1].written.casefold()}
        if words[at].plain == "or" and around <= PRONOUNS:
            words[at] = replace(words[at], plain="")
    return words

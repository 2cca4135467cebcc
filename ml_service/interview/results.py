"""Which part of an answer tells how it ended; structure alone looks at it.

A sentence is part of the result by its own words, or because it stands behind one that is and
tells of nothing done. What is told before and after stays what it is when all of that is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from ml_service.interview.cues import CHANGE, NEXT_STEP, RESULT
from ml_service.interview.deeds import deeds_of
from ml_service.interview.speech import Sentence
from ml_service.interview.words import Word

_JOINTS = frozenset({"and", "but", "then", "so"})
_WORDS_OF_AN_OUTCOME = 4
_ENDINGS = frozenset(
    {"did", "worked", "finished", "completed", "celebrated", "passed", "achieved", "won"}
)
"""Deeds that say how it ended, and not what was begun."""

_SUBJECTS = frozenset({"i", "it", "that", "there", "this", "we", "which"})

Parted = tuple[list[Sentence], list[Sentence]]


def parted(sentences: Iterable[Sentence], *, has_amount: Callable[[str], bool]) -> Parted:
    """What is told, and the result: from its cue to the end of the sentence, and the next one
    of the turn if it says how it was. An answer begins with something told, whatever it says.
    """
    told, result = list[Sentence](), list[Sentence]()
    announced_in: int | None = None
    for piece in _cut_at_cues(sentences):
        announced = bool(told) and RESULT.among(piece.plain)
        behind = announced_in == piece.turn and not _goes_on(piece)
        announced_in = piece.turn if announced else None
        if not piece.words:
            continue
        if announced or (told and _is_change(piece, has_amount)):
            result.append(piece)
        elif behind:
            result.append(replace(piece, follows=True))
        else:
            told.append(piece)
    return told, result


def _cut_at_cues(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """A sentence without words stands between others all the same."""
    for sentence in sentences:
        kept = [word for word in sentence.words if word.plain]
        starts = RESULT.starts([word.plain for word in kept])
        at = sentence.words.index(kept[starts[0]]) if starts else 0
        before = _without_joint(sentence.words[:at])
        if before:
            yield replace(sentence, words=before, end=_end_in_turn(sentence.words[:at], before))
        yield replace(sentence, words=_without_joint(sentence.words[at:]))


def _end_in_turn(words: tuple[Word, ...], left: tuple[Word, ...]) -> int:
    """With the names behind what is left; they are not read, and quoted all the same."""
    end = left[-1].end
    for word in words[len(left) :]:
        if word.plain:
            break
        end = word.end
    return end


def _without_joint(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Without the "and" or "and it" that leads to what is cut off, and what fills a pause there.

    Names at the end go too; what is counted beside them stays.
    """
    end = _end_without_joint([word.plain for word in words])
    if not end:
        return ()
    fillers = sum(word.fillers for word in words[end:] if not word.plain)
    last = words[end - 1]
    return (*words[: end - 1], replace(last, fillers=last.fillers + fillers))


def _end_without_joint(plain: Sequence[str]) -> int:
    """Behind the last word that stays; 0 where a sentence is a subject alone."""
    end = len(plain)
    while end:
        before = plain[end - 2] if end > 1 else ""
        leads = plain[end - 1] in _SUBJECTS and (not before or before in _JOINTS)
        if plain[end - 1] and plain[end - 1] not in _JOINTS and not leads:
            break
        end -= 1
    return end


def _goes_on(piece: Sentence) -> bool:
    """Whether a sentence behind a result tells of something done, and not how it was."""
    plain = piece.plain
    if len(plain) <= _WORDS_OF_AN_OUTCOME:
        return False
    if NEXT_STEP.begins(plain):
        return True
    begun = tuple(word for word in piece.words if word.plain not in _ENDINGS)
    return deeds_of(replace(piece, words=begun)) != (0, 0)


def _is_change(piece: Sentence, has_amount: Callable[[str], bool]) -> bool:
    return CHANGE.among(piece.plain) and has_amount(piece.without_names)

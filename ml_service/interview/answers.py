"""A transcript as questions and answers, of each answer only what counts.

Left out are sentences said before, and those that read the advert or the interviewer's words back.
What tells of a result stands apart: only structure looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ml_service.domain.interview import Turn
from ml_service.interview.cues import CHANGE, RESULT
from ml_service.interview.fillers import is_filler
from ml_service.interview.repetition import Heard, Repeated
from ml_service.interview.speech import Sentence, Word, sentences_of

_A_LITTLE_LONGER = 2
_JOINTS = frozenset({"and", "but", "then"})
_NOD_LIST = """
good great nice excellent awesome cool interesting perfect wonderful fine sure yes no wow thanks
thank you i see got it very that's all exactly true fantastic oh that were and is then be
absolutely welcome sounds sound
"""
_NODS = frozenset(_NOD_LIST.split())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What use cases lend: technologies in a text that is no list, and whether it has an amount."""

    terms_in: Callable[[str], Sequence[str]]
    has_amount: Callable[[str], bool]
    is_term: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Answer:
    """``question`` is all that the interviewer said before, without nods; empty if there is none.

    ``told`` is judged; ``result`` is the part that tells how it ended.
    """

    question: tuple[Sentence, ...]
    told: tuple[Sentence, ...]
    result: tuple[Sentence, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for sentence in self.told for word in sentence.plain)


def answers_of(turns: Sequence[Turn], *, job: str | None, lexicon: Lexicon) -> tuple[Answer, ...]:
    """In the order of the transcript; answers of which nothing counts are left out."""
    spoken = [
        sentences_of(turn.content, turn=at, is_term=lexicon.is_term)
        for at, turn in enumerate(turns)
    ]
    heard = _heard(turns, spoken, job)
    repeated = Repeated()
    found = []
    for question, said in _exchanges(turns, spoken):
        own = [own for turn in said for own in repeated.without(turn)]
        told, result = _parted(list(heard.without_echoes(own)), lexicon)
        if told:
            found.append(Answer(question, told, result))
    return tuple(found)


def _heard(turns: Sequence[Turn], spoken: Sequence[Sequence[Sentence]], job: str | None) -> Heard:
    heard = Heard()
    for turn, sentences in zip(turns, spoken, strict=True):
        if turn.by_candidate is False:
            heard.add([word for sentence in sentences for word in sentence.plain])
    if job:
        never = sentences_of(job, turn=0, is_term=lambda _: True)
        heard.add([word for sentence in never for word in sentence.plain])
        small = sentences_of(job.lower(), turn=0, is_term=lambda _: True)
        heard.add([word for sentence in small for word in sentence.plain])
    return heard


Exchange = tuple[tuple[Sentence, ...], list[tuple[Sentence, ...]]]


def _exchanges(turns: Sequence[Turn], spoken: Sequence[tuple[Sentence, ...]]) -> Iterator[Exchange]:
    """A nod ("Great.") does not end an answer, and somebody else's turn does not either."""
    question: list[Sentence] = []
    said: list[tuple[Sentence, ...]] = []
    for turn, sentences in zip(turns, spoken, strict=True):
        if turn.by_candidate:
            said.append(sentences)
        elif turn.by_candidate is False:
            asking = [sentence for sentence in sentences if not is_nod(sentence)]
            if asking and said:
                yield tuple(question), said
                question, said = [], []
            question.extend(asking)
    if said:
        yield tuple(question), said


def is_nod(sentence: Sentence) -> bool:
    return all(word in _NODS or is_filler(word) for word in sentence.plain)


def _parted(
    sentences: Sequence[Sentence], lexicon: Lexicon
) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """What is told, and the result: from its cue to the end of the sentence, and the next one
    of the turn.

    Whether a sentence is a result never depends on what follows, so that an answer without its
    result is judged as before in everything else.
    """
    pieces = list(_cut_at_cues(sentences))
    ends = [at > 0 and _tells_result(piece, lexicon) for at, piece in enumerate(pieces)]
    marks = [
        mark or (at > 0 and ends[at - 1] and pieces[at - 1].turn == pieces[at].turn)
        for at, mark in enumerate(ends)
    ]
    told = (piece for piece, mark in zip(pieces, marks, strict=True) if not mark)
    result = (piece for piece, mark in zip(pieces, marks, strict=True) if mark)
    return tuple(told), tuple(result)


def _cut_at_cues(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    for sentence in sentences:
        kept = [word for word in sentence.words if word.plain]
        starts = RESULT.starts([word.plain for word in kept])
        at = sentence.words.index(kept[starts[0]]) if starts else 0
        for words in (sentence.words[:at], sentence.words[at:]):
            if left := _without_joint(words):
                yield replace(sentence, words=left)


def _without_joint(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Without the "and" that led to what was cut off behind it."""
    end = len(words)
    while end and (words[end - 1].plain in _JOINTS or not words[end - 1].plain):
        end -= 1
    return words[:end]


def _tells_result(piece: Sentence, lexicon: Lexicon) -> bool:
    if RESULT.among(piece.plain):
        return True
    return CHANGE.among(piece.plain) and lexicon.has_amount(piece.without_names)


def quote_of(words: Sequence[Word], content: str, *, max_characters: int) -> str:
    """What stands in the turn from the first to the last of ``words``.

    A sentence that is a little longer stays whole; an endless one is cut off behind a word.
    """
    start, end = words[0].start, words[-1].end
    if end - start > _A_LITTLE_LONGER * max_characters:
        end = max(
            (word.end for word in words if word.end - start <= max_characters),
            default=start + max_characters,
        )
    elif words[-1].ends and content[end : end + 1] in {".", "!", "?"}:
        end += 1
    return content[start:end]

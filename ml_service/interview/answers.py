"""A transcript as questions and answers, of each answer only what counts.

Left out are sentences said before, and those that read the advert or the interviewer's words back.
What tells of a result stands apart: only structure looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ml_service.domain.interview import Turn
from ml_service.interview.fillers import is_filler
from ml_service.interview.repetition import Heard, Repeated, said_once
from ml_service.interview.results import parted
from ml_service.interview.speech import Sentence, sentences_of

_A_LITTLE_LONGER = 2
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
    answers = (
        _judged(question, said, heard, lexicon) for question, said in _exchanges(turns, spoken)
    )
    return tuple(answer for answer in _without_repeated(answers) if answer.told)


def _judged(
    question: tuple[Sentence, ...],
    said: Iterable[Sequence[Sentence]],
    heard: Heard,
    lexicon: Lexicon,
) -> Answer:
    """Alone, as if nothing else were answered.

    Sentences said twice go first of all: what is left are the sentences of an answer that says
    nothing twice, so its result begins and ends where it does there.
    """
    sentences = said_once(sentence for turn in said for sentence in turn)
    told, result = parted(sentences, has_amount=lexicon.has_amount)
    own = Repeated().without(heard.without_echoes(told))
    return Answer(question, tuple(own), tuple(heard.without_echoes(result)))


def _without_repeated(answers: Iterable[Answer]) -> Iterator[Answer]:
    """What two answers share counts where it is said first. What is told never depends on a
    result.
    """
    told, said = Repeated(), Repeated()
    for answer in answers:
        said.without(answer.told)
        own = told.without(answer.told)
        yield replace(answer, told=tuple(own), result=tuple(said.without(answer.result)))


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


def quote_of(sentence: Sentence, content: str, *, max_characters: int) -> str:
    """What stands in the turn from its first word to its end, names and all.

    A sentence that is a little longer stays whole; an endless one is cut off behind a word.
    """
    start, end = sentence.words[0].start, sentence.end
    if end - start > _A_LITTLE_LONGER * max_characters:
        end = max(
            (word.end for word in sentence.words if word.end - start <= max_characters),
            default=start + max_characters,
        )
    return content[start:end]

"""Whether relevance tells an answer from what somebody else answered to another question."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from interview_changes import Turns

from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.inference.engines.base import Engine
from ml_service.interview.answers import Answer, answers_of
from ml_service.interview.relevance import KnownKinds, Relevance, compared, known_texts
from ml_service.interview.signal_rules import SIGNALS
from ml_service.use_cases.read_transcript import lexicon_of

OTHERS_EACH = 20
RESAMPLES = 500
MIN_QUESTION_WORDS = 5
MIN_ANSWER_WORDS = 20
BATCH = 256
_SMALL_LIST = """
a an the and or but so to of in on at for with is are was were be been am i i'm you me my your it
that this do does did have has had can could would will what how why when who which about tell
please as if we our us just like not no yes there then than by from think great good very time
example give want question last next get should one consider now some more
"""
_SMALL = frozenset(_SMALL_LIST.split())
_SAME_TOPIC = {
    "background": "yourself", "introduce": "yourself", "leader": "lead", "leadership": "lead",
    "led": "lead", "weakness": "weak", "change": "weak", "improve": "weak", "challenge": "team",
    "conflict": "team", "player": "team", "hire": "job", "position": "job",
}  # fmt: skip


@dataclass(slots=True)
class CachedEncoder:
    """Each text is embedded once."""

    engine: Engine
    known: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict)

    @property
    def ref(self) -> EncoderRef:
        return self.engine.ref

    @property
    def space(self) -> ModelRef:
        return ModelRef(self.ref.model_id, self.ref.revision)

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            self.known.update(zip(batch, self.engine.embed_batch(batch), strict=True))
        return Embeddings(np.stack([self.known[text] for text in texts]), self.ref)


@dataclass(frozen=True, slots=True)
class Interview:
    id: str
    turns: Turns

    @property
    def tuned_on(self) -> bool:
        number = re.sub(r"\D", "", self.id)
        return int(number or 0) % 2 == 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with its own answer; vectors as ``Compared`` orders them."""

    interview: str
    words: tuple[str, ...]
    answer: Answer
    question_vector: npt.NDArray[np.float32]
    passages: npt.NDArray[np.float32]

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(_SAME_TOPIC.get(word, word) for word in self.words) - _SMALL


async def measure_relevance(
    interviews: Sequence[Interview], encoder: CachedEncoder, vocabulary: SkillVocabulary
) -> None:
    pairs = await _pairs(interviews, encoder, vocabulary)
    known = KnownKinds((await encoder.embed_documents(known_texts())).vectors)
    ways: dict[str, Callable[[Pair, Pair], float]] = {
        "word overlap (baseline)": _overlap,
        "by kind (first service)": lambda asked, told: _relevance(known, asked, told)[0],
        "by subject (second service)": lambda asked, told: _relevance(known, asked, told)[1],
        "relevance, both": lambda asked, told: sum(_relevance(known, asked, told)) / 2,
    }
    print("Relevance: true answers against another person's answers to another question (AUC)")
    for tuned, half in ((False, "interviews with odd numbers"), (True, "even, tuned on")):
        chosen = [pair for interview, pair in pairs if interview.tuned_on is tuned]
        for rule, draw in _RULES.items():
            drawn = draw(chosen)
            _print_rule(f"{half}; {rule}", drawn, ways)


async def _pairs(
    interviews: Sequence[Interview], encoder: CachedEncoder, vocabulary: SkillVocabulary
) -> list[tuple[Interview, Pair]]:
    lexicon = lexicon_of(vocabulary)
    found = []
    for interview in interviews:
        for answer in answers_of(interview.turns, job=None, lexicon=lexicon):
            texts = compared(answer)
            if texts is not None:
                vectors = (await encoder.embed_documents([texts.question, *texts.passages])).vectors
                words = tuple(texts.question.split())
                found.append(
                    (interview, Pair(interview.id, words, answer, vectors[0], vectors[1:]))
                )
    return found


Drawn = list[tuple[Pair, list[Pair]]]


def _drawn(
    pairs: Sequence[Pair],
    differs: Callable[[Pair, Pair], bool],
    *,
    question_words: int = 0,
    answer_words: int = 0,
) -> Drawn:
    """Each question with its answer, and 20 answers at most that others gave to another one."""
    chance = random.Random(11)  # noqa: S311 - a sample, no secret
    kept = [
        pair
        for pair in pairs
        if len(pair.words) >= question_words and len(pair.answer.words) >= answer_words
    ]
    drawn = []
    for pair in kept:
        others = [
            other for other in kept if other.interview != pair.interview and differs(pair, other)
        ]
        if others:
            drawn.append((pair, chance.sample(others, min(OTHERS_EACH, len(others)))))
    return drawn


def _other_topic(asked: Pair, other: Pair) -> bool:
    return not asked.topics & other.topics


def _other_words(asked: Pair, other: Pair) -> bool:
    return asked.words != other.words


_RULES: dict[str, Callable[[Sequence[Pair]], Drawn]] = {
    "another question, all pairs": lambda pairs: _drawn(pairs, _other_topic),
    "another question, of 5 words or more": lambda pairs: _drawn(
        pairs, _other_topic, question_words=MIN_QUESTION_WORDS
    ),
    "another question of 5 words, answers of 20": lambda pairs: _drawn(
        pairs, _other_topic, question_words=MIN_QUESTION_WORDS, answer_words=MIN_ANSWER_WORDS
    ),
    "the same question in other words is another one": lambda pairs: _drawn(pairs, _other_words),
}


def _relevance(known: KnownKinds, asked: Pair, told: Pair) -> tuple[float, float]:
    """Shares as the rubric makes them, before the mean over answers; an unknown kind is zero."""
    relevance: Relevance = known.relevance(asked.question_vector, told.passages)
    return (
        SIGNALS["answers_in_kind"].share(relevance.by_kind or 0.0),
        SIGNALS["on_the_subject"].share(relevance.by_subject),
    )


def _overlap(asked: Pair, told: Pair) -> float:
    """The share of the question's words, without small ones, that the answer has."""
    words = set(asked.words) - _SMALL
    return len(words & set(told.answer.words)) / len(words) if words else 0.0


def _print_rule(title: str, drawn: Drawn, ways: dict[str, Callable[[Pair, Pair], float]]) -> None:
    n_others = sum(len(others) for _, others in drawn)
    print(f"\n{title}: {len(drawn)} answers, {n_others} pairs with another's")
    for name, way in ways.items():
        own = [way(pair, pair) for pair, _ in drawn]
        other = [[way(pair, one) for one in others] for pair, others in drawn]
        low, high = _interval([pair.interview for pair, _ in drawn], own, other)
        print(f"  {name:<30} {_auc(own, other):.3f}  [{low:.3f}, {high:.3f}]")


def _auc(own: Sequence[float], other: Sequence[Sequence[float]]) -> float:
    """How often an answer to its question stands above one to another; ties count half."""
    theirs = np.sort(np.concatenate([np.asarray(values) for values in other]))
    mine = np.asarray(own)
    below = np.searchsorted(theirs, mine, side="left")
    not_above = np.searchsorted(theirs, mine, side="right")
    return float((below + not_above).mean() / (2 * len(theirs)))


def _interval(
    ids: Sequence[str], own: Sequence[float], other: Sequence[Sequence[float]]
) -> tuple[float, float]:
    """95 %, by drawing whole interviews again."""
    chance = random.Random(7)  # noqa: S311 - a sample, no secret
    rows = defaultdict[str, list[int]](list)
    for at, name in enumerate(ids):
        rows[name].append(at)
    names = list(rows)
    values = []
    for _ in range(RESAMPLES):
        chosen = [at for name in chance.choices(names, k=len(names)) for at in rows[name]]
        values.append(_auc([own[at] for at in chosen], [other[at] for at in chosen]))
    values.sort()
    return values[int(0.025 * RESAMPLES)], values[int(0.975 * RESAMPLES) - 1]

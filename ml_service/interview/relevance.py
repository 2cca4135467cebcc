"""How far an answer is about its question, from vectors of both.

Two ways: whether the answer speaks as answers to that kind of question do (``by_kind``), and how
near its vector is to the question's (``by_subject``). All vectors have the mean of invented
questions or answers taken off first: what all answers share says nothing about one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from ml_service.interview.answers import Answer, is_nod
from ml_service.interview.question_kinds import KINDS
from ml_service.interview.speech import Sentence, sentences_of

Vectors = npt.NDArray[np.float32]

PASSAGE_WORDS = 60
PASSAGE_STEP = 40
OPENING_WORDS = 40
MAX_PASSAGES = 12
MAX_ASKING_SENTENCES = 3
SHARPNESS = 0.05
"""How much nearer a kind has to be to count for more: the temperature of a softmax."""

LEAST_LIKENESS = 0.45
"""Cosine to the nearest known question: "Explain a join in SQL." has 0.44, and no kind of ours."""

_ASKS = re.compile(
    r"\b(?:tell|describe|give|walk|explain|introduce|talk|name|share|what|why|how|when|where|"
    r"which|who|do you|have you|are you|can you|could you|would you|did you|think of)\b"
)


@dataclass(frozen=True, slots=True)
class Relevance:
    """Both are differences of cosines, about -0.3 to 0.6.

    ``by_kind`` is None for a question that is near no known kind.
    """

    by_kind: float | None
    by_subject: float


@dataclass(frozen=True, slots=True)
class Compared:
    """What is embedded of one answer and its question; the last passage is the opening."""

    question: str
    passages: tuple[str, ...]


def known_texts() -> tuple[str, ...]:
    """What is embedded once, in the order in which ``KnownKinds`` takes it."""
    questions = [_neutral(text) for kind in KINDS for text in kind.asked]
    return (*questions, *(_neutral(text) for kind in KINDS for text in kind.answered))


def compared(answer: Answer) -> Compared | None:
    """None without a question or without words."""
    question, words = _asking(answer.question), answer.words
    if not question or not words:
        return None
    starts = range(0, max(1, len(words) - PASSAGE_WORDS + PASSAGE_STEP), PASSAGE_STEP)
    passages = [" ".join(words[at : at + PASSAGE_WORDS]) for at in starts[:MAX_PASSAGES]]
    return Compared(question, (*passages, " ".join(words[:OPENING_WORDS])))


def _asking(question: Sequence[Sentence]) -> str:
    texts = [" ".join(sentence.plain) for sentence in question if not is_nod(sentence)]
    asking = [text for text in texts if _ASKS.search(text)]
    return " ".join(asking[-MAX_ASKING_SENTENCES:] or texts)


def _neutral(text: str) -> str:
    sentences = sentences_of(text, turn=0, is_term=lambda _: False)
    return " ".join(word for sentence in sentences for word in sentence.plain)


class KnownKinds:
    """The vectors of ``known_texts``, of the encoder that the others come from."""

    def __init__(self, vectors: Vectors) -> None:
        n_asked = sum(len(kind.asked) for kind in KINDS)
        asked, answered = vectors[:n_asked], vectors[n_asked:]
        self._asked = _by_kind(asked, [len(kind.asked) for kind in KINDS])
        by_kind = _by_kind(answered, [len(kind.answered) for kind in KINDS])
        self._mean_asked = np.mean([kind.mean(axis=0) for kind in self._asked], axis=0)
        self._mean_answered = np.mean([kind.mean(axis=0) for kind in by_kind], axis=0)
        centred = [_unit(kind - self._mean_answered).mean(axis=0) for kind in by_kind]
        self._centres = _unit(np.stack(centred))

    def relevance(self, question: Vectors, passages: Vectors) -> Relevance:
        """``passages`` as in ``Compared``, of shape (n_passages + 1, n_dims)."""
        body = passages[:-1]
        whole = _unit(body.mean(axis=0) - self._mean_answered)
        about = _unit(question - self._mean_asked)
        fit = (
            self._centres @ whole
            + self._centres @ _unit(passages[-1] - self._mean_answered)
            + (_unit(body - self._mean_answered) @ self._centres.T).max(axis=0)
        ) / 3
        shares = self._shares(question)
        by_kind = None if shares is None else float(shares @ (fit - fit.mean()))
        return Relevance(by_kind, float(about @ whole))

    def _shares(self, question: Vectors) -> npt.NDArray[np.float64] | None:
        """How likely the question is of each kind; sums to 1. None if it is like none of them."""
        nearest = np.array([float((kind @ question).max()) for kind in self._asked])
        if nearest.max() < LEAST_LIKENESS:
            return None
        weights = np.exp((nearest - nearest.max()) / SHARPNESS)
        return np.asarray(weights / weights.sum())


def _by_kind(vectors: Vectors, sizes: Sequence[int]) -> list[Vectors]:
    borders = [0, *accumulate(sizes)]
    return [vectors[start:end] for start, end in pairwise(borders)]


def _unit(vectors: Vectors) -> Vectors:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), dtype=np.float32)

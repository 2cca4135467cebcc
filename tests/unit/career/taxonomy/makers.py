"""Labelled resumes with vectors that come from their words alone, so that no encoder is needed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b

import numpy as np

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.model_card import ModelCard
from ml_service.career.passages import split_into_passages
from ml_service.career.taxonomy.folds import assign_folds
from ml_service.career.taxonomy.label_fitting import Fitted, LabelledResume, fit_labels
from ml_service.career.taxonomy.label_model import LabelModel
from ml_service.career.taxonomy.passage_words import words_of
from ml_service.domain.ports import Embeddings, Float32Array
from ml_service.use_cases.gather_evidence import Example, Gathered
from ml_service.use_cases.train_model import labelled_resumes
from tests.documents import resume_text
from tests.labelled_people import LABELS, labelled_people
from tests.unit.career.makers import ENCODER, profile, redacted

N_DIMS = 12


def vector_of_text(text: str) -> Float32Array:
    """The mean of a vector for each word, of length 1."""
    total = np.full(N_DIMS, 0.1, dtype=np.float32)
    for word in words_of(text):
        total = total + _word_vector(word)
    return total / np.linalg.norm(total)


@cache
def _word_vector(word: str) -> Float32Array:
    seed = int.from_bytes(blake2b(word.encode(), digest_size=4).digest())
    return np.random.default_rng(seed).standard_normal(N_DIMS).astype(np.float32)


def evidence_of(*lines: str, language: str = "en") -> ResumeEvidence:
    text = redacted(*lines)
    passages = split_into_passages(text)
    rows = [vector_of_text(passage.text) for passage in passages]
    vectors = np.array(rows, dtype=np.float32).reshape(-1, N_DIMS)
    return ResumeEvidence(
        passages=passages,
        vectors=Embeddings(vectors=vectors, encoder=ENCODER),
        redacted=text,
        profile=profile(language=language),
    )


def lines_of_people(n_each: int, *, seed: int = 1) -> list[tuple[str, tuple[str, ...]]]:
    """Label and lines of each, without the name and the contact that redaction takes away."""
    made = []
    for label, person in labelled_people(n_each, seed=seed):
        name, title, *rest = resume_text(person).splitlines()
        contact = {name, person.email, person.phone, person.place, person.link}
        made.append((label, (title, *(line for line in rest if line not in contact))))
    return made


def resumes_of(
    rows: Sequence[tuple[str, tuple[str, ...]]], labels: Sequence[str]
) -> list[LabelledResume]:
    """By the way that training takes."""
    gathered = Gathered()
    for at, (label, lines) in enumerate(rows):
        example = Example(f"row {at}", label, "\n".join(lines))
        gathered.evidence.append((example, evidence_of(*lines)))
    return labelled_resumes(gathered, labels)


def folds_of(resumes: Sequence[LabelledResume]) -> list[int]:
    texts = [[word for entry in resume.words for word in entry.body] for resume in resumes]
    return assign_folds(texts, [resume.label for resume in resumes])


@cache
def trades(n_each: int = 12) -> tuple[LabelledResume, ...]:
    return tuple(resumes_of(lines_of_people(n_each), LABELS))


@cache
def fitted_trades() -> Fitted:
    return fit_labels(trades(), folds_of(trades()), n_labels=len(LABELS))


def card_for(labels: Sequence[str] = LABELS, *, languages: Sequence[str] = ("en",)) -> ModelCard:
    return ModelCard(
        model_id="trades",
        revision="0a1b2c3d4e5f",
        taxonomy="own",
        encoder_id=ENCODER.model_id,
        encoder_revision=ENCODER.revision,
        labels=tuple(labels),
        languages=tuple(languages),
        abstains_below=0.4,
        trained_at="2026-03-01",
        trained_on="48 resumes of invented people",
        metrics={"cross_validation": {"n": 48, "top_1": 0.9}},
        calibration={"weights": [1.0, 0.0], "intercept": 0.0},
        about={"data": ("48 resumes.", "All invented."), "licence": "Free."},
    )


def trades_model() -> LabelModel:
    fitted = fitted_trades()
    return LabelModel(fitted.head, fitted.calibration, card_for())

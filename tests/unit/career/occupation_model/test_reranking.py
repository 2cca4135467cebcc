import numpy as np
import pytest

from ml_service.career.occupation_model.features import COLUMNS, FEATURES
from ml_service.career.occupation_model.reranking import (
    N_CANDIDATES,
    N_INPUTS,
    Reranker,
    best_candidates,
    candidate_inputs,
)
from ml_service.career.occupation_training.reranking_fitting import CandidateLists, fit_reranker
from ml_service.domain.shares import log_softmax
from tests.unit.career.makers import silent_reranker

N_CODES = 60
N_LISTS = 1_200


def features_with(
    name: str, values: np.typing.NDArray[np.float64]
) -> np.typing.NDArray[np.float32]:
    features = np.zeros((N_CODES, len(FEATURES)), dtype=np.float32)
    features[:, COLUMNS[name]] = values
    return features


def test_a_silent_reranker_leaves_the_probabilities_as_they_are() -> None:
    scores = np.random.default_rng(3).normal(size=N_CODES).astype(np.float32)
    features = features_with("said_1", np.zeros(N_CODES))
    after = silent_reranker().rerank(scores, features, "none_known")
    assert after == pytest.approx(log_softmax(scores), abs=1e-5)


def test_what_the_candidates_share_stays_theirs() -> None:
    chance = np.random.default_rng(4)
    scores = chance.normal(size=N_CODES).astype(np.float32)
    reranker = Reranker(
        mean=np.zeros(N_INPUTS, dtype=np.float32),
        scale=np.ones(N_INPUTS, dtype=np.float32),
        hidden_weights=chance.normal(size=(N_INPUTS, 16)).astype(np.float32),
        hidden_bias=np.zeros(16, dtype=np.float32),
        output_weights=chance.normal(size=16).astype(np.float32),
    )
    after = reranker.rerank(
        scores, features_with("said_1", chance.normal(size=N_CODES)), "none_known"
    )
    first = best_candidates(scores)
    rest = np.setdiff1d(np.arange(N_CODES), first)
    before = log_softmax(scores)
    assert len(first) == N_CANDIDATES
    assert after[rest] == pytest.approx(before[rest])
    assert np.exp(after).sum() == pytest.approx(1, abs=1e-4)
    assert np.abs(after[first] - before[first]).max() > 0.1


def test_it_learns_which_of_the_candidates_is_right() -> None:
    chance = np.random.default_rng(5)
    inputs, right = [], []
    for _ in range(N_LISTS):
        scores = log_softmax(chance.normal(size=N_CODES).astype(np.float32))
        candidates = best_candidates(scores)
        features = features_with("said_1", chance.normal(size=N_CODES))
        inputs.append(candidate_inputs(scores, features, "none_known", candidates))
        said = features[candidates, COLUMNS["said_1"]]
        right.append(said == said.max())
    lists = CandidateLists(np.stack(inputs), np.stack(right), np.ones(N_LISTS, dtype=np.float32))
    reranker = fit_reranker(lists, seed=1)
    changed = lists.inputs[:, :, 0] + reranker.changes(lists.inputs)
    hits = lists.right[np.arange(N_LISTS), changed.argmax(axis=1)]
    before = lists.right[np.arange(N_LISTS), lists.inputs[:, :, 0].argmax(axis=1)]
    assert hits.mean() > 0.8
    assert before.mean() < 0.2
    assert np.array_equal(fit_reranker(lists, seed=1).output_weights, reranker.output_weights)

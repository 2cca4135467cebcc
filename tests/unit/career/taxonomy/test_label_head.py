from __future__ import annotations

import numpy as np
import pytest

from ml_service.career.taxonomy.label_fitting import LabelledResume, unseen_features
from ml_service.career.taxonomy.label_head import (
    VIEWS,
    clues_of,
    features_of,
    vector_of,
    view_scores,
    words_in,
)
from tests.labelled_people import LABELS
from tests.unit.career.taxonomy.makers import fitted_trades, trades


def test_the_views_see_the_title_line_the_positions_and_all_words() -> None:
    words = trades()[0].words

    assert words_in("title", words) == list(words[0].opening)
    assert words_in("positions", words)[: len(words[0].opening)] == list(words[0].opening)
    assert any(" " in term for term in words_in("positions", words)[len(words[0].opening) :])
    assert len(words_in("body", words)) == sum(len(entry.body) for entry in words)
    assert np.array_equal(vector_of("opening", words), words[0].vector)
    assert words_in("body", ()) == words_in("title", ()) == []


def test_scores_are_log_probabilities() -> None:
    scores = view_scores(fitted_trades().head, trades()[0].words)

    assert scores.shape == (len(VIEWS), len(LABELS))
    assert np.exp(scores).sum(axis=1) == pytest.approx(np.ones(len(VIEWS)), abs=1e-4)


def test_a_resume_is_served_as_it_was_trained() -> None:
    """What training reads in a matrix of many resumes, the model reads in one."""
    resumes = list(trades(6))
    twice: list[LabelledResume] = [*resumes, *resumes]
    folds = [0] * len(resumes) + [1] * len(resumes)
    trained = unseen_features(twice, folds, n_labels=len(LABELS))

    from ml_service.career.taxonomy.label_fitting import fit_labels

    head = fit_labels(resumes, [at % 5 for at in range(len(resumes))], n_labels=len(LABELS)).head
    for at, resume in enumerate(resumes):
        served = features_of(
            view_scores(head, resume.words), resume.mentions, odds=head.odds, prior=head.prior
        )
        assert served == pytest.approx(trained[at], abs=2e-3)


def test_clues_are_log_odds_and_lead_and_finite_for_a_certain_model() -> None:
    even = clues_of(np.array([0.5, 0.5]))
    certain = clues_of(np.array([0.0, 1.0, 0.0]))

    assert even == pytest.approx((0, 0))
    assert np.isfinite(certain).all()
    assert min(certain) > 10

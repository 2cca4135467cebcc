from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from ml_service.career.taxonomy.label_fitting import (
    Fitted,
    LabelledResume,
    fit_labels,
    unseen_features,
)
from ml_service.career.taxonomy.label_head import VIEWS, features_of, view_scores
from ml_service.career.taxonomy.label_model import LabelModel
from ml_service.domain.ports import Float32Array
from ml_service.domain.shares import softmax
from tests.labelled_people import LABELS
from tests.unit.career.taxonomy.makers import (
    card_for,
    evidence_of,
    fitted_trades,
    folds_of,
    lines_of_people,
    resumes_of,
    trades,
)

ODD_LABELS = ("C++ / C# (senior)", "2019", "Küche [Nord]", "road_transport*")
"""In the order of the labels that the people have."""


def probabilities(fitted: Fitted, resume: LabelledResume) -> list[float]:
    head = fitted.head
    features = features_of(
        view_scores(head, resume.words), resume.mentions, odds=head.odds, prior=head.prior
    )
    return [float(share) for share in softmax(features @ head.ranking)]


def right_share(fitted: Fitted, resumes: Sequence[LabelledResume]) -> float:
    hits = [np.argmax(probabilities(fitted, one)) == one.label for one in resumes]
    return float(np.mean(hits))


def features(resumes: Sequence[LabelledResume], folds: Sequence[int]) -> Float32Array:
    return unseen_features(resumes, folds, n_labels=len(LABELS))


def test_people_whom_the_fit_never_saw_are_told() -> None:
    assert right_share(fitted_trades(), resumes_of(lines_of_people(5, seed=2), LABELS)) >= 0.9


@pytest.mark.parametrize("at", [0, 17, 40])
def test_what_is_said_of_a_resume_does_not_depend_on_its_own_label(at: int) -> None:
    resumes, folds = list(trades()), folds_of(trades())
    before = features(resumes, folds)

    resumes[at] = replace(resumes[at], label=(resumes[at].label + 1) % len(LABELS))
    after = features(resumes, folds)

    same_part = [row for row, fold in enumerate(folds) if fold == folds[at]]
    others = [row for row, fold in enumerate(folds) if fold != folds[at]]
    assert np.array_equal(after[same_part], before[same_part])
    assert (after[others] != before[others]).any(axis=(1, 2)).all()


def test_what_is_said_of_a_resume_does_not_depend_on_its_own_text_in_others_vocabulary() -> None:
    """A word that two resumes of one part share is no word that the part is judged by."""
    rows = lines_of_people(6)
    rows[0] = (rows[0][0], (*rows[0][1], "Xylophone"))
    rows[1] = (rows[1][0], (*rows[1][1], "Xylophone"))
    resumes = resumes_of(rows, LABELS)
    folds = [0 if at < 2 else 1 + at % 4 for at in range(len(rows))]
    plain = resumes_of(lines_of_people(6), LABELS)

    body = VIEWS.index("body")
    assert np.array_equal(features(resumes, folds)[0, :, body], features(plain, folds)[0, :, body])


def test_the_order_of_the_resumes_hardly_matters() -> None:
    shuffled = list(trades())
    Random(1).shuffle(shuffled)

    again = fit_labels(shuffled, folds_of(shuffled), n_labels=len(LABELS))

    for resume in resumes_of(lines_of_people(2, seed=5), LABELS):
        assert probabilities(again, resume) == pytest.approx(
            probabilities(fitted_trades(), resume), abs=0.01
        )


def test_the_same_resumes_give_the_same_head_exactly() -> None:
    again = fit_labels(trades(), folds_of(trades()), n_labels=len(LABELS))

    assert again.calibration == fitted_trades().calibration
    for view in VIEWS:
        first, second = fitted_trades().head.maps[view], again.head.maps[view]
        assert np.array_equal(first.weights, second.weights)


def test_two_labels_are_enough() -> None:
    rows = [row for row in lines_of_people(8) if row[0] in {"NURSING", "KITCHEN"}]
    resumes = resumes_of(rows, ("KITCHEN", "NURSING"))

    fitted = fit_labels(resumes, folds_of(resumes), n_labels=2)

    assert right_share(fitted, resumes) == 1


def test_a_label_that_is_absent_from_all_folds_but_one_is_learned_in_the_end() -> None:
    rows = lines_of_people(6)
    resumes = resumes_of(rows, LABELS)
    rare = LABELS.index("KITCHEN")
    folds = [0 if one.label == rare else 1 + at % 3 for at, one in enumerate(resumes)]

    fitted = fit_labels(resumes, folds, n_labels=len(LABELS))

    kept = [one for one in resumes if one.label == rare]
    assert right_share(fitted, kept) >= 0.5
    assert all(np.isfinite(linear.weights).all() for linear in fitted.head.maps.values())


def test_labels_of_any_signs_are_learned() -> None:
    named = dict(zip(LABELS, ODD_LABELS, strict=True))
    rows = [(named[label], lines) for label, lines in lines_of_people(6)]
    resumes = resumes_of(rows, ODD_LABELS)

    fitted = fit_labels(resumes, folds_of(resumes), n_labels=len(ODD_LABELS))

    model = LabelModel(fitted.head, fitted.calibration, card_for(ODD_LABELS))
    told = [
        model.predict(evidence_of(*lines)).career_paths[0].title == named[label]
        for label, lines in lines_of_people(3, seed=9)
    ]
    assert sum(told) >= 0.8 * len(told)


def test_two_hundred_labels_of_two_resumes_each_are_learned() -> None:
    chance = Random(4)
    labels = [f"Trade {at:03d}" for at in range(200)]
    rows = [
        (label, tuple(f"{label} made thing{at * 3 + k} {chance.random()}" for k in range(3)))
        for at, label in enumerate(labels)
        for _ in range(2)
    ]
    resumes = resumes_of(rows, labels)

    fitted = fit_labels(resumes, [at % 2 for at in range(400)], n_labels=200)

    assert right_share(fitted, resumes[:40]) >= 0.9


def test_resumes_with_no_word_in_common_are_judged_by_their_vectors() -> None:
    rows = [
        (label, tuple(f"{label}x{at}y{k} {label}z{at}y{k}" for k in range(4)))
        for at in range(6)
        for label in ("one", "two")
    ]
    resumes = resumes_of(rows, ("one", "two"))

    fitted = fit_labels(resumes, [at // 4 for at in range(12)], n_labels=2)

    assert fitted.head.vocabularies["body"].words == ()
    assert np.isfinite(probabilities(fitted, resumes[0])).all()


def test_progress_is_told_after_each_fit_of_a_view() -> None:
    steps: list[None] = []

    fit_labels(
        trades(6), folds_of(trades(6)), n_labels=len(LABELS), advance=lambda: steps.append(None)
    )

    assert len(steps) == (5 + 1) * len(VIEWS)

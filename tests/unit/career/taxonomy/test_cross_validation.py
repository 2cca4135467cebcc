from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from ml_service.career.taxonomy.cross_validation import cross_validate, figures, n_fits
from ml_service.career.taxonomy.label_fitting import fit_labels
from tests.labelled_people import LABELS
from tests.unit.career.taxonomy.makers import folds_of, trades


def test_every_resume_is_judged_once_by_models_of_other_folds() -> None:
    resumes, folds = trades(6), folds_of(trades(6))

    held = cross_validate(resumes, folds, n_labels=len(LABELS))

    assert Counter(row.resume.name for row in held) == Counter(one.name for one in resumes)
    fold_of = {one.name: fold for one, fold in zip(resumes, folds, strict=True)}
    assert all(row.fold == fold_of[row.resume.name] for row in held)
    assert all(sorted(row.ranked) == list(range(len(LABELS))) for row in held)
    assert all(0 < row.confidence < 1 for row in held)


def test_the_answer_for_a_resume_does_not_depend_on_its_own_label() -> None:
    resumes, folds = list(trades(6)), folds_of(trades(6))
    at = 7
    flipped = list(resumes)
    flipped[at] = replace(resumes[at], label=(resumes[at].label + 1) % len(LABELS))

    before = cross_validate(resumes, folds, n_labels=len(LABELS))
    after = cross_validate(flipped, folds, n_labels=len(LABELS))

    for one, other in zip(before, after, strict=True):
        if one.fold == folds[at]:
            assert (one.ranked, one.confidence) == (other.ranked, other.confidence)
    assert any(one.confidence != other.confidence for one, other in zip(before, after, strict=True))


def test_labels_that_are_mere_chance_are_not_learned() -> None:
    """A leak would tell them apart."""
    chance = Random(2)
    resumes = [replace(one, label=chance.randrange(len(LABELS))) for one in trades(12)]

    held = cross_validate(resumes, folds_of(resumes), n_labels=len(LABELS))

    assert figures(held, LABELS)["top_1"] <= 0.5
    assert sum(row.confidence for row in held) / len(held) <= 0.5


def test_progress_counts_all_fits() -> None:
    resumes, folds = trades(6), folds_of(trades(6))
    steps: list[None] = []

    def advance() -> None:
        steps.append(None)

    cross_validate(resumes, folds, n_labels=len(LABELS), advance=advance)
    fit_labels(resumes, folds, n_labels=len(LABELS), advance=advance)

    assert len(steps) == n_fits(len(set(folds)))


def test_figures_are_those_of_the_contract_with_a_row_for_each_label() -> None:
    resumes = trades(6)
    held = list(cross_validate(resumes, folds_of(resumes), n_labels=len(LABELS)))
    wrong = held[0].ranked
    held[0] = replace(held[0], ranked=(*wrong[1:], wrong[0]))

    told = figures(held, LABELS)

    assert json.loads(json.dumps(told)) == told
    assert (told["n"], told["n_folds"]) == (24, 5)
    hits = [row.ranked[0] == row.resume.label for row in held]
    assert told["top_1"] == pytest.approx(sum(hits) / 24, abs=1e-4)
    assert told["top_1_lowest_fold"] < told["top_1"] < told["top_1_highest_fold"]
    assert told["top_5"] == 1
    assert set(told["classes"]) == set(LABELS)
    assert sum(row["n"] for row in told["classes"].values()) == 24
    assert {"ece", "ece_low", "ece_high", "ece_floor", "macro_f1", "accuracy_at_50"} <= set(told)

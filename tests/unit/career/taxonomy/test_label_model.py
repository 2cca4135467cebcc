from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ml_service.career.explanation import explain
from ml_service.career.predictor import KnownSignals
from ml_service.career.taxonomy.label_model import LabelModel, LabelSignals
from ml_service.domain.errors import EmbeddingSpaceMismatch
from ml_service.domain.ports import Embeddings
from tests.labelled_people import LABELS
from tests.unit.career.makers import ENCODER
from tests.unit.career.taxonomy.makers import (
    card_for,
    evidence_of,
    fitted_trades,
    lines_of_people,
    trades_model,
)

NURSE = next(lines for label, lines in lines_of_people(1, seed=3) if label == "NURSING")


def test_the_answer_is_a_label_with_no_code_and_no_field() -> None:
    career = trades_model().predict(evidence_of(*NURSE))

    assert career.career_paths[0].title == "NURSING"
    assert {path.soc_code for path in career.career_paths} == {None}
    assert career.career_field is None
    assert (career.abstained, career.abstain_reason) == (False, None)
    assert (career.model.model_id, career.model.revision) == ("trades", "0a1b2c3d4e5f")
    assert career.encoder == ENCODER


def test_each_label_stands_once_with_falling_confidence() -> None:
    paths = trades_model().predict(evidence_of(*NURSE)).career_paths

    confidences = [path.confidence for path in paths]
    assert sorted(path.title for path in paths) == list(LABELS)
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[-1] >= 0
    assert sum(confidences) <= 1 + 1e-9


def test_a_resume_in_another_language_abstains_and_sounds_no_surer_than_half() -> None:
    career = trades_model().predict(evidence_of(*NURSE, language="de"))

    assert career.abstain_reason == "language"
    assert career.career_paths[0].title == "NURSING"
    assert career.career_paths[0].confidence <= 0.5


def test_a_language_it_was_trained_on_is_answered() -> None:
    fitted = fitted_trades()
    model = LabelModel(fitted.head, fitted.calibration, card_for(languages=("de", "en")))

    assert model.predict(evidence_of(*NURSE, language="de")).abstain_reason is None


def test_a_resume_without_passages_abstains_with_the_prior() -> None:
    model = trades_model()

    career = model.predict(evidence_of())

    assert career.abstain_reason == "short_text"
    assert model.rank(()).probabilities == pytest.approx([0.25] * 4, abs=0.01)
    assert [path.title for path in career.career_paths] == list(LABELS)


def test_a_text_that_has_no_known_word_is_not_answered_surely() -> None:
    lines = [f"qwx{at} zyq{at} vbn{at} kjh{at} plm{at}" for at in range(12)]

    assert trades_model().predict(evidence_of(*lines)).career_paths[0].confidence < 0.8


def test_half_of_two_trades_is_less_sure_than_one() -> None:
    cook = next(lines for label, lines in lines_of_people(1, seed=3) if label == "KITCHEN")
    mixed = evidence_of("Resume", *NURSE[1:8], *cook[1:8])
    model = trades_model()

    sure = model.predict(evidence_of(*NURSE)).career_paths[0].confidence
    assert model.predict(mixed).career_paths[0].confidence < sure


def test_vectors_of_another_encoder_are_refused() -> None:
    evidence = evidence_of(*NURSE)
    other = Embeddings(evidence.vectors.vectors, replace(ENCODER, revision="r2"))

    with pytest.raises(EmbeddingSpaceMismatch):
        trades_model().predict(replace(evidence, vectors=other))


def _nothing_known() -> KnownSignals[LabelSignals]:
    return {}


def test_a_passage_is_read_once() -> None:
    model, evidence, known = trades_model(), evidence_of(*NURSE), _nothing_known()

    first = model.signals(evidence, known=known)
    again = model.signals(evidence, known=known)

    assert [entry.passage for entry in first] == list(evidence.passages)
    assert all(one is other for one, other in zip(first, again, strict=True))


def test_what_moved_the_answer_is_measured_and_signed() -> None:
    model, evidence = trades_model(), evidence_of("Profile", *NURSE)

    told = explain(model, evidence, model.predict(evidence))

    assert told[0].contribution > 0.01
    assert all(-1 <= entry.contribution <= 1 for entry in told)
    assert {entry.lines for entry in told} <= {passage.lines for passage in evidence.passages}


def test_equal_scores_stand_in_the_order_of_the_labels() -> None:
    head = fitted_trades().head
    blind = replace(head, ranking=np.zeros_like(head.ranking))
    model = LabelModel(blind, fitted_trades().calibration, card_for())

    assert model.rank(model.signals(evidence_of(*NURSE))).order.tolist() == [0, 1, 2, 3]


def test_many_choices_of_passages_are_measured_as_each_is_alone() -> None:
    model = trades_model()
    signals = model.signals(evidence_of(*NURSE))
    places = range(len(signals))
    choices = [(), tuple(places), *((at,) for at in places), tuple(places[1:])]
    expected = [model.rank([signals[at] for at in kept]).probabilities for kept in choices]
    assert len(signals) > 1
    assert np.array_equal(model.probabilities(signals, choices), np.array(expected))

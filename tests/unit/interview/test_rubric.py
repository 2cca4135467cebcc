from __future__ import annotations

import json
import math
from dataclasses import asdict

import pytest

from ml_service.domain.errors import InvalidRequest
from ml_service.interview.criteria import MEASURES
from ml_service.interview.cues import cues
from ml_service.interview.rubric import CARD, CRITERIA, MAIN_CRITERIA, weights_of
from ml_service.interview.signal_rules import SIGNALS
from ml_service.interview.speech import sentences_of


def test_without_a_rubric_the_main_criteria_weigh_the_same() -> None:
    assert weights_of(None) == dict.fromkeys(MAIN_CRITERIA, 0.25)
    assert {name for name, one in CRITERIA.items() if one.main} == set(MAIN_CRITERIA)


def test_weights_become_shares() -> None:
    assert weights_of({"relevance": 3, "structure": 1, "ownership": 0}) == {
        "relevance": 0.75,
        "structure": 0.25,
        "ownership": 0.0,
    }


def test_huge_and_tiny_weights_sum_to_one() -> None:
    shares = weights_of({"relevance": 1e308, "structure": 1e308, "ownership": 5e-324})
    assert math.fsum(shares.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("rubric", "field"),
    [
        ({}, "rubric"),
        ({"relevance": 0.0, "structure": 0.0}, "rubric"),
        ({"charm": 1.0}, "rubric/charm"),
        ({"relevance": -1.0}, "rubric/relevance"),
        ({"relevance": math.nan}, "rubric/relevance"),
        ({"relevance": math.inf}, "rubric/relevance"),
    ],
)
def test_what_is_no_rubric_is_refused(rubric: dict[str, float], field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        weights_of(rubric)
    assert refused.value.field == field


def test_an_unknown_criterion_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InvalidRequest, match="problem_solving"):
        weights_of({"charm": 1.0})


def test_the_card_is_plain_json() -> None:
    assert json.loads(json.dumps(asdict(CARD)))["rubric_version"] == CARD.rubric_version


def test_every_signal_is_measured_and_used() -> None:
    used = {
        weighted.signal.id
        for criterion in CRITERIA.values()
        for assessment in criterion.assessed_by
        for weighted in assessment.signals
    }
    assert used == set(SIGNALS) == set(MEASURES)


def test_every_published_cue_is_found_where_it_is_said() -> None:
    published = {cue for rule in SIGNALS.values() if rule.id != "fillers" for cue in rule.cues}
    never = [
        cue
        for cue in sorted(published)
        for sentence in sentences_of(f"We saw {cue} there.", turn=0, is_term=lambda _: False)
        if not cues(cue).among(sentence.plain)
    ]
    assert never == []


def test_weights_of_signals_sum_to_one() -> None:
    for criterion in CRITERIA.values():
        for assessment in criterion.assessed_by:
            assert math.fsum(one.weight for one in assessment.signals) == pytest.approx(1)


@pytest.mark.parametrize(("value", "share"), [(0, 1.0), (6, 0.5), (12, 1 / 3)])
def test_fillers_never_run_out(value: float, share: float) -> None:
    assert SIGNALS["fillers"].share(value) == pytest.approx(share)


@pytest.mark.parametrize(("value", "share"), [(0, 1.0), (2.5, 0.5), (9, 0.0)])
def test_a_falling_signal_counts_down(value: float, share: float) -> None:
    assert SIGNALS["hedges"].share(value) == pytest.approx(share)

from __future__ import annotations

import math

import pytest

from ml_service.domain.interview import (
    CriterionReading,
    InterviewReport,
    SaidThere,
    ServiceReading,
    ServiceState,
)
from ml_service.interview.report import report_of
from ml_service.interview.rubric import RUBRIC_VERSION, weights_of

OK: dict[str, ServiceState] = {"communication": "ok", "technical": "ok"}
SAID = SaidThere(1, "I built it.")


def reading(service: str, **scores: float | None) -> ServiceReading:
    return ServiceReading(
        service,
        "1",
        tuple(
            CriterionReading(name, score, (SAID,) if score else (), f"{service} advises")
            for name, score in scores.items()
        ),
    )


def report(*readings: ServiceReading, **asked: float) -> InterviewReport:
    return report_of(readings, weights_of(asked), services=OK, notes=())


def test_overall_is_the_weighted_mean_from_0_to_100() -> None:
    made = report(
        reading("communication", communication=5.0),
        reading("technical", technical_depth=2.0),
        communication=3,
        technical_depth=1,
    )
    assert made.overall == 81.2
    assert made.rubric_version == RUBRIC_VERSION
    assert made.missing == ()


def test_services_are_averaged_and_their_distance_told() -> None:
    made = report(
        reading("communication", relevance=4.0), reading("technical", relevance=2.5), relevance=1
    )
    (criterion,) = made.criteria
    assert criterion.score == 3.25
    assert criterion.disagreement == 1.5
    assert [one.score for one in criterion.by_service] == [4.0, 2.5]
    assert criterion.advice == "technical advises"
    assert criterion.evidence == (SAID,)


def test_one_score_is_no_disagreement() -> None:
    made = report(
        reading("communication", relevance=4.0), reading("technical", relevance=None), relevance=1
    )
    assert made.criteria[0].disagreement is None
    assert made.criteria[0].score == 4.0


def test_what_is_not_assessed_weighs_nothing_and_the_others_more() -> None:
    made = report(
        reading("communication", communication=3.0, culture_and_collaboration=5.0),
        reading("technical", technical_depth=None),
        communication=1,
        culture_and_collaboration=2,
        technical_depth=1,
    )
    weights = {one.criterion: one.weight for one in made.criteria}
    assert weights["technical_depth"] == 0
    assert weights["culture_and_collaboration"] == pytest.approx(2 / 3)
    assert math.fsum(weights.values()) == pytest.approx(1)
    assert math.fsum(one.asked_weight for one in made.criteria) == pytest.approx(1)
    assert made.overall == 83.3
    assert "Technical depth" in made.missing[0]


def test_nothing_assessed_is_no_zero() -> None:
    made = report(reading("communication", communication=None), communication=1)
    assert made.overall is None
    assert made.criteria[0].weight == 0


def test_an_assessed_criterion_of_no_weight_gives_no_overall() -> None:
    made = report(reading("communication", communication=4.0), communication=0, technical_depth=1)
    assert made.overall is None


@pytest.mark.parametrize(("technical", "overall"), [(None, None), (2.0, 62.5)])
def test_less_than_half_of_what_was_asked_gives_no_overall(
    technical: float | None, overall: float | None
) -> None:
    made = report(
        reading("communication", relevance=4.0, communication=5.0),
        reading("technical", technical_depth=technical, problem_solving=None),
        communication=1,
        technical_depth=1,
        problem_solving=2,
    )
    assert made.overall == overall
    assert any("less than half" in sentence for sentence in made.missing) == (overall is None)


def test_a_service_that_is_down_is_named() -> None:
    made = report_of(
        (reading("communication", communication=4.0),),
        weights_of(None),
        services={"communication": "ok", "technical": "unavailable"},
        notes=("A note.",),
    )
    assert made.overall is None
    assert made.missing[0] == "A note."
    assert "less than half" in made.missing[1]
    assert "'technical' did not answer" in made.missing[2]
    assert any("Problem solving" in sentence for sentence in made.missing)

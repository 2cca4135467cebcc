from dataclasses import replace

from ml_service.career.next_steps import next_steps
from ml_service.domain.prediction import CareerPath, CareerPrediction
from tests.unit.career.makers import (
    CHEF,
    COOK,
    DRIVER,
    SUSHI_RESUME,
    evidence,
    profile,
    small_catalogue,
    small_model,
)


def career_of(soc_code: str | None) -> CareerPrediction:
    answer = small_model().predict(evidence(*SUSHI_RESUME))
    return replace(answer, career_paths=(CareerPath("any", soc_code, 0.9),))


def test_steps_lead_to_related_occupations_that_ask_for_as_much_or_more() -> None:
    steps = next_steps(career_of(COOK), profile(), small_catalogue())
    assert [step.soc_code for step in steps] == [CHEF, DRIVER]
    assert all(0 <= step.score <= 1 for step in steps)
    assert steps[0].median_wage == 58_920


def test_missing_skills_are_those_that_the_resume_does_not_name() -> None:
    step = next_steps(career_of(COOK), profile(skills=["excel"]), small_catalogue())[0]
    assert step.missing_skills == ("MenuMaker",)


def test_an_occupation_that_leads_only_downward_has_no_next_step() -> None:
    assert next_steps(career_of(CHEF), profile(), small_catalogue()) == ()


def test_an_answer_outside_the_catalogue_has_no_next_step() -> None:
    assert next_steps(career_of(None), profile(), small_catalogue()) == ()

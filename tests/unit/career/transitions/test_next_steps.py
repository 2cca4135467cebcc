from dataclasses import replace

from ml_service.career.transitions.next_steps import next_steps
from ml_service.domain.prediction import CareerPath, CareerPrediction
from tests.unit.career.makers import (
    CHEF,
    COOK,
    DRIVER,
    SUSHI_RESUME,
    evidence,
    profile,
    small_model,
)
from tests.unit.career.transitions.makers import small_next_occupations


def career_of(soc_code: str | None) -> CareerPrediction:
    answer = small_model().predict(evidence(*SUSHI_RESUME))
    return replace(answer, career_paths=(CareerPath("any", soc_code, 0.9),))


def test_steps_are_the_moves_from_the_predicted_occupation_with_what_is_known_of_them() -> None:
    steps = next_steps(career_of(COOK), evidence(*SUSHI_RESUME), small_next_occupations())

    assert [step.soc_code for step in steps][:2] == [CHEF, DRIVER]
    assert steps[0].median_wage == 58_920
    assert steps[0].job_zone == 3


def test_scores_are_probabilities_of_which_some_stay_with_what_is_not_offered() -> None:
    steps = next_steps(career_of(COOK), evidence(*SUSHI_RESUME), small_next_occupations())

    scores = [step.score for step in steps]
    assert scores == sorted(scores, reverse=True)
    assert 0 < sum(scores) < 1


def test_missing_skills_are_those_that_the_resume_does_not_name() -> None:
    told = replace(evidence(*SUSHI_RESUME), profile=profile(skills=["excel"]))

    step = next_steps(career_of(COOK), told, small_next_occupations())[0]

    assert step.missing_skills == ("MenuMaker",)


def test_a_label_of_an_own_taxonomy_has_no_next_step() -> None:
    assert next_steps(career_of(None), evidence(*SUSHI_RESUME), small_next_occupations()) == ()


def test_a_code_outside_the_catalogue_has_no_next_step() -> None:
    career = career_of("99-9999.99")
    assert next_steps(career, evidence(*SUSHI_RESUME), small_next_occupations()) == ()

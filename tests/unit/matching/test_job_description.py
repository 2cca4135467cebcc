from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.ats.rubric import RULES
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.ats_report import MatchEvidence, Requirements
from ml_service.domain.document import Line
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.resume import RedactedLine
from ml_service.matching import match_job_description
from ml_service.matching.asked import skills_asked_for
from ml_service.matching.job_description import (
    MEDIUM_SHARE,
    PREFERRED_WEIGHT,
    REQUIRED_WEIGHT,
    WordMatch,
)

KNOWN = ("Python", "SQL", "Docker", "Kubernetes", "Project management", "Java")


def find_skills(lines: Sequence[str]) -> list[str]:
    text = " ".join(lines).lower()
    return [skill for skill in KNOWN if skill.lower() in text.replace(",", " ").replace(".", " ")]


def _lines(*texts: str) -> list[Line]:
    return [
        Line(text=text, page=1 + order // 2, box=None, column=0, order=order)
        for order, text in enumerate(texts)
    ]


RESUME = _lines("Invented Person", "Project managers' assistant", "Python scripts", "More Python")


def test_what_is_asked_for_is_split_by_what_the_resume_names() -> None:
    match = match_job_description(
        "Requirements:\nPython and SQL\nNice to have:\nProject management, Docker",
        lines=RESUME,
        find_skills=find_skills,
    )

    assert match.required == Requirements(matched=("Python",), missing=("SQL",))
    assert match.preferred == Requirements(matched=("Project management",), missing=("Docker",))
    assert match.evidence == (
        MatchEvidence(page=2, line=2, text="Python scripts", skill="Python"),
        MatchEvidence(
            page=1, line=1, text="Project managers' assistant", skill="Project management"
        ),
    )


@pytest.mark.parametrize(
    ("description", "score"),
    [
        ("Python required. Docker preferred.", 66.7),
        ("SQL required. Python preferred.", 33.3),
        ("Python and SQL are required", 50.0),
        ("Python required", 100.0),
        ("Python is a plus", 100.0),
        ("Docker is required", 0.0),
    ],
)
def test_required_counts_twice_what_is_preferred(description: str, score: float) -> None:
    match = match_job_description(description, lines=RESUME, find_skills=find_skills)

    assert match.score == score


def test_a_skill_that_is_both_is_required_once() -> None:
    match = match_job_description(
        "Python preferred.\nPython required.", lines=RESUME, find_skills=find_skills
    )

    assert match.required.matched == ("Python",)
    assert match.preferred == Requirements((), ())


def test_what_is_not_needed_is_not_missing() -> None:
    match = match_job_description(
        "Python required. No experience with Java needed.", lines=RESUME, find_skills=find_skills
    )

    assert match.required == Requirements(matched=("Python",), missing=())


def test_a_degree_is_asked_for_once_and_met_by_a_higher_one() -> None:
    match = match_job_description(
        "Bachelor's degree required.\nThree years of credit for a Master's degree.",
        lines=_lines("MSc Physics, Example University"),
        find_skills=find_skills,
    )

    assert match.required == Requirements(matched=("Bachelor's degree",), missing=())
    assert match.evidence[0].text == "MSc Physics, Example University"


def test_another_name_of_a_skill_counts() -> None:
    match = match_job_description(
        "Kubernetes required",
        lines=_lines("Ran k8s"),
        find_skills=find_skills,
        aliases={"Kubernetes": ("k8s",)},
    )

    assert match.score == 100.0
    assert match.evidence[0].text == "Ran k8s"


@pytest.mark.parametrize("description", ["", "We are nice people.", "No Java needed"])
def test_a_description_that_asks_for_nothing_decidable_is_refused(description: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        match_job_description(description, lines=RESUME, find_skills=find_skills)

    assert raised.value.field == "job_description"


BUDGETS = "Requirements:\nExperience managing budgets\nPython"
SPENDING = "Oversaw the yearly spending of three wards"


def _words(*texts: str, description: str = BUDGETS) -> WordMatch:
    return WordMatch(description, lines=_lines(*texts), find_skills=find_skills)


def test_a_requirement_without_a_name_is_decided_by_stems_first() -> None:
    match = _words("Managed a budget of two million", "Python scripts").completed()

    assert match.required.matched == ("Python", "managing budgets")
    assert [one.strength for one in match.evidence] == ["exact", "exact"]


def test_a_match_by_meaning_is_marked_and_earns_half() -> None:
    words = _words(SPENDING, "Python scripts")
    match = words.completed({"managing budgets": words.sentences[0]})

    assert words.open_phrases == ("managing budgets",)
    assert match.score == 100 * (1 + MEDIUM_SHARE) / 2
    assert match.evidence[1] == MatchEvidence(
        page=1, line=0, text=SPENDING, skill="managing budgets", strength="medium"
    )


def test_what_nothing_says_is_missing() -> None:
    match = _words("Python scripts").completed()

    assert match.required == Requirements(("Python",), ("managing budgets",))


def test_a_name_is_never_open_to_meaning() -> None:
    words = _words(SPENDING, description="Java required\nDriving licence required")
    statement = words.sentences[0]

    match = words.completed({"Java": statement, "Driving licence": statement})

    assert words.open_phrases == ()
    assert match.required.matched == ()


def test_keywords_and_the_adverts_own_words_are_not_compared_by_meaning() -> None:
    words = _words(
        "Spending, accounts, money, forecasts",
        "spending accounts money forecasts wards nursing planning control",
        "Experience managing budgets",
    )

    assert words.sentences == ()


def test_what_a_resume_denies_is_missing() -> None:
    words = _words("No experience with Python or managing budgets", "Python: none")

    assert words.completed().required.matched == ()


def test_the_quoted_line_is_that_of_the_document() -> None:
    shown = _lines("She ran Python")
    words = WordMatch(
        "Python required",
        lines=[RedactedLine(text="They ran Python", page=1, order=0)],
        find_skills=find_skills,
        shown=shown,
    )

    assert words.completed().evidence[0].text == "She ran Python"


def test_the_published_rules_state_the_weights_in_use() -> None:
    published = " ".join(RULES)

    assert f"earns {MEDIUM_SHARE:g} (medium)" in published
    assert REQUIRED_WEIGHT == 2 * PREFERRED_WEIGHT
    assert "counts twice that of what it prefers" in published


CATALOGUE = Path(__file__).parents[3] / "data/occupations"


@pytest.fixture(scope="module")
def vocabulary() -> SkillVocabulary:
    return SkillVocabulary(Catalogue.load(CATALOGUE).technologies())


AWS = "Amazon Web Services AWS software"


@pytest.mark.parametrize(
    ("description", "required", "preferred"),
    [
        ("AWS required; Kubernetes preferred.", (AWS,), ("Kubernetes",)),
        (
            (
                "We need a Python and Docker engineer. AWS required; Kubernetes preferred. "
                "Bachelor degree required."
            ),
            ("Python", "Docker", AWS, "Bachelor's degree"),
            ("Kubernetes",),
        ),
        (
            "Bachelor's degree in Computer Science required. Must know Terraform.",
            ("Bachelor's degree", "IBM Terraform"),
            (),
        ),
        ("Experience with AWS and Terraform is a plus", (), (AWS, "IBM Terraform")),
        ("No knowledge of Terraform needed. Python required", ("Python",), ()),
    ],
)
def test_no_clause_is_lost_with_the_published_catalogue(
    vocabulary: SkillVocabulary,
    description: str,
    required: tuple[str, ...],
    preferred: tuple[str, ...],
) -> None:
    assert skills_asked_for(description, vocabulary.names_in) == (required, preferred)


def test_a_tool_that_only_the_advert_names_can_be_missing() -> None:
    match = match_job_description(
        "Python required. Must know Terraform.", lines=RESUME, find_skills=find_skills
    )

    assert match.required == Requirements(matched=("Python",), missing=("Terraform",))
    assert match.score == 50.0

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_service.ats.report import rubric_card
from ml_service.ats.rubric import RUBRIC_VERSION
from ml_service.domain.ats_report import AtsReport
from ml_service.domain.document import Reading
from ml_service.domain.resume import SectionKind
from tests.unit.ats.resumes import (
    GOOD_BULLETS,
    Draft,
    Job,
    build,
    check_in,
    report_of,
    scored,
)

LINES = st.sampled_from(
    [
        *GOOD_BULLETS,
        "Responsible for the shop",
        "Sold shoes",
        "References available upon request",
        "\ue0a1\ue0a2\ue0a3\ufffd",
        "python java sql linux docker kubernetes terraform",
        "",
    ]
)
MONTHS = st.none() | st.sampled_from(["2014", "2016-03", "2019-11", "2024-05", "2027-01"])
JOBS = st.builds(
    Job,
    dates=st.sampled_from(["Mar 2016 - Present", "03/2016 - 11/2019", "2014", "long ago"]),
    start=MONTHS,
    end=MONTHS,
    current=st.booleans(),
    bullets=st.lists(LINES, max_size=5).map(tuple),
)
KINDS: tuple[SectionKind, ...] = ("work", "education", "skills", "projects", "references")


def _in_order(kinds: list[SectionKind]) -> tuple[SectionKind, ...]:
    return tuple(kinds)


HEADINGS = st.lists(st.sampled_from(KINDS), unique=True, max_size=5).map(_in_order)
READINGS = st.builds(
    Reading,
    engine=st.just("test"),
    agreement=st.none() | st.floats(0, 1),
    columns=st.integers(0, 4),
    warnings=st.sampled_from([(), ("hidden_text",)]),
)
DRAFTS = st.builds(
    Draft,
    email=st.sampled_from([None, "ada.sample@example.com"]),
    phone=st.sampled_from([None, "+1 202 555 0143"]),
    link=st.sampled_from([None, "example.com/ada"]),
    jobs=st.lists(JOBS, max_size=3).map(tuple),
    headings=HEADINGS,
    education=st.booleans(),
    more=st.lists(LINES, max_size=30).map(tuple),
    language=st.sampled_from(["en", "de"]),
    reading=READINGS,
)
KEYWORD_LIST = """
python java sql linux docker kubernetes terraform ansible jenkins spark hadoop scala excel sales
marketing leadership strategy budget logistics nursing welding
"""
KEYWORDS = st.lists(st.sampled_from(KEYWORD_LIST.split()), min_size=60, max_size=600)


@settings(max_examples=150, deadline=None)
@given(DRAFTS)
def test_points_add_up_to_what_is_shown(draft: Draft) -> None:
    report = report_of(draft)
    earned = math.fsum(check.earned for check in report.checks)
    limit = report.cap.limit if report.cap else 100.0
    assert report.ats_score == round(min(round(earned, 2), limit), 1)
    assert math.fsum(check.weight for check in report.checks) == pytest.approx(100.0, abs=1e-9)
    available = math.fsum(check.points_available for check in report.checks)
    assert report.points_available == pytest.approx(available, abs=1e-9)
    for check in report.checks:
        assert check.earned + check.points_available == pytest.approx(check.weight, abs=1e-9)
        assert check.earned >= 0.0
        assert check.points_available >= 0.0


@settings(max_examples=150, deadline=None)
@given(DRAFTS)
def test_the_status_says_what_was_earned(draft: Draft) -> None:
    for check in report_of(draft).checks:
        expected = {
            "pass": check.earned == check.weight > 0,
            "partial": 0 < check.earned < check.weight,
            "fail": check.earned == 0 < check.weight,
            "skipped": check.earned == check.weight == 0,
        }
        assert expected[check.status]
        assert check.fix or check.status in ("pass", "skipped")


@settings(max_examples=150, deadline=None)
@given(DRAFTS)
def test_evidence_is_what_stands_on_the_line(draft: Draft) -> None:
    extracted, profile = build(draft)
    report = scored(extracted, profile)
    for check in report.checks:
        for evidence in check.evidence:
            line = extracted.lines[evidence.line]
            assert (evidence.page, evidence.line, evidence.text) == (
                line.page,
                line.order,
                line.text,
            )


@settings(max_examples=100, deadline=None)
@given(DRAFTS)
def test_what_passes_has_evidence(draft: Draft) -> None:
    for check in report_of(draft).checks:
        assert check.evidence or check.status != "pass"


@settings(max_examples=100, deadline=None)
@given(DRAFTS)
def test_a_failed_blocking_check_caps_the_score(draft: Draft) -> None:
    report = report_of(draft)
    if check_in(report, "text_layer").status == "fail":
        assert report.ats_score == 0.0
    elif check_in(report, "contact").status == "fail":
        assert report.ats_score <= 60.0
        assert report.cap is not None


@settings(max_examples=100, deadline=None)
@given(DRAFTS, st.sampled_from(["work", "education", "skills"]))
def test_adding_a_missing_section_never_lowers_the_sections_check(
    draft: Draft, kind: SectionKind
) -> None:
    fuller = replace(draft, headings=tuple(dict.fromkeys((*draft.headings, kind))))
    before, after = (check_in(report_of(each), "sections") for each in (draft, fuller))
    if "skipped" not in (before.status, after.status):
        assert after.earned / after.weight >= before.earned / before.weight - 1e-3


@settings(max_examples=60, deadline=None)
@given(KEYWORDS, HEADINGS)
def test_a_page_of_keywords_scores_below_50(
    words: list[str], headings: tuple[SectionKind, ...]
) -> None:
    more = tuple(" ".join(words[start : start + 10]) for start in range(0, len(words), 10))
    draft = Draft(jobs=(), headings=tuple(dict.fromkeys(("skills", *headings))), more=more)
    extracted, profile = build(draft)
    assert scored(extracted, profile).ats_score < 50.0


def test_a_good_resume_earns_nearly_everything() -> None:
    report = report_of(replace(Draft(), more=(*Draft().more, *Draft().more)))
    assert report.ats_score == 100.0
    assert report.cap is None
    assert report.points_available == 0.0


@settings(max_examples=50, deadline=None)
@given(DRAFTS)
def test_the_same_resume_gets_the_same_report(draft: Draft) -> None:
    assert report_of(draft) == report_of(draft)


@pytest.mark.parametrize(
    ("name", "email", "phone"),
    [
        ("Li Wu", "li@example.org", "+44 20 7946 0018"),
        ("María del Carmen de la Cruz Ortega", "mc.delacruz.ortega@example.net", "202-555-0199"),
        ("Grant Led", "grant@example.com", "(202) 555-0111"),
    ],
)
@pytest.mark.parametrize("n_filler", [2, 8, 90])
def test_a_swap_of_name_and_contact_changes_nothing(
    name: str, email: str, phone: str, n_filler: int
) -> None:
    def written_by(name: str, email: str, phone: str) -> AtsReport:
        bullets = (*GOOD_BULLETS, f"Managed the archive as deputy of {name} for the region")
        more = (f"{name} is known in the region",) + Draft().more[:1] * n_filler
        draft = Draft(name, email, phone, more=more, jobs=(Job(bullets=bullets),))
        return report_of(draft)

    ours, theirs = (
        written_by("Ada Sample", "ada@example.com", "+1 202 555 0143"),
        written_by(name, email, phone),
    )
    assert ours.ats_score == theirs.ats_score
    assert _without_evidence(ours) == _without_evidence(theirs)
    assert ours.tips == theirs.tips


@pytest.mark.parametrize("swap", [("He", "his"), ("She", "her"), ("They", "their")])
def test_a_swap_of_pronouns_changes_nothing(swap: tuple[str, str]) -> None:
    subject, possessive = swap
    bullets = (*GOOD_BULLETS, f"{subject} led {possessive} team of 6 to a prize of the county")
    swapped = report_of(Draft(jobs=(Job(bullets=bullets),)))
    plain = report_of(
        Draft(
            jobs=(
                Job(
                    bullets=(
                        *GOOD_BULLETS,
                        bullets[-1].replace(subject, "He").replace(possessive, "his"),
                    )
                ),
            )
        )
    )
    assert _without_evidence(swapped) == _without_evidence(plain)


def _without_evidence(report: AtsReport) -> list[tuple[str, str, float, float]]:
    return [(check.id, check.status, check.weight, check.earned) for check in report.checks]


def test_only_the_document_date_decides_what_the_future_is() -> None:
    extracted, profile = build(Draft())
    earlier = scored(extracted, profile, document_date=date(2015, 1, 1))
    assert check_in(earlier, "dates").status == "partial"
    later = [scored(extracted, profile, document_date=date(y, 1, 1)) for y in (2024, 2040)]
    assert later[0].ats_score == later[1].ats_score


def test_the_rubric_is_published_whole() -> None:
    card = rubric_card()
    assert card.rubric_version == RUBRIC_VERSION
    assert sum(check.weight for check in card.checks) == card.total_points == 100
    assert {check.id: check.weight for check in card.checks} == {
        "text_layer": 15,
        "layout": 15,
        "sections": 15,
        "quantified_bullets": 12,
        "contact": 10,
        "dates": 10,
        "action_verbs": 8,
        "bullet_length": 5,
        "length": 5,
        "hygiene": 5,
    }
    assert {check.id for check in card.checks if check.blocking} == {"text_layer", "contact"}
    limits = {cap.id: cap.limit for cap in card.caps}
    assert (limits["no_text_layer"], limits["no_email"]) == (0.0, 60.0)
    for check in card.checks:
        assert (
            "https://" in check.source
            or "http://" in check.source
            or (check.source.startswith("Our choice"))
        )


def test_the_report_follows_the_order_of_the_rubric() -> None:
    assert [check.id for check in report_of(Draft()).checks] == [
        check.id for check in rubric_card().checks
    ]

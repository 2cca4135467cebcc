from __future__ import annotations

from dataclasses import replace

import pytest

from ml_service.domain.document import ExtractedText, Line, Reading
from ml_service.domain.resume import ResumeProfile
from tests.unit.ats.resumes import (
    Draft,
    build,
    check_in,
    check_of,
    empty_profile,
    report_of,
    scored,
    written,
)


def test_readable_text_passes_with_the_first_line_as_evidence() -> None:
    check = check_of(Draft(), "text_layer")
    assert (check.status, check.earned, check.weight) == ("pass", 15.0, 15.0)
    assert [evidence.text for evidence in check.evidence] == ["Ada Sample"]


@pytest.mark.parametrize("texts", [(), ("",), ("Scanned with", "a scanner")])
def test_no_text_layer_caps_the_score_at_zero_and_skips_the_rest(texts: tuple[str, ...]) -> None:
    report = scored(written(texts), empty_profile())
    assert report.ats_score == 0.0
    assert report.cap is not None
    assert report.cap.limit == 0.0
    assert {check.id: check.status for check in report.checks}["text_layer"] == "fail"
    assert {check.status for check in report.checks if check.id != "text_layer"} == {"skipped"}
    assert check_in(report, "text_layer").fix is not None


def test_characters_without_meaning_cost_a_part_and_are_shown() -> None:
    broken = "\ue0a1\ue0a2\ue0a3 (cid:12)(cid:13)" * 6
    check = check_of(replace(Draft(), more=(broken, *Draft().more)), "text_layer")
    assert check.status == "partial"
    assert [evidence.text for evidence in check.evidence] == [broken]


def test_recognised_scan_has_no_text_layer_and_no_score() -> None:
    reading = Reading("rapidocr", None, 1, ("read_by_ocr",), ocr_pages=(1,), ocr_confidence=0.99)
    extracted, profile = build(replace(Draft(), reading=reading))
    report = scored(extracted, profile)
    assert check_in(report, "text_layer").status == "fail"
    assert report.ats_score == 0.0


def test_recognised_page_beside_one_of_text_costs_its_share() -> None:
    reading = Reading("pdfium+rapidocr", None, 1, ("read_by_ocr",), ocr_pages=(2,))
    extracted, profile = build(replace(Draft(), reading=reading))
    scanned = Line("Certificate of honours", 2, None, 0, len(extracted.lines))
    extracted = replace(extracted, lines=(*extracted.lines, scanned), n_pages=2)
    check = check_in(scored(extracted, profile), "text_layer")
    assert (check.status, check.earned) == ("partial", 7.5)
    assert "picture" in (check.fix or "")


def test_text_of_unmapped_glyphs_is_no_text_layer() -> None:
    extracted, profile = build(Draft())
    lines = tuple(replace(line, text=line.text + "\ufffd" * 30) for line in extracted.lines)
    report = scored(replace(extracted, lines=lines), profile)
    assert check_in(report, "text_layer").status == "fail"
    assert report.ats_score == 0.0


@pytest.mark.parametrize(
    ("n_pages", "warnings", "status", "earned"),
    [
        (2, ("page_without_text",), "partial", 7.5),
        (4, ("page_unreadable",), "partial", 3.75),
        (1, ("page_without_text",), "fail", 0.0),
        (2, (), "pass", 15.0),
    ],
)
def test_pages_that_are_pictures_cost_their_part_and_empty_ones_nothing(
    n_pages: int, warnings: tuple[str, ...], status: str, earned: float
) -> None:
    extracted, profile = build(replace(Draft(), reading=Reading("test", None, 1, warnings)))
    extracted = replace(extracted, n_pages=n_pages)
    check = check_in(scored(extracted, profile), "text_layer")
    assert check.status == status
    assert check.earned == earned


def test_an_order_in_doubt_that_nothing_was_compared_with_costs_a_part() -> None:
    warnings = ("order_doubtful", "second_reading_failed")
    draft = replace(Draft(), reading=Reading("test", None, 1, warnings))
    check = check_of(draft, "layout")
    assert (check.status, check.earned) == ("partial", 9.0)


def in_columns(draft: Draft, *, columns: int, beside: float) -> tuple[ExtractedText, ResumeProfile]:
    """The last ``beside`` of the lines stand in the further columns, in turn."""
    extracted, profile = build(draft)
    first = round(len(extracted.lines) * (1 - beside))
    lines = [
        replace(line, column=1 + line.order % (columns - 1) if line.order >= first else 0)
        for line in extracted.lines
    ]
    reading = replace(extracted.reading, columns=columns)
    return replace(extracted, lines=tuple(lines), reading=reading), profile


@pytest.mark.parametrize(
    ("agreement", "status", "earned"),
    [(None, "pass", 15.0), (0.97, "pass", 15.0), (0.775, "partial", 7.5), (0.5, "fail", 0.0)],
)
def test_agreement_of_two_readings_decides_the_layout(
    agreement: float | None, status: str, earned: float
) -> None:
    check = check_of(replace(Draft(), reading=Reading("test", agreement, 1)), "layout")
    assert check.status == status
    assert check.earned == pytest.approx(earned, abs=0.01)
    assert (check.fix is None) == (status == "pass")


@pytest.mark.parametrize(
    ("columns", "beside", "earned"), [(2, 0.5, 9.0), (3, 0.5, 4.5), (4, 0.9, 4.5), (2, 0.05, 13.45)]
)
def test_columns_cost_by_how_much_stands_beside(columns: int, beside: float, earned: float) -> None:
    extracted, profile = in_columns(Draft(), columns=columns, beside=beside)
    check = check_in(scored(extracted, profile), "layout")
    assert check.status == "partial"
    assert check.earned == pytest.approx(earned, abs=0.2)
    assert check.fix is not None
    assert str(columns) in check.fix


def test_two_columns_show_where_the_second_begins() -> None:
    extracted, profile = in_columns(Draft(), columns=2, beside=0.5)
    first = next(line for line in extracted.lines if line.column == 1)
    check = check_in(scored(extracted, profile), "layout")
    assert [evidence.line for evidence in check.evidence] == [first.order]


def test_one_and_two_columns_of_the_same_content_differ_only_in_the_layout() -> None:
    one = report_of(Draft())
    extracted, profile = in_columns(Draft(), columns=2, beside=0.4)
    two = scored(extracted, profile)
    differing = {a.id for a, b in zip(one.checks, two.checks, strict=True) if a != b}
    assert differing == {"layout"}


def test_a_document_without_geometry_scores_like_one_with_it() -> None:
    extracted, profile = build(Draft())
    lines = tuple(Line(line.text, 1, None, 0, line.order) for line in extracted.lines)
    bare = ExtractedText(lines, n_pages=1, reading=Reading("docx", None, 1))
    report = scored(bare, profile)
    assert report.ats_score == report_of(Draft()).ats_score

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_service.domain.document import Line
from ml_service.domain.errors import StorageUnavailable
from ml_service.domain.posting import JobPage
from ml_service.storage.column_types import storable
from ml_service.storage.serialisation import ANALYSIS, JOB_PAGE, LINES, from_json, to_json
from tests.unit.storage import examples
from tests.unit.storage.examples import NOON, a_posting, an_analysis


def test_an_analysis_comes_back_exactly() -> None:
    analysis = an_analysis()
    assert from_json(ANALYSIS, to_json(ANALYSIS, analysis)) == analysis


def test_lines_come_back_with_their_boxes() -> None:
    assert from_json(LINES, to_json(LINES, examples.LINES)) == examples.LINES


def test_a_page_of_jobs_comes_back_with_its_times() -> None:
    page = JobPage((a_posting(),), "jsearch", NOON, "next")
    assert from_json(JOB_PAGE, to_json(JOB_PAGE, page)) == page


@given(st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_and_number_come_back(text: str, number: float) -> None:
    lines = (Line(text, page=1, box=(number, 0.0, -0.0, 1e-300), column=0, order=0),)
    assert from_json(LINES, to_json(LINES, lines)) == lines


def test_half_a_surrogate_pair_is_replaced() -> None:
    lines = (Line("a\ud800b", page=1, box=None, column=0, order=0),)
    assert from_json(LINES, storable(to_json(LINES, lines)))[0].text == "a?b"


def test_a_row_without_a_newer_optional_field_still_loads() -> None:
    stored: dict[str, Any] = json.loads(to_json(ANALYSIS, an_analysis()))
    del stored["profile"]["work"][0]["position_line"]
    del stored["ats"]["checks"][0]["fix"]
    del stored["reading"]["warnings"]
    loaded = from_json(ANALYSIS, json.dumps(stored))
    assert loaded == replace(an_analysis(), reading=replace(an_analysis().reading, warnings=()))


def test_a_row_with_a_field_that_was_dropped_still_loads() -> None:
    stored = json.loads(to_json(ANALYSIS, an_analysis()))
    stored["profile"]["horoscope"] = "Leo"
    assert from_json(ANALYSIS, json.dumps(stored)) == an_analysis()


@pytest.mark.parametrize("damaged", ["", "{", "{}", '{"resume_filename": "Ada"}', "null"])
def test_a_damaged_record_is_storage_unavailable_and_not_quoted(damaged: str) -> None:
    with pytest.raises(StorageUnavailable) as caught:
        from_json(ANALYSIS, damaged)
    assert "Ada" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_what_could_not_be_read_again_is_not_written() -> None:
    wrong: Any = "three"
    profile = replace(examples.a_profile(), years_experience=wrong)
    with pytest.raises(ValueError, match="Expected"):
        to_json(ANALYSIS, replace(an_analysis(), profile=profile))


def test_a_number_that_is_none_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        to_json(ANALYSIS, an_analysis(confidence=float("nan")))

"""Entity tags as RFC 9110 has them: what is compared how, and what cannot be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request

from ml_service.app.conditional import etag_of, expected_moments, is_held_by
from ml_service.domain.errors import InvalidRequest
from tests.unit.storage.examples import NOON, a_prediction

PREDICTION = a_prediction()
VERSION = "1.2.3"
ETAG = etag_of(PREDICTION, VERSION)
SERVICE: Any = SimpleNamespace(version=VERSION)


def request(name: str, *values: str) -> Request:
    headers = [(name.lower().encode(), value.encode("latin-1")) for value in values]
    return Request({"type": "http", "headers": headers})


async def expected(*values: str) -> frozenset[datetime] | None:
    return await expected_moments(request("If-Match", *values), SERVICE, PREDICTION.prediction_id)


def test_a_tag_is_strong_and_changes_with_record_moment_and_version() -> None:
    assert ETAG.startswith('"')
    others = {
        etag_of(a_prediction(), VERSION),
        etag_of(replace(PREDICTION, updated_at=NOON + timedelta(microseconds=1)), VERSION),
        etag_of(PREDICTION, "1.2.4"),
    }
    assert len(others) == 3
    assert ETAG not in others
    assert etag_of(replace(PREDICTION), VERSION) == ETAG


@pytest.mark.parametrize(
    "value", [ETAG, f"W/{ETAG}", "*", f'"other", {ETAG}', f'  ,"a" ,, W/{ETAG}, ', f'"a,b",{ETAG}']
)
def test_a_held_state_is_recognised_weakly(value: str) -> None:
    assert is_held_by(request("If-None-Match", value), ETAG)


@pytest.mark.parametrize("value", ['"other"', f'"x{ETAG[1:]}', 'W/"other"', '""'])
def test_another_state_is_not(value: str) -> None:
    assert not is_held_by(request("If-None-Match", value), ETAG)


def test_several_headers_are_one_list_and_none_is_no_condition() -> None:
    assert is_held_by(request("If-None-Match", '"a"', ETAG), ETAG)
    assert not is_held_by(request("Accept", "*"), ETAG)


async def test_the_state_that_is_expected_is_told_by_its_moment() -> None:
    assert await expected(ETAG) == frozenset({PREDICTION.updated_at})
    assert await expected('"other"', ETAG) == frozenset({PREDICTION.updated_at})


async def test_any_state_is_expected_with_a_star_or_without_the_header() -> None:
    assert await expected("*") is None
    assert await expected() is None


@pytest.mark.parametrize(
    "value",
    [
        f"W/{ETAG}",
        '"other"',
        etag_of(PREDICTION, "another version"),
        etag_of(a_prediction(), VERSION),
        f'"{2**63:x}-{"0" * 16}"',
        f'"{"f" * 16}-{"0" * 16}"',
    ],
)
async def test_what_is_not_this_records_strong_tag_expects_the_impossible(value: str) -> None:
    assert await expected(value) == frozenset()


async def test_a_moment_before_the_epoch_has_a_tag_too() -> None:
    old = replace(PREDICTION, updated_at=datetime(1900, 1, 1, tzinfo=UTC))
    assert is_held_by(request("If-None-Match", etag_of(old, VERSION)), etag_of(old, VERSION))


@pytest.mark.parametrize(
    "value", ["", "abc", '"a', 'a"', '"a" "b"', "*, *", '*, "a"', 'w/"a"', '"a b"', '"a\x7f"', "W/"]
)
async def test_a_header_that_cannot_be_read_is_refused_by_its_name(value: str) -> None:
    with pytest.raises(InvalidRequest) as match:
        await expected(value)
    with pytest.raises(InvalidRequest) as none_match:
        is_held_by(request("If-None-Match", value), ETAG)
    assert (match.value.field, none_match.value.field) == ("If-Match", "If-None-Match")

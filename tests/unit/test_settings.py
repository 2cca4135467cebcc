from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from ml_service.settings import Settings, parse_rate_limit

HASH = "a" * 64


def refusal(**settings: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, **settings)
    (problem,) = refused.value.errors()
    assert problem["loc"] == tuple(settings)
    assert HASH not in str(refused.value)
    return problem["msg"]


def test_a_malformed_key_stops_the_start_by_its_position() -> None:
    keys = SecretStr(f"web:read:{HASH},web:root:{'b' * 64}")

    assert "entry 2 of API_KEYS" in refusal(api_keys=keys)


@pytest.mark.parametrize("name", ["rate_limit_uploads", "rate_limit_jobs", "rate_limit_default"])
@pytest.mark.parametrize("wrong", ["many", "60", "0/minute", "60/fortnight", "1/second;9/hour"])
def test_a_malformed_limit_stops_the_start_and_says_what_is_expected(name: str, wrong: str) -> None:
    assert "60/minute" in refusal(**{name: wrong})


def test_limits_are_read_as_they_are_written() -> None:
    limit = parse_rate_limit("5 per 10 seconds")

    assert limit is not None
    assert (limit.amount, limit.get_expiry()) == (5, 10)
    assert parse_rate_limit(" OFF ") is None


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example.org", "https://app.example.org/", "app.example.org", "null"],
)
def test_an_origin_that_is_not_exact_stops_the_start(origin: str) -> None:
    sentence = refusal(cors_origins=f"https://fine.example.org,{origin}")

    assert "entry 2 of CORS_ORIGINS" in sentence
    assert "list each" in sentence


def test_exact_origins_are_taken() -> None:
    settings = Settings(_env_file=None, cors_origins="http://localhost:3000, http://[::1]:80")

    assert settings.cors_origins == ("http://localhost:3000", "http://[::1]:80")

from __future__ import annotations

from pathlib import Path
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


def test_former_names_of_models_are_understood() -> None:
    cache = Settings(_env_file=None, model_cache_dir=Path("/models"))
    path = Settings(_env_file=None, default_model_path=Path("/models/trades.zip"))
    both = Settings(_env_file=None, default_model_path=Path("/a/b"), models_dir=Path("/c"))

    assert cache.models_dir == Path("/models")
    assert (path.models_dir, path.default_model) == (Path("/models"), "trades")
    assert (both.models_dir, both.default_model) == (Path("/c"), "b")


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:8080", "ftp://models", "http://", "http://a b", "http://u:p@h", "http://h/?q=1"],
)
def test_where_the_encoder_is_has_to_be_an_address(url: str) -> None:
    assert "http://127.0.0.1:8080" in refusal(inference_url=url)


def test_a_remote_encoder_has_to_be_somewhere() -> None:
    for mode in ("remote", "remote-with-local-fallback"):
        with pytest.raises(ValidationError, match="needs INFERENCE_URL"):
            Settings(_env_file=None, inference_mode=mode)


def test_an_address_may_have_a_path_and_ends_without_a_slash() -> None:
    settings = Settings(_env_file=None, inference_url="https://models.example.org/team-a/")

    assert settings.inference_url == "https://models.example.org/team-a"


def test_former_names_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    former = {
        "USE_TORCHSERVE": "true",
        "TORCHSERVE_HOST": "models",
        "TORCHSERVE_PORT": "8085",
        "TORCHSERVE_MODEL_NAME": "career",
        "TORCHSERVE_TIMEOUT": "4",
        "TORCHSERVE_MAX_RETRIES": "7",
    }
    for name, value in former.items():
        monkeypatch.setenv(name, value)

    settings = Settings(_env_file=None)

    assert (settings.inference_mode, settings.inference_protocol) == ("remote", "torchserve")
    assert settings.inference_url == "http://models:8085"
    assert settings.inference_model == "career"
    assert (settings.inference_timeout_s, settings.inference_max_retries) == (4.0, 7)


def test_what_stands_under_its_own_name_wins() -> None:
    settings = Settings(
        _env_file=None,
        use_torchserve=True,
        torchserve_timeout=4,
        inference_mode="remote-with-local-fallback",
        inference_url="http://127.0.0.1:9",
        inference_timeout_s=5,
    )

    assert settings.inference_mode == "remote-with-local-fallback"
    assert settings.inference_url == "http://127.0.0.1:9"
    assert settings.inference_timeout_s == 5


def test_a_former_switch_that_is_off_leaves_the_encoder_here() -> None:
    settings = Settings(_env_file=None, use_torchserve=False, torchserve_host="models")

    assert settings.inference_mode == "local"
    assert settings.inference_url == ""


def test_a_former_host_is_an_address_too() -> None:
    settings = Settings(_env_file=None, use_torchserve=True, torchserve_host="http://models/")
    assert settings.inference_url == "http://models:8080"

    with pytest.raises(ValidationError, match="expected an address"):
        Settings(_env_file=None, use_torchserve=True, torchserve_host="two words")

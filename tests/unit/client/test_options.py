from __future__ import annotations

import logging

import httpx
import pytest

from backend_client import AsyncResumeClient, ConfigurationError, ResumeClient, Timeouts
from backend_client._calls import wire
from backend_client._requests import models
from backend_client.options import Options
from tests.unit.client import answers
from tests.unit.client.both import Both, Service

KEY = "a-key-that-nobody-may-see"


def test_what_is_not_given_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ML_SERVICE_URL", "https://resumes.test/api/")
    monkeypatch.setenv("ML_SERVICE_API_KEY", KEY)
    monkeypatch.setenv("USE_FALLBACK_ANALYSIS", "false")

    with ResumeClient() as client:
        assert client.base_url == "https://resumes.test/api"
        assert repr(client) == "ResumeClient('https://resumes.test/api', fallback='off')"
    with ResumeClient("http://other.test", fallback="local") as client:
        assert repr(client) == "ResumeClient('http://other.test', fallback='local')"


def test_without_any_setting_it_is_the_service_of_this_machine() -> None:
    with ResumeClient() as client:
        assert repr(client) == "ResumeClient('http://localhost:8000', fallback='local')"


def test_a_path_before_the_routes_is_kept(both: Both) -> None:
    service = Service([answers.said(200, {"data": [], "unreadable": []})])

    both.ask(service, "models", options={"base_url": "http://gateway.test/resumes/"})

    assert str(service.asked[0].url) == "http://gateway.test/resumes/models"


@pytest.mark.parametrize(
    "url",
    ["resumes.test", "ftp://resumes.test", "http://", "http://me:pw@resumes.test", "http://h/?k=v"],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_words(url: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        ResumeClient(url)

    assert "pw" not in str(raised.value)


@pytest.mark.parametrize("key", ["two\nlines", " blank", "schlüssel"])
def test_a_key_that_cannot_be_sent_is_refused_without_its_words(key: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        ResumeClient(api_key=key)

    assert key.strip() not in str(raised.value)


def test_a_setting_that_means_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USE_FALLBACK_ANALYSIS", "perhaps")

    with pytest.raises(ConfigurationError, match="USE_FALLBACK_ANALYSIS"):
        ResumeClient()


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_every_timeout_is_finite(value: float) -> None:
    with pytest.raises(ConfigurationError, match="read_s"):
        Timeouts(read_s=value)


def test_every_timeout_reaches_the_transport(both: Both) -> None:
    service = Service([answers.said(200, {"data": [], "unreadable": []})])
    timeouts = Timeouts(connect_s=1, write_s=2, read_s=3, pool_s=4)

    both.ask(service, "models", options={"timeouts": timeouts})

    assert service.asked[0].extensions["timeout"] == {
        "connect": 1,
        "write": 2,
        "read": 3,
        "pool": 4,
    }


def test_a_key_is_sent_and_shown_nowhere(both: Both, caplog: pytest.LogCaptureFixture) -> None:
    service = Service([answers.problem(503, "overloaded", Retry_After="0")])
    shown: list[str] = []

    def look(client: ResumeClient | AsyncResumeClient) -> object:
        shown.extend([repr(client), repr(client._core), repr(vars(client))])
        return client.models()

    with caplog.at_level(logging.DEBUG), pytest.raises(Exception) as raised:
        both.use(service, look, options={"api_key": KEY})
    shown.extend([repr(raised.value), str(raised.value), caplog.text])
    options = Options.read(
        base_url=None, api_key=KEY, fallback=None, timeouts=None, retries=None, environment={}
    )
    shown.extend([repr(options), repr(wire(models(), options))])

    assert service.asked[0].headers["X-API-Key"] == KEY
    assert KEY not in "".join(shown)


def test_another_key_for_some_calls(both: Both) -> None:
    service = Service([httpx.Response(204)])

    both.use(
        service,
        lambda client: client.with_options(api_key="of-an-admin").erase_user("ada"),
        lambda client: client.erase_user("ada"),
        options={"api_key": KEY},
    )

    assert [request.headers["X-API-Key"] for request in service.asked] == ["of-an-admin", KEY]

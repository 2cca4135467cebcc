"""When this process answers in the service's place, and when it must not."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend_client import (
    Breaker,
    ConnectionFailed,
    InvalidRequestError,
    LocalAnalysisUnavailable,
    Outbox,
    Prediction,
    ResumeClientError,
    UnavailableError,
)
from backend_client._calls import Upload
from tests.unit.client import answers
from tests.unit.client.both import Both, Service

REFUSED = httpx.ConnectError("refused")


class Analysis:
    """Stands for ``analyse_locally``; tests of its own run the real one."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.asked: list[tuple[Upload, Mapping[str, str]]] = []
        self._failure = failure

    def __call__(self, upload: Upload, form: Mapping[str, str]) -> Prediction:
        self.asked.append((upload, form))
        if self._failure is not None:
            raise self._failure
        local = answers.prediction(prediction_id=None, created_at=None, updated_at=None)
        return Prediction.model_validate(local)


@pytest.mark.parametrize(
    ("failure", "reason", "n_tries"),
    [
        (REFUSED, "connection_failed", 3),
        (httpx.RemoteProtocolError("cut off"), "connection_failed", 3),
        (httpx.ConnectTimeout("slow"), "timed_out", 3),
        (answers.problem(503, "overloaded", Retry_After="0"), "503 overloaded", 3),
        (httpx.Response(502, content=b"<html>"), "502 unavailable", 3),
        # What hangs is not waited for twice: each try would cost its whole time again.
        (httpx.ReadTimeout("slow"), "timed_out", 1),
        (httpx.WriteTimeout("slow"), "timed_out", 1),
        (httpx.Response(504), "504 unavailable", 1),
    ],
)
def test_a_service_that_cannot_answer_is_stood_in_for(
    both: Both, failure: httpx.Response | Exception, reason: str, n_tries: int
) -> None:
    service, analysis = Service([failure]), Analysis()

    prediction = both.ask(
        service, "predict", b"%PDF-", filename="a.pdf", user_id="marta", analyse=analysis
    )

    assert (prediction.source, prediction.degraded_reason) == ("local", reason)
    assert prediction.prediction_id is None
    assert prediction.outbox_key is None
    assert analysis.asked == [(Upload("a.pdf", b"%PDF-"), {"user_id": "marta"})]
    assert len(service.asked) == n_tries


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 501])
def test_a_refusal_is_never_hidden(both: Both, status: int) -> None:
    service, analysis = Service([httpx.Response(status)]), Analysis()

    with pytest.raises(ResumeClientError):
        both.ask(service, "predict", b"%PDF-", analyse=analysis)

    assert analysis.asked == []


def test_only_uploads_are_stood_in_for(both: Both) -> None:
    analysis = Analysis()

    with pytest.raises(ConnectionFailed):
        both.ask(Service([REFUSED]), "models", analyse=analysis)

    assert analysis.asked == []


def test_it_is_switched_off_by_argument_and_by_environment(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = Analysis()
    with pytest.raises(ConnectionFailed):
        both.ask(Service([REFUSED]), "predict", b"x", analyse=analysis, options={"fallback": "off"})
    monkeypatch.setenv("USE_FALLBACK_ANALYSIS", "false")
    with pytest.raises(ConnectionFailed):
        both.ask(Service([REFUSED]), "predict", b"x", analyse=analysis)
    with pytest.raises(ConnectionFailed):
        both.use(
            Service([REFUSED]),
            lambda client: client.with_options(fallback="local").models(),
            analyse=analysis,
        )

    assert analysis.asked == []


def test_where_this_process_cannot_either_the_first_error_says_so(both: Both) -> None:
    missing = LocalAnalysisUnavailable("torch is missing. pip install '.[local]'.")

    with pytest.raises(UnavailableError) as raised:
        both.ask(Service([httpx.Response(503)]), "predict", b"%PDF-", analyse=Analysis(missing))

    assert "pip install '.[local]'" in raised.value.__notes__[0]
    assert raised.value.__cause__ is missing


def test_a_document_that_nobody_can_read_is_refused_here_too(both: Both) -> None:
    refused = InvalidRequestError("It is damaged.", status=422, code="corrupt")

    with pytest.raises(InvalidRequestError) as raised:
        both.ask(Service([REFUSED]), "predict", b"%PDF-", analyse=Analysis(refused))

    assert raised.value.code == "corrupt"


def test_an_open_breaker_is_not_waited_for(both: Both) -> None:
    service, breaker = Service([REFUSED]), Breaker(opens_after=4, open_s=60)

    def upload(client: Any) -> Any:
        return client.predict(b"%PDF-")

    last = both.use(
        service, upload, upload, upload, analyse=Analysis(), options={"breaker": breaker}
    )

    assert last.degraded_reason == "breaker_open"
    # Three tries, then one that opened it: no more are made of that call, none of the next.
    assert len(service.asked) == 4


def test_without_fallback_an_open_breaker_asks_all_the_same(both: Both) -> None:
    service, breaker = Service([REFUSED]), Breaker(opens_after=1, open_s=60)

    for _ in range(2):
        with pytest.raises(ConnectionFailed):
            both.ask(service, "predict", b"x", options={"breaker": breaker, "fallback": "off"})

    assert len(service.asked) == 6


def test_a_local_answer_waits_in_the_outbox(both: Both, tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    service = Service([REFUSED])

    prediction = both.ask(
        service,
        "predict",
        b"%PDF-",
        filename="a.pdf",
        user_id="marta",
        force=True,
        analyse=Analysis(),
        options={"outbox_dir": folder},
    )

    (entry,) = Outbox(folder).entries()
    assert entry.idempotency_key == prediction.outbox_key == service.keys[0]
    assert (entry.filename, entry.content, entry.force) == ("a.pdf", b"%PDF-", True)
    assert entry.form == {"user_id": "marta"}
    assert entry.answered["career_path"] == prediction.career_path


def test_an_outbox_that_takes_nothing_costs_no_answer(
    both: Both, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "outbox"
    folder.mkdir(mode=0o755)

    with caplog.at_level(logging.WARNING, "backend_client"):
        prediction = both.ask(
            Service([REFUSED]),
            "predict",
            b"%PDF-",
            analyse=Analysis(),
            options={"outbox_dir": folder},
        )

    assert prediction.source == "local"
    assert prediction.outbox_key is None
    assert "does not wait to be sent: outbox_error" in caplog.text


def test_what_the_service_answered_waits_nowhere(both: Both, tmp_path: Path) -> None:
    folder = tmp_path / "outbox"

    both.ask(Service([answers.accepted()]), "predict", b"x", options={"outbox_dir": folder})

    assert list(Outbox(folder).entries()) == []

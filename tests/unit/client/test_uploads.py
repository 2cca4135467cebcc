from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from backend_client import (
    ConfigurationError,
    NotFoundError,
    Prediction,
)
from tests.unit.client import answers
from tests.unit.client.both import Both, Service, form_of


def test_an_upload_goes_out_as_the_contract_has_it(both: Both) -> None:
    service = Service([answers.accepted()])

    prediction = both.ask(
        service,
        "predict",
        b"%PDF-",
        filename="Lebenslauf Jürgen.pdf",
        user_id="marta",
        job_description="Clerk; with Excel",
        document_date=date(2026, 1, 31),
        job_location="Graz",
        job_country="at",
        model="occupations",
        force=True,
        idempotency_key="a-click",
        options={"api_key": "secret-key"},
    )

    request = service.asked[0]
    assert (request.method, request.url.raw_path) == ("POST", b"/predict?force=true")
    assert request.headers["X-API-Key"] == "secret-key"
    assert request.headers["Idempotency-Key"] == "a-click"
    assert request.headers["Accept"] == "application/json"
    assert form_of(request) == {
        "file": "%PDF-",
        "filename": "Lebenslauf Jürgen.pdf",
        "user_id": "marta",
        "job_description": "Clerk; with Excel",
        "document_date": "2026-01-31",
        "job_location": "Graz",
        "job_country": "at",
        "model": "occupations",
    }
    assert isinstance(prediction, Prediction)
    assert prediction.prediction_id == UUID(answers.ID)
    assert prediction.request_id == "req-1"
    assert prediction.etag == '"a-1"'
    assert prediction.source == "ml-service"
    assert not prediction.replayed


def test_a_document_is_a_path_bytes_or_an_open_file(both: Both, tmp_path: Path) -> None:
    path = tmp_path / "marta.pdf"
    path.write_bytes(b"%PDF-x")
    service = Service([answers.accepted()])

    with path.open("rb") as opened:
        both.use(
            service,
            lambda client: client.predict(path),
            lambda client: client.predict(str(path)),
            lambda client: client.predict(opened),
            lambda client: client.predict(BytesIO(b"%PDF-x")),
        )

    assert [form_of(request)["file"] for request in service.asked] == ["%PDF-x"] * 4
    assert [form_of(request)["filename"] for request in service.asked] == [
        "marta.pdf",
        "marta.pdf",
        "marta.pdf",
        "resume",
    ]
    assert len(set(service.keys)) == 4


@pytest.mark.parametrize("file", [7, BytesIO().getvalue, Path("/nowhere/resume.pdf")])
def test_what_is_no_document_is_said_before_anything_is_sent(both: Both, file: Any) -> None:
    service = Service([answers.accepted()])

    with pytest.raises((ConfigurationError, FileNotFoundError)):
        both.ask(service, "predict", file)

    assert service.asked == []


def test_progress_ends_with_the_whole_body(both: Both) -> None:
    told: list[tuple[int, int]] = []
    service = Service([answers.accepted()])

    both.ask(
        service,
        "predict",
        b"x" * 200_000,
        on_progress=lambda sent, total: told.append((sent, total)),
    )

    total = len(service.asked[0].content)
    assert told[0] == (0, total)
    assert told[-1] == (total, total)
    assert [sent for sent, _ in told] == sorted(sent for sent, _ in told)
    assert len(told) == 5
    assert service.asked[0].headers["Content-Length"] == str(total)
    assert service.asked[0].headers["Host"] == "service.test"
    assert "Transfer-Encoding" not in service.asked[0].headers


def test_stages_are_told_as_they_come(both: Both) -> None:
    stages: list[Any] = []
    stream = (
        b": keep-alive\n\n"
        b'event: stage\ndata: {"stage": "extract", "state": "started"}\n\n'
        b'event: stage\ndata: {"stage": "extract", "state": "finished", "seconds": 0.2}\n\n'
        b"event: prediction\nid: 1\ndata: " + json.dumps(answers.prediction()).encode() + b"\n\n"
    )
    service = Service(
        [httpx.Response(200, content=stream, headers={"Content-Type": "text/event-stream"})]
    )

    prediction = both.ask(service, "predict", b"%PDF-", on_stage=stages.append)

    assert service.asked[0].headers["Accept"] == "text/event-stream"
    assert [(stage.stage, stage.state, stage.seconds) for stage in stages] == [
        ("extract", "started", None),
        ("extract", "finished", 0.2),
    ]
    assert prediction.prediction_id == UUID(answers.ID)


def test_a_problem_in_the_stream_is_raised_as_its_status_would_be(both: Both) -> None:
    body = {"status": 404, "code": "model_not_found", "detail": "No such model.", "request_id": "r"}
    stream = b"event: problem\ndata: " + json.dumps(body).encode() + b"\n\n"
    service = Service(
        [httpx.Response(200, content=stream, headers={"Content-Type": "text/event-stream"})]
    )

    with pytest.raises(NotFoundError) as raised:
        both.ask(service, "predict", b"%PDF-", on_stage=print)

    assert (raised.value.code, raised.value.request_id) == ("model_not_found", "r")


def test_a_rescore_without_a_file_has_no_body(both: Both) -> None:
    service = Service([answers.problem(409, "text_not_stored"), answers.problem(404, "x")])

    forms: list[tuple[Any, Any]] = [(None, {}), (b"%PDF-", {"job_description": "Clerk"})]
    for file, form in forms:
        with pytest.raises(Exception, match="A sentence"):
            both.ask(service, "rescore", answers.ID, file, **form)

    stored, changed = service.asked
    assert stored.content == b""
    assert "Content-Type" not in stored.headers
    assert form_of(changed) == {
        "job_description": "Clerk",
        "file": "%PDF-",
        "filename": "resume",
    }
    assert all(service.keys)


@pytest.mark.parametrize("key", ["", "a b", "a\nb", "é", "k" * 256])
@pytest.mark.parametrize("call", [("predict", b"%PDF-"), ("rescore", answers.ID, b"%PDF-")])
def test_a_key_that_no_header_holds_is_refused_before_anything_is_sent(
    both: Both, call: tuple[Any, ...], key: str
) -> None:
    service = Service([answers.accepted()])

    with pytest.raises(ConfigurationError, match="idempotency_key"):
        both.ask(service, *call, idempotency_key=key)

    assert service.asked == []


@pytest.mark.parametrize("etag", ["a\nb", "é", " a"])
def test_an_etag_that_no_header_holds_is_refused_too(both: Both, etag: str) -> None:
    with pytest.raises(ConfigurationError, match="if_match"):
        both.ask(Service([answers.accepted()]), "delete_prediction", answers.ID, if_match=etag)


def test_a_filename_of_other_bytes_than_utf_8_is_sent_as_far_as_it_goes(
    both: Both, tmp_path: Path
) -> None:
    """As of an archive that was packed elsewhere: the document is what matters."""
    path = tmp_path / "r\udce9sum\udce9.pdf"
    path.write_bytes(b"%PDF-")
    service = Service([answers.accepted()])

    both.ask(service, "predict", path)

    assert form_of(service.asked[0])["filename"] == "r?sum?.pdf"


@pytest.mark.parametrize("half", [{"user_id": "a\ud800"}, {"job_description": "\udfff"}])
def test_half_a_character_is_refused_by_the_name_of_its_field(
    both: Both, half: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(half))):
        both.ask(Service([answers.accepted()]), "predict", b"%PDF-", **half)

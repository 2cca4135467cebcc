from __future__ import annotations

import json
import traceback
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend_client import (
    BadResponse,
    ConfigurationError,
    ConnectionFailed,
    ForbiddenError,
    UnauthorizedError,
)
from tests.unit.client import answers
from tests.unit.client.both import Both, Service


def test_lists_are_walked_to_their_end(both: Both) -> None:
    def answering(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("cursor", "0"))
        body = {
            "data": [answers.summary(page * 2), answers.summary(page * 2 + 1)],
            "has_more": page < 2,
            "next_cursor": str(page + 1) if page < 2 else None,
        }
        return answers.said(200, body)

    asked: dict[str, Any] = {
        "tag": "hired",
        "min_confidence": 0.5,
        "created_after": datetime(2026, 1, 2, tzinfo=UTC),
    }
    found = both.ask(answering, "list_predictions", limit=2, **asked)
    pages = both.use(answering, lambda client: client.list_predictions(limit=2).pages())
    one = both.use(answering, lambda client: client.user_predictions("m", cursor="2").page())

    assert [summary.resume_filename for summary in found] == [f"{n}.pdf" for n in range(6)]
    assert [page.next_cursor for page in pages] == ["1", "2", None]
    assert {page.request_id for page in pages} == {"req-1"}
    assert [summary.resume_filename for summary in one.data] == ["4.pdf", "5.pdf"]


def test_filters_stay_while_pages_are_turned(both: Both) -> None:
    pages = [
        answers.said(200, {"data": [], "has_more": True, "next_cursor": "n"}),
        answers.said(200, {"data": [], "has_more": False, "next_cursor": None}),
    ]
    service = Service([*pages])

    both.ask(service, "search_predictions", '"month end"', user_id="ada/7", min_ats_score=50.0)

    first, second = (dict(request.url.params) for request in service.asked)
    assert first == {"q": '"month end"', "user_id": "ada/7", "min_ats_score": "50.0"}
    assert second == {**first, "cursor": "n"}


def test_a_list_without_end_is_no_answer(both: Both) -> None:
    service = Service([answers.said(200, {"data": [], "has_more": True, "next_cursor": "same"})])

    with pytest.raises(BadResponse, match="same page"):
        both.ask(service, "career_paths", "nurse")

    assert len(service.asked) == 2


def test_job_searches_send_each_employment_type(both: Both) -> None:
    body = {
        "data": [],
        "has_more": False,
        "next_cursor": None,
        "provider": "local",
        "fetched_at": "2026-11-21T10:00:00Z",
    }
    service = Service([answers.said(200, body)])

    both.ask(
        service,
        "search_jobs",
        "nurse",
        remote=False,
        employment_types=["FULLTIME", "INTERN"],
        date_posted="week",
    )

    assert service.asked[0].url.params.multi_items() == [
        ("query", "nurse"),
        ("remote", "false"),
        ("employment_types", "FULLTIME"),
        ("employment_types", "INTERN"),
        ("date_posted", "week"),
    ]


def test_ids_are_one_step_of_a_path_whatever_they_hold(both: Both) -> None:
    service = Service([httpx.Response(204)])

    both.ask(service, "erase_user", "ada/export?x=1#y ü%2F")

    assert service.asked[0].url.raw_path == b"/users/ada%2Fexport%3Fx%3D1%23y%20%C3%BC%252F"


@pytest.mark.parametrize("user_id", ["", " ", ".", ".."])
def test_an_id_that_names_nothing_is_not_sent(both: Both, user_id: str) -> None:
    service = Service([httpx.Response(204)])

    with pytest.raises(ConfigurationError):
        both.ask(service, "erase_user", user_id)

    assert service.asked == []


def test_a_change_sends_what_it_names_and_null_clears(both: Both) -> None:
    service = Service([answers.said(200, answers.prediction(tags=["hired"]))])

    changed = both.ask(
        service, "update_prediction", answers.ID, tags=["hired"], notes=None, if_match='"a-1"'
    )

    assert service.asked[0].method == "PATCH"
    assert json.loads(service.asked[0].content) == {"tags": ["hired"], "notes": None}
    assert service.asked[0].headers["If-Match"] == '"a-1"'
    assert changed.tags == ["hired"]


def test_refreshing_costs_a_304_where_nothing_changed(both: Both) -> None:
    service = Service([answers.accepted(), httpx.Response(304), answers.accepted(notes="new")])

    first = both.ask(service, "predict", b"%PDF-")
    same = both.ask(service, "refresh", first)
    other = both.ask(service, "refresh", first)

    assert same is first
    assert service.asked[1].headers["If-None-Match"] == '"a-1"'
    assert other.notes == "new"


def test_a_service_that_is_not_ready_is_an_answer(both: Both) -> None:
    body = {"status": "not_ready", "version": "1", "parts": [], "settings_without_effect": []}
    service = Service([answers.said(503, body)])

    health = both.ask(service, "ready")

    assert not health.is_ready
    assert len(service.asked) == 1


def test_an_answer_of_a_newer_service_is_read(both: Both) -> None:
    body = answers.prediction(jobs_status="postponed", mood="sunny")
    body["model"]["size"] = 7
    service = Service([answers.said(200, body)])

    prediction = both.ask(service, "get_prediction", answers.ID)

    assert prediction.jobs_status == "postponed"
    assert prediction.as_json()["mood"] == "sunny"


def test_equal_answers_are_equal_whatever_their_requests_were_called(both: Both) -> None:
    service = Service(
        [
            answers.said(200, answers.prediction()),
            httpx.Response(200, json=answers.prediction(), headers={"X-Request-Id": "other"}),
        ]
    )

    first = both.ask(service, "get_prediction", answers.ID)
    second = both.ask(service, "get_prediction", answers.ID)

    assert first == second
    assert (first.request_id, second.request_id) == ("req-1", "other")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"<html>a proxy's page</html>"),
        answers.said(200, {"career_path": "Marta Lindqvist"}),
        httpx.Response(302, headers={"Location": "http://elsewhere.test/"}),
    ],
)
def test_what_is_no_answer_of_ours_is_said_without_its_words(
    both: Both, answer: httpx.Response
) -> None:
    service = Service([answer])

    with pytest.raises(BadResponse) as raised:
        both.ask(service, "get_prediction", answers.ID)

    shown = "".join(traceback.format_exception(raised.value))
    assert "Marta" not in shown
    assert "a proxy's page" not in shown
    assert len(service.asked) == 1


def test_a_refusal_carries_what_the_problem_says(both: Both) -> None:
    refused = answers.problem(401, "unauthorized", "An API key is needed.")

    with pytest.raises(UnauthorizedError) as raised:
        both.ask(Service([refused]), "models")

    error = raised.value
    assert (error.status, error.code, error.detail) == (
        401,
        "unauthorized",
        "An API key is needed.",
    )
    assert error.request_id == "req-1"
    assert "req-1" in str(error)


def test_an_export_is_taken_over_piece_by_piece(both: Both, tmp_path: Path) -> None:
    body = {
        "user_id": "marta",
        "exported_at": "2026-11-21T10:00:00Z",
        "predictions": [
            {"prediction": answers.prediction(), "lines": None, "audit_events": []},
        ],
    }
    service = Service([answers.said(200, body)])
    target = tmp_path / "export.json"

    export = both.use(service, lambda client: client.export_user("marta").read())
    n_bytes = both.use(service, lambda client: client.export_user("marta").write_to(target))
    chunks = both.use(service, lambda client: client.export_user("marta").chunks())

    assert export.predictions[0].prediction.career_path == "Accountants and Auditors"
    assert json.loads(target.read_bytes()) == body
    assert n_bytes == target.stat().st_size == len(b"".join(chunks))
    assert target.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["export.json"]


def test_an_export_that_ends_early_leaves_the_former_file(both: Both, tmp_path: Path) -> None:
    class CutOff(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b'{"user_id": "marta", '
            raise httpx.RemoteProtocolError("peer closed connection")

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for piece in self:
                yield piece

    target = tmp_path / "export.json"
    target.write_text("the one of yesterday", encoding="utf-8")

    with pytest.raises(ConnectionFailed):
        both.use(
            lambda _: httpx.Response(200, stream=CutOff()),
            lambda client: client.export_user("marta").write_to(target),
        )

    assert [file.name for file in tmp_path.iterdir()] == ["export.json"]
    assert target.read_text(encoding="utf-8") == "the one of yesterday"


def test_an_export_that_is_refused_is_an_error_like_any_other(both: Both, tmp_path: Path) -> None:
    service = Service([answers.problem(403, "forbidden")])

    with pytest.raises(ForbiddenError):
        both.use(service, lambda client: client.export_user("m").write_to(tmp_path / "x.json"))

    assert list(tmp_path.iterdir()) == []

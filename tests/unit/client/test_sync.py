"""What waits is sent once, with its first key, whatever comes between."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend_client import (
    BadResponse,
    ConfigurationError,
    ConnectionFailed,
    Outbox,
    OutboxEntry,
    OutboxError,
    SyncReport,
    TimedOut,
)
from backend_client._calls import Upload
from backend_client.types import Prediction
from tests.unit.client import answers
from tests.unit.client.both import Both, Service, form_of

REFUSED = httpx.ConnectError("refused")
CUT_OFF = httpx.RemoteProtocolError("cut off")
LIVE = answers.said(200, {"status": "ok"})


class Probed(Service):
    """Answers whether it is there by ``live``, apart from the uploads."""

    live: httpx.Response | Exception = LIVE

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/health/live":
            return super().__call__(request)
        return Service([self.live])(request)


def waiting(
    folder: Path, *keys: str, keeps: Any = "document", force: bool = False, hours_ago: float = 1
) -> Outbox:
    outbox = Outbox(folder, keeps=keeps)
    for key in keys:
        outbox.add(
            OutboxEntry.of(
                Upload(f"{key}.pdf", f"%PDF {key}".encode()),
                form={"user_id": "marta"},
                force=force,
                idempotency_key=key,
                begun_at=datetime.now(UTC) - timedelta(hours=hours_ago),
                prediction=Prediction.model_validate(answers.prediction()),
            )
        )
    return outbox


def keys_of(outbox: Outbox) -> list[str]:
    return [entry.idempotency_key for entry in outbox.entries()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


def test_each_is_sent_as_it_was_asked_first_and_then_removed(both: Both, folder: Path) -> None:
    outbox = waiting(folder, "a", "b")
    service = Service([answers.accepted()])

    report = both.ask(service, "sync", options={"outbox_dir": folder})

    assert isinstance(report, SyncReport)
    assert list(report.sent) == service.keys == ["a", "b"]
    assert report.sent["a"].request_id == "req-1"
    assert form_of(service.asked[1]) == {"file": "%PDF b", "filename": "b.pdf", "user_id": "marta"}
    assert service.asked[0].url.query == b""
    assert (report.n_left, report.stopped_by, report.busy) == (0, None, False)
    assert keys_of(outbox) == []


def test_a_service_that_is_still_away_costs_nothing(both: Both, folder: Path) -> None:
    outbox = waiting(folder, "a", "b", "c")
    service = Service([answers.accepted(), REFUSED])

    report = both.ask(service, "sync", options={"outbox_dir": folder})

    assert list(report.sent) == ["a"]
    assert isinstance(report.stopped_by, ConnectionFailed)
    assert report.n_left == 2
    assert keys_of(outbox) == ["b", "c"]
    assert service.keys == ["a", "b", "b", "b"]


def test_a_refusal_stays_and_does_not_hold_up_the_others(both: Both, folder: Path) -> None:
    outbox = waiting(folder, "a", "b", "c")
    service = Service(
        [
            answers.problem(422, "idempotency_key_reused"),
            answers.problem(409, "idempotency_key_in_use", Retry_After="9"),
            answers.accepted(),
        ]
    )

    report = both.ask(service, "sync", options={"outbox_dir": folder})

    assert {key: error.code for key, error in report.refused.items()} == {
        "a": "idempotency_key_reused"
    }
    assert report.in_flight == ["b"]
    assert list(report.sent) == ["c"]
    assert keys_of(outbox) == ["a", "b"]
    assert outbox.discard("a")
    assert keys_of(outbox) == ["b"]


def test_one_whose_answer_was_lost_is_sent_with_the_same_key_again(
    both: Both, folder: Path
) -> None:
    """As after a kill between the service's answer and the removal."""
    waiting(folder, "a")
    service = Probed([CUT_OFF, CUT_OFF, CUT_OFF, answers.said(200, answers.prediction())])

    first = both.ask(service, "sync", options={"outbox_dir": folder})
    report = both.ask(service, "sync", options={"outbox_dir": folder})

    assert isinstance(first.failed["a"], ConnectionFailed)
    assert list(report.sent) == ["a"]
    assert set(service.keys) == {"a"}


@pytest.mark.parametrize(
    ("hours_ago", "query"), [(1, b"force=true"), (22.5, b"force=true"), (23.5, b"")]
)
def test_once_the_key_may_be_forgotten_nothing_is_forced(
    both: Both, folder: Path, hours_ago: float, query: bytes
) -> None:
    waiting(folder, "a", force=True, hours_ago=hours_ago)
    service = Service([answers.accepted()])

    both.ask(service, "sync", options={"outbox_dir": folder})

    assert service.asked[0].url.query == query


def test_a_reference_needs_its_document(both: Both, folder: Path) -> None:
    outbox = waiting(folder, "a", "b", keeps="reference")
    service = Service([answers.accepted()])
    options = {"outbox_dir": folder, "outbox_keeps": "reference"}

    alone = both.ask(service, "sync", options=options)
    found = both.ask(
        service,
        "sync",
        lambda entry: b"%PDF b" if entry.idempotency_key == "b" else None,
        options=options,
    )

    assert (alone.without_document, alone.n_left) == (["a", "b"], 2)
    assert list(found.sent) == ["b"]
    assert found.without_document == ["a"]
    assert service.keys == ["b"]
    assert keys_of(outbox) == ["a"]


def test_another_document_is_not_sent_in_its_place(both: Both, folder: Path) -> None:
    outbox = waiting(folder, "a", keeps="reference")
    service = Service([answers.accepted()])

    report = both.ask(service, "sync", lambda _: b"another", options={"outbox_dir": folder})

    assert isinstance(report.failed["a"], ConfigurationError)
    assert "sha256" in str(report.failed["a"])
    assert service.asked == []
    assert keys_of(outbox) == ["a"]


@pytest.mark.parametrize("wrong", [KeyError("not in my store"), FileNotFoundError("gone")])
def test_what_finding_a_document_raises_is_noted(
    both: Both, folder: Path, wrong: Exception
) -> None:
    outbox = waiting(folder, "a", "b", keeps="reference")

    def find(entry: OutboxEntry) -> bytes:
        if entry.idempotency_key == "a":
            raise wrong
        return b"%PDF b"

    report = both.ask(Service([answers.accepted()]), "sync", find, options={"outbox_dir": folder})

    assert report.failed == {"a": wrong}
    assert list(report.sent) == ["b"]
    assert keys_of(outbox) == ["a"]


@pytest.mark.parametrize(
    ("spoilt", "n_asked"),
    [
        (answers.problem(500, "internal_error"), 3),
        (answers.problem(503, "model_unavailable"), 3),
        (httpx.Response(504), 1),
        (CUT_OFF, 3),
        (httpx.ReadTimeout("slow"), 1),
        (httpx.Response(200, content=b"<html>"), 1),
    ],
)
def test_one_that_the_service_fails_on_holds_up_no_other(
    both: Both, folder: Path, spoilt: httpx.Response | Exception, n_asked: int
) -> None:
    outbox = waiting(folder, "a", "b")
    service = Probed([*[spoilt] * n_asked, answers.accepted()])

    report = both.ask(service, "sync", options={"outbox_dir": folder})

    assert list(report.failed) == ["a"]
    assert list(report.sent) == ["b"]
    assert service.keys == ["a"] * n_asked + ["b"]
    assert (report.stopped_by, report.n_left) == (None, 1)
    assert keys_of(outbox) == ["a"]


@pytest.mark.parametrize(
    ("live", "stopped_by"),
    [
        (REFUSED, ConnectionFailed),
        (httpx.ReadTimeout("slow"), TimedOut),
        (httpx.Response(200, content=b"<html>"), BadResponse),
        (answers.problem(404, "not_found"), type(None)),
    ],
)
def test_after_a_failure_the_service_is_asked_whether_it_is_there(
    both: Both, folder: Path, live: httpx.Response | Exception, stopped_by: type
) -> None:
    """A gateway that passes on uploads alone refuses the probe, and is there."""
    waiting(folder, "a", "b")
    service = Probed([httpx.Response(200, content=b"<html>"), answers.accepted()])
    service.live = live

    report = both.ask(service, "sync", options={"outbox_dir": folder})

    assert type(report.stopped_by) is stopped_by
    assert isinstance(report.failed["a"], BadResponse)
    assert list(report.sent) == (["b"] if stopped_by is type(None) else [])


@pytest.mark.parametrize(
    "for_all",
    [
        answers.problem(401, "unauthorized"),
        answers.problem(403, "forbidden"),
        answers.problem(429, "rate_limited", Retry_After="1000"),
        answers.problem(503, "overloaded", Retry_After="1000"),
        answers.problem(503, "storage_unavailable", Retry_After="1000"),
        httpx.ConnectTimeout("slow"),
    ],
)
def test_what_the_next_entry_would_meet_as_well_ends_it(
    both: Both, folder: Path, for_all: httpx.Response | Exception
) -> None:
    waiting(folder, "a", "b")
    service = Service([for_all])

    report = both.ask(service, "sync", options={"outbox_dir": folder})

    assert report.stopped_by is not None
    assert (report.failed, report.refused, report.n_left) == ({}, {}, 2)
    assert set(service.keys) == {"a"}


def test_what_cannot_be_removed_is_reported_as_sent_all_the_same(both: Both, folder: Path) -> None:
    stuck = folder / waiting(folder, "a", "b", keeps="reference").names()[0]

    def find(entry: OutboxEntry) -> bytes:
        if entry.idempotency_key == "a":  # from here on a folder, which no unlink takes
            stuck.unlink()
            stuck.mkdir()
        return f"%PDF {entry.idempotency_key}".encode()

    report = both.ask(Service([answers.accepted()]), "sync", find, options={"outbox_dir": folder})

    assert list(report.sent) == ["a", "b"]
    assert isinstance(report.failed["a"], OutboxError)
    assert report.n_left == 1


def test_an_entry_that_cannot_be_read_is_named_and_stays(both: Both, folder: Path) -> None:
    outbox = waiting(folder, "a", "b")
    name = outbox.names()[0]
    (folder / name).write_bytes(b"damaged")

    report = both.ask(Service([answers.accepted()]), "sync", options={"outbox_dir": folder})

    assert report.unreadable == [name]
    assert list(report.sent) == ["b"]
    assert (folder / name).exists()


def test_while_another_process_sends_nothing_is_done(both: Both, folder: Path) -> None:
    outbox = waiting(folder, "a")
    turn = outbox.take_turn()
    service = Service([answers.accepted()])

    busy = both.ask(service, "sync", options={"outbox_dir": folder})
    assert turn is not None
    os.close(turn)
    after = both.ask(service, "sync", options={"outbox_dir": folder})

    assert busy.busy
    assert list(after.sent) == ["a"]


def test_the_turn_is_given_up_when_a_sync_fails(both: Both, folder: Path) -> None:
    outbox = waiting(folder, "a", keeps="reference")

    class Ended(BaseException):
        """As an interrupt is: no failure of an entry."""

    def fail(entry: OutboxEntry) -> None:
        raise Ended

    with pytest.raises(Ended):
        both.ask(Service([answers.accepted()]), "sync", fail, options={"outbox_dir": folder})

    turn = outbox.take_turn()
    assert turn is not None
    os.close(turn)


def test_without_an_outbox_there_is_nothing_to_send(both: Both) -> None:
    with pytest.raises(ConfigurationError, match="outbox_dir"):
        both.ask(Service([answers.accepted()]), "sync")


def test_an_erased_user_does_not_come_back_from_the_outbox(both: Both, folder: Path) -> None:
    outbox = waiting(folder, "a")
    service = Service([REFUSED])

    with pytest.raises(ConnectionFailed):
        both.ask(service, "erase_user", "marta", options={"outbox_dir": folder})

    assert keys_of(outbox) == []

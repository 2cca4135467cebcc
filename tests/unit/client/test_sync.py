"""What waits is sent once, with its first key, whatever comes between."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend_client import (
    ConfigurationError,
    ConnectionFailed,
    Outbox,
    OutboxEntry,
    SyncReport,
)
from backend_client._calls import Upload
from backend_client.types import Prediction
from tests.unit.client import answers
from tests.unit.client.both import Both, Service, form_of

REFUSED = httpx.ConnectError("refused")


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
    cut_off = httpx.RemoteProtocolError("cut off")
    service = Service([cut_off, cut_off, cut_off, answers.said(200, answers.prediction())])

    both.ask(service, "sync", options={"outbox_dir": folder})
    report = both.ask(service, "sync", options={"outbox_dir": folder})

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

    with pytest.raises(ConfigurationError, match="sha256"):
        both.ask(
            Service([answers.accepted()]),
            "sync",
            lambda _: b"another",
            options={"outbox_dir": folder},
        )

    assert keys_of(outbox) == ["a"]


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

    def fail(entry: OutboxEntry) -> None:
        raise KeyError(entry.idempotency_key)

    with pytest.raises(KeyError):
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

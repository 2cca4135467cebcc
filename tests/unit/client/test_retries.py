from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from backend_client import (
    BreakerOpen,
    ConnectionFailed,
    InvalidRequestError,
    KeyInUseError,
    NotFoundError,
    PreconditionFailedError,
    RateLimitedError,
    ResumeClientError,
    Retries,
    ServerError,
    TimedOut,
    UnavailableError,
    UploadTimeoutError,
)
from backend_client._answers import seconds_until
from backend_client._retries import Tries, backoff_s
from tests.unit.client import answers
from tests.unit.client.both import Both, Service

OFF = {"fallback": "off"}
POLICY = Retries()

REFUSED = httpx.ConnectError("refused")
CUT_OFF = httpx.RemoteProtocolError("peer closed connection")


def tries(*, repeatable: bool = True, max_retries: int = 2) -> Tries:
    return Tries(POLICY, max_retries, repeatable)


@pytest.mark.parametrize(
    ("n_retries", "chance", "expected_s"),
    [(0, 0.0, 0.25), (0, 1.0, 0.5), (1, 1.0, 1.0), (3, 1.0, 4.0), (4, 1.0, 8.0), (9, 0.5, 6.0)],
)
def test_delays_double_up_to_a_bound_and_vary(
    n_retries: int, chance: float, expected_s: float
) -> None:
    assert backoff_s(POLICY, n_retries, chance) == pytest.approx(expected_s)


@pytest.mark.parametrize(
    "failure",
    [
        ConnectionFailed("x"),
        TimedOut("x", phase="read"),
        UploadTimeoutError("x", status=408),
        RateLimitedError("x", status=429),
        ServerError("x", status=500),
        UnavailableError("x", status=503),
    ],
)
def test_what_may_pass_is_tried_twice_more(failure: ResumeClientError) -> None:
    path = tries()

    delays = [path.delay_after(failure, now_s=0, chance=1) for _ in range(3)]

    assert delays == [0.5, 1.0, None]


@pytest.mark.parametrize(
    "failure",
    [
        InvalidRequestError("x", status=422),
        NotFoundError("x", status=404),
        BreakerOpen(),
        UnavailableError("x", status=503, code="jobs_not_configured"),
        RateLimitedError("x", status=429, code="jobs_quota_exhausted"),
    ],
)
def test_what_stays_as_it_is_is_not_tried_again(failure: ResumeClientError) -> None:
    assert tries().delay_after(failure, now_s=0, chance=1) is None


def test_retry_after_is_obeyed_up_to_a_bound() -> None:
    soon = RateLimitedError("x", status=429, retry_after_s=12)
    late = RateLimitedError("x", status=429, retry_after_s=31)

    assert tries().delay_after(soon, now_s=0, chance=0) == 12
    assert tries().delay_after(late, now_s=0, chance=0) is None


def test_an_answer_that_is_under_way_is_waited_for_without_costing_a_try() -> None:
    path = tries()
    in_flight = KeyInUseError("x", status=409, retry_after_s=1)

    waits = [path.delay_after(in_flight, now_s=second, chance=0) for second in range(45)]

    assert waits == [1.0] * 45
    assert path.delay_after(in_flight, now_s=44.5, chance=0) is None
    assert path.n_retries == 0


def test_without_retries_nothing_is_waited_for() -> None:
    in_flight = KeyInUseError("x", status=409, retry_after_s=1)

    assert tries(max_retries=0).delay_after(in_flight, now_s=0, chance=0) is None
    assert tries(max_retries=0).delay_after(ConnectionFailed("x"), now_s=0, chance=0) is None


def test_what_must_not_happen_twice_is_repeated_only_if_it_never_arrived() -> None:
    refused = ConnectionFailed("x", sent=False)
    cut_off = ConnectionFailed("x", sent=True)
    busy = UnavailableError("x", status=503)
    gateway = UnavailableError("x", status=504)

    assert tries(repeatable=False).delay_after(refused, now_s=0, chance=1) == 0.5
    assert tries(repeatable=False).delay_after(busy, now_s=0, chance=1) == 0.5
    assert tries(repeatable=False).delay_after(cut_off, now_s=0, chance=1) is None
    assert tries(repeatable=False).delay_after(gateway, now_s=0, chance=1) is None


@pytest.mark.parametrize(
    ("header", "expected_s"),
    [
        (None, None),
        ("7", 7.0),
        ("Sat, 21 Nov 2026 10:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0.0),
        ("soon", None),
        ("-3", None),
    ],
)
def test_retry_after_in_both_its_forms(header: str | None, expected_s: float | None) -> None:
    now = datetime(2026, 11, 21, 10, 0, 0, tzinfo=UTC)

    assert seconds_until(header, now) == expected_s


@pytest.mark.parametrize(
    "failure",
    [
        REFUSED,
        CUT_OFF,
        httpx.ConnectTimeout("x"),
        answers.problem(408, "upload_timeout"),
        answers.problem(409, "idempotency_key_in_use", Retry_After="0"),
        answers.problem(429, "rate_limited", Retry_After="0"),
        answers.problem(500, "internal_error"),
        answers.problem(503, "overloaded", Retry_After="0"),
        httpx.Response(502, content=b"<html>"),
    ],
)
def test_an_upload_is_tried_again_with_one_key_and_the_same_bytes(
    both: Both, failure: httpx.Response | Exception
) -> None:
    service = Service([failure, failure, answers.accepted()])

    prediction = both.ask(service, "predict", b"%PDF-", user_id="marta")

    assert prediction.source == "ml-service"
    assert len(service.asked) == 3
    assert len(set(service.keys)) == 1
    assert len({request.content for request in service.asked}) == 1


SLOW = [httpx.ReadTimeout("x"), httpx.WriteTimeout("x"), httpx.Response(504)]


@pytest.mark.parametrize("failure", SLOW)
def test_a_slow_service_is_asked_again_where_nothing_else_can_answer(
    both: Both, failure: httpx.Response | Exception
) -> None:
    service = Service([failure, failure, answers.accepted()])

    prediction = both.ask(service, "predict", b"%PDF-", options=OFF)

    assert prediction.source == "ml-service"
    assert len(service.asked) == 3


@pytest.mark.parametrize("failure", SLOW)
def test_a_slow_list_is_asked_for_again(both: Both, failure: httpx.Response | Exception) -> None:
    """This process has no history to answer from."""
    empty: dict[str, object] = {"data": [], "next_cursor": None, "has_more": False}
    service = Service([failure, answers.said(200, empty)])

    assert both.ask(service, "list_predictions") == []
    assert len(service.asked) == 2


def test_after_the_last_try_its_own_error_is_raised(both: Both) -> None:
    service = Service([answers.problem(429, "rate_limited", Retry_After="1000")])

    with pytest.raises(RateLimitedError) as raised:
        both.ask(service, "models")

    assert raised.value.retry_after_s == 1000
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("error", "phase"),
    [
        (httpx.ConnectTimeout("x"), "connect"),
        (httpx.WriteTimeout("x"), "write"),
        (httpx.ReadTimeout("x"), "read"),
        (httpx.PoolTimeout("x"), "pool"),
    ],
)
def test_a_timeout_says_where_it_was(both: Both, error: Exception, phase: str) -> None:
    with pytest.raises(TimedOut) as raised:
        both.ask(Service([error]), "models", options={"retries": Retries(max_retries=0)})

    assert raised.value.phase == phase


def test_retries_are_set_for_some_calls(both: Both) -> None:
    service = Service([REFUSED])

    with pytest.raises(ConnectionFailed):
        both.use(service, lambda client: client.with_options(max_retries=0).models())

    assert len(service.asked) == 1


def test_probes_are_asked_once(both: Both) -> None:
    service = Service([REFUSED])

    with pytest.raises(ConnectionFailed):
        both.ask(service, "health")

    assert len(service.asked) == 1


def test_a_deletion_whose_answer_was_lost_has_taken_place(both: Both) -> None:
    service = Service([CUT_OFF, answers.problem(404, "prediction_not_found")])

    assert both.ask(service, "delete_prediction", answers.ID) is None

    assert len(service.asked) == 2


@pytest.mark.parametrize("before", [REFUSED, answers.problem(503, "storage_unavailable")])
def test_a_deletion_that_never_arrived_has_not(
    both: Both, before: httpx.Response | Exception
) -> None:
    service = Service([before, answers.problem(404, "prediction_not_found")])

    with pytest.raises(NotFoundError):
        both.ask(service, "delete_prediction", answers.ID)


def test_a_change_of_one_state_is_not_sent_twice(both: Both) -> None:
    """The second would find the state that the first made, and be refused."""
    service = Service([CUT_OFF, answers.problem(412, "precondition_failed")])

    with pytest.raises(ConnectionFailed):
        both.ask(service, "update_prediction", answers.ID, notes="x", if_match='"a-1"')
    with pytest.raises(PreconditionFailedError):
        both.ask(service, "update_prediction", answers.ID, notes="x", if_match='"a-1"')

    assert len(service.asked) == 2


def test_a_stream_that_ends_early_is_asked_for_again(both: Both) -> None:
    half = httpx.Response(
        200,
        content=b'event: stage\ndata: {"stage": "extract", "state": "started"}\n\n',
        headers={"Content-Type": "text/event-stream"},
    )
    service = Service([half, answers.accepted()])

    prediction = both.ask(service, "predict", b"%PDF-", on_stage=print)

    assert prediction.source == "ml-service"
    assert len(set(service.keys)) == 1

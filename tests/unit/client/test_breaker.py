from __future__ import annotations

from backend_client import Breaker, ConnectionFailed, NotFoundError, TimedOut, UnavailableError

REFUSED = ConnectionFailed("x")


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(opens_after=3, open_s=10, clock=clock)
    for _ in range(3):
        breaker.note(REFUSED)
    return breaker


def test_it_opens_after_failures_in_a_row() -> None:
    breaker = Breaker(opens_after=3, open_s=10, clock=Clock())

    for failure in (REFUSED, TimedOut("x", phase="read"), UnavailableError("x", status=502)):
        assert breaker.admits()
        breaker.note(failure)

    assert breaker.is_open
    assert not breaker.admits()


def test_an_answer_between_begins_the_count_anew() -> None:
    breaker = Breaker(opens_after=2, open_s=10, clock=Clock())

    breaker.note(REFUSED)
    breaker.note(NotFoundError("x", status=404))
    breaker.note(REFUSED)
    breaker.note(UnavailableError("x", status=503))
    breaker.note(REFUSED)

    assert breaker.admits()


def test_after_a_while_one_try_decides() -> None:
    clock = Clock()
    breaker = opened(clock)

    clock.now_s += 10
    assert [breaker.admits(), breaker.admits()] == [True, False]
    breaker.note(REFUSED)
    assert not breaker.admits()

    clock.now_s += 10
    assert breaker.admits()
    breaker.note_answer()
    assert [breaker.admits(), breaker.admits()] == [True, True]


def test_a_try_that_never_ends_is_followed_by_another() -> None:
    clock = Clock()
    breaker = opened(clock)

    clock.now_s += 10
    assert breaker.admits()
    clock.now_s += 10
    assert breaker.admits()

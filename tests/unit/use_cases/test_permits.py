from __future__ import annotations

from contextlib import ExitStack

import pytest

from ml_service.domain.errors import Overloaded
from ml_service.use_cases.permits import Permits


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_more_work_than_permits_is_refused_at_once() -> None:
    permits = Permits(1)

    with permits.take(), pytest.raises(Overloaded) as refused, permits.take():
        pass

    assert refused.value.retry_after_s > 0


def test_a_permit_comes_back_also_after_a_failure() -> None:
    permits = Permits(1)

    with pytest.raises(RuntimeError), permits.take():
        raise RuntimeError
    with permits.take():
        assert permits.taken == 1

    assert permits.taken == 0


def worked(permits: Permits, clock: Clock, *, at_once: int, seconds: float) -> None:
    with ExitStack() as pieces:
        for _ in range(at_once):
            pieces.enter_context(permits.take())
        clock.now_s += seconds


@pytest.mark.parametrize(
    ("at_once", "seconds", "retry_after_s"),
    [(1, 0.01, 1), (1, 2.0, 8), (4, 4.0, 9), (1, 60.0, 30)],
)
def test_the_wait_follows_the_pace_and_the_work_that_is_there(
    at_once: int, seconds: float, retry_after_s: int
) -> None:
    clock = Clock()
    permits = Permits(4, clock=clock)
    worked(permits, clock, at_once=at_once, seconds=seconds)

    with ExitStack() as pieces:
        for _ in range(4):
            pieces.enter_context(permits.take())
        with pytest.raises(Overloaded) as refused, permits.take():
            pass

    assert refused.value.retry_after_s == retry_after_s


def test_less_work_in_progress_is_a_shorter_wait() -> None:
    clock = Clock()
    permits = Permits(4, clock=clock)
    worked(permits, clock, at_once=1, seconds=2.0)

    with permits.take():
        assert permits.retry_after_s == 2
        with permits.take():
            assert permits.retry_after_s == 4

from __future__ import annotations

import threading

import pytest

from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.run_limit import RunLimit


def test_what_takes_too_long_is_stopped_and_told() -> None:
    stopped = threading.Event()

    with RunLimit(0.01) as limit, limit.stopping(stopped.set):
        assert stopped.wait(10)

    with pytest.raises(ModelUnavailable, match=r"longer than 0\.01 s"):
        limit.check()


def test_what_nobody_waits_for_stops_at_once_also_what_begins_later() -> None:
    stopped: list[str] = []

    with RunLimit(60.0) as limit:
        with limit.stopping(lambda: stopped.append("over already")):
            limit.check()
        with limit.stopping(lambda: stopped.append("in work")):
            limit.end()
        with limit.stopping(lambda: stopped.append("later")):
            pass
        limit.end()

    assert stopped == ["in work", "later"]
    with pytest.raises(ModelUnavailable, match="Nobody waits"):
        limit.check()

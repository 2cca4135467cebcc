from __future__ import annotations

import pytest

from ml_service.use_cases.stages import Stage, timed, watching


class Told:
    def __init__(self) -> None:
        self.events: list[tuple[str, Stage]] = []

    def started(self, stage: Stage) -> None:
        self.events.append(("started", stage))

    def finished(self, stage: Stage, seconds: float) -> None:
        assert seconds >= 0
        self.events.append(("finished", stage))


def test_every_watch_is_told_and_of_a_stage_that_raised_only_its_start() -> None:
    one, other = Told(), Told()
    watch = watching(one, other)

    with timed(watch, "extract"):
        pass
    with pytest.raises(RuntimeError), timed(watch, "analyse"):
        raise RuntimeError

    expected = [("started", "extract"), ("finished", "extract"), ("started", "analyse")]
    assert one.events == other.events == expected

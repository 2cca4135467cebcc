from __future__ import annotations

import io
import time
from collections.abc import Iterator

import pytest
from rich.console import Console

from ml_service.cli import progress
from ml_service.cli.progress import shown_progress, watched


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    yield now


def written(*, terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=120)


def text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_log_gets_a_line_now_and_then(clock: list[float]) -> None:
    console = written(terminal=False)

    with shown_progress("files", total=40, console=console, note=lambda: "1 bad") as advance:
        for _ in range(20):
            clock[0] += 2
            advance(1)

    assert text_of(console).splitlines() == [
        "15/40 files, 0.5/s, 50 s left 1 bad",
        "20/40 files, 0.5/s, 40 s left 1 bad",
    ]
    assert progress.LINE_EVERY_S == 30


def test_work_without_a_known_end_has_no_time_left(clock: list[float]) -> None:
    console = written(terminal=False)

    with shown_progress("rows", total=None, console=console) as advance:
        clock[0] += 2
        advance(10)

    assert text_of(console).splitlines() == ["10 rows, 5.0/s"]


def test_a_terminal_gets_a_bar() -> None:
    console = written(terminal=True)

    with watched("rows", console=console, quiet=False) as watch:
        watch.started(3)
        watch.advanced(3)

    assert "3/3" in text_of(console)


@pytest.mark.parametrize("terminal", [True, False])
def test_quiet_says_nothing(terminal: bool) -> None:
    console = written(terminal=terminal)

    with watched("rows", console=console, quiet=True) as watch:
        watch.started(3)
        watch.advanced(3)

    assert text_of(console) == ""

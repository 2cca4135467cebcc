from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from ml_service.app.logs import configure_logs


@pytest.fixture(autouse=True)
def loggers_as_before() -> Iterator[None]:
    access, ours = logging.getLogger("uvicorn.access"), logging.getLogger("ml_service")
    before = (access.disabled, list(ours.handlers), ours.propagate, ours.level)
    yield
    access.disabled, ours.handlers, ours.propagate, ours.level = before


def test_whole_paths_are_never_logged_for_they_may_name_a_user() -> None:
    logging.getLogger("uvicorn.access").disabled = False

    configure_logs("INFO")

    assert logging.getLogger("uvicorn.access").disabled


def test_our_lines_are_written_once_however_often_it_is_called(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logging.getLogger("ml_service").handlers.clear()

    configure_logs("INFO")
    configure_logs("INFO")
    logging.getLogger("ml_service.tests").info("one line")

    assert capsys.readouterr().err.count("one line") == 1

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ml_service.app.logs import configure_logs
from ml_service.app.request_id import begin_request
from ml_service.app.request_notes import begin_notes

NAMES = ("", "ml_service", "uvicorn", "uvicorn.access", "python_multipart")


@pytest.fixture(autouse=True)
def loggers_as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in NAMES]
    before: list[tuple[Any, ...]]
    before = [(it, it.disabled, list(it.handlers), it.propagate, it.level) for it in loggers]
    for logger in loggers:
        logger.handlers = []
    yield
    logging.captureWarnings(capture=False)
    for logger, *state in before:
        logger.disabled, logger.handlers, logger.propagate, logger.level = state


def logger_of_uvicorn() -> logging.Logger:
    """As uvicorn sets itself up before it loads an app."""
    logger = logging.getLogger("uvicorn")
    logger.addHandler(logging.StreamHandler())
    logger.setLevel("INFO")
    logger.propagate = False
    return logging.getLogger("uvicorn.error")


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


def nobody_else_listens() -> None:
    """As outside of a test: pytest puts handlers of its own on the root."""
    logging.getLogger().handlers = []


def test_whole_paths_are_never_logged_for_they_may_name_a_user() -> None:
    logging.getLogger("uvicorn.access").disabled = False

    configure_logs("INFO")

    assert logging.getLogger("uvicorn.access").disabled


def test_our_lines_are_written_once_however_often_it_is_called(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("INFO")
    configure_logs("INFO")
    begin_request("caller-12345678")
    logging.getLogger("ml_service.tests").info("one line")

    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("INFO ml_service.tests [caller-12345678] one line")


def test_a_json_line_says_when_how_grave_who_and_for_which_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("INFO", "json")
    begin_request("caller-12345678")
    logging.getLogger("ml_service.tests").info(
        "%s\n%s", "two", "lines", extra={"fields": {"route": "/predict", "caller": None}}
    )

    (line,) = lines(capsys)
    moment = datetime.fromisoformat(line.pop("time"))
    assert moment.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    assert line == {
        "level": "INFO",
        "logger": "ml_service.tests",
        "message": "two\nlines",
        "request_id": "caller-12345678",
        "route": "/predict",
    }


def test_a_line_within_a_trace_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")
    begin_notes("caller-12345678").trace_id = "0af7651916cd43dd8448eb211c80319c"

    logging.getLogger("ml_service.tests").warning("slow")

    assert lines(capsys)[0]["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    begin_notes("-")


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_an_exception_is_told_by_type_and_place_never_by_its_message(
    log_format: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody_else_listens()
    uvicorn = logger_of_uvicorn()
    configure_logs("INFO", log_format)
    quoted = "Jane Doe, jane@example.org"

    for logger in (logging.getLogger("ml_service.tests"), uvicorn, logging.getLogger("a.library")):
        try:
            raise ValueError(quoted)
        except ValueError:
            logger.exception("it failed")

    written = capsys.readouterr().err
    assert "Jane" not in written
    assert written.count("it failed") == 3
    assert written.count("test_logs.py") == 3


def test_in_json_everything_that_is_written_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    nobody_else_listens()
    uvicorn = logger_of_uvicorn()
    configure_logs("INFO", "json")

    uvicorn.info("Application startup complete.")
    logging.getLogger("a.library").warning("careful")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old", DeprecationWarning, stacklevel=1)

    loggers = [line["logger"] for line in lines(capsys)]
    assert loggers == ["uvicorn.error", "a.library", "py.warnings"]


def test_a_library_that_only_informs_stays_silent(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("DEBUG", "json")

    logging.getLogger("a.library").info("whatever")

    assert capsys.readouterr().err == ""


def test_handlers_that_others_attached_keep_their_format() -> None:
    theirs, form = logging.StreamHandler(), logging.Formatter("%(message)s")
    theirs.setFormatter(form)
    logging.getLogger().addHandler(theirs)

    configure_logs("INFO", "json")

    assert theirs.formatter is form

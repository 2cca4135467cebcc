"""Log lines with the request's id, for people or for tools; never a resume's text or a key."""

from __future__ import annotations

import copy
import json
import logging
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, TextIO

from ml_service.app.request_id import current_request_id
from ml_service.app.request_notes import notes_of_request
from ml_service.domain.unexpected import where_it_happened

LogFormat = Literal["text", "json"]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

TEXT_FORMAT = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"


class _WithRequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True


_WITH_REQUEST_ID = _WithRequestId()


class TextFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__(TEXT_FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        # Whoever formatted it before left the exception there in his words.
        without_text = copy.copy(record)
        without_text.exc_text = None
        return super().format(without_text)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's name
        return _of_failure(ei)


class JsonFormatter(logging.Formatter):
    """One object a line. ``extra={"fields": {...}}`` adds to it; a field of None is left out."""

    def format(self, record: logging.LogRecord) -> str:
        notes = notes_of_request()
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
            "trace_id": notes.trace_id,
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = _of_failure(record.exc_info)
        return json.dumps({name: value for name, value in line.items() if value is not None})


def _of_failure(ei: ExcInfo) -> str:
    return "" if ei[1] is None else where_it_happened(ei[1])


class _OurHandler(logging.StreamHandler[TextIO]):
    """Writes to stderr. Tells those that we made from those that others attached."""


def configure_logs(level: str, log_format: LogFormat = "text") -> None:
    """Our lines, uvicorn's and what libraries warn of: to stderr, in one format.

    ``level`` is for ours. May be called again.
    """
    # Its lines hold whole paths, and a path may hold a user's name.
    logging.getLogger("uvicorn.access").disabled = True
    # It quotes bytes of malformed forms.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    ours = logging.getLogger("ml_service")
    ours.setLevel(level)
    ours.propagate = False
    if not any(isinstance(handler, _OurHandler) for handler in ours.handlers):
        ours.addHandler(_OurHandler())
    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(_OurHandler())
    _give_format(JsonFormatter() if log_format == "json" else TextFormatter())
    # Python itself would write them as text.
    logging.captureWarnings(capture=log_format == "json")


def _give_format(formatter: logging.Formatter) -> None:
    """Handlers that somebody else attached, to write elsewhere, stay as they are."""
    for name in ("", "ml_service", "uvicorn"):
        for handler in logging.getLogger(name).handlers:
            is_uvicorns = name == "uvicorn" and type(handler) is logging.StreamHandler
            if is_uvicorns or isinstance(handler, _OurHandler):
                handler.setFormatter(formatter)
                handler.addFilter(_WITH_REQUEST_ID)


def is_served_by_uvicorn() -> bool:
    """Whether this process was started by uvicorn, which sets its own logs up first."""
    return bool(logging.getLogger("uvicorn").handlers)

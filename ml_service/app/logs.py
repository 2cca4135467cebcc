"""Log lines with the request's id; never a resume's text, a name or a key."""

from __future__ import annotations

import logging

from ml_service.app.request_id import current_request_id

FORMAT = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"


class _WithRequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True


def configure_logs(level: str) -> None:
    """Our loggers to stderr. Those of libraries stay as they are: their lines may quote input."""
    # Its lines hold whole paths, and a path may hold a user's name.
    logging.getLogger("uvicorn.access").disabled = True
    # It quotes bytes of malformed forms.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    ours = logging.getLogger("ml_service")
    ours.setLevel(level)
    if ours.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORMAT))
    handler.addFilter(_WithRequestId())
    ours.addHandler(handler)
    ours.propagate = False

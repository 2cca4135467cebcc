"""OpenTelemetry traces, when its usual variables ask for them; otherwise nothing is loaded."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from starlette.datastructures import Headers
from starlette.types import Scope

from ml_service.app.request_notes import RequestNotes

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
WHAT_TO_INSTALL = (
    "OpenTelemetry's variables are set, but its packages are missing; no traces are sent. "
    "Install them: python -m pip install -e '.[traces]' in the checkout, or unset the variables."
)

log = logging.getLogger(__name__)


class RequestSpan(Protocol):
    def end(self, notes: RequestNotes, status: int | None) -> None: ...


class Traces(Protocol):
    def begin(self, scope: Scope, headers: Headers, notes: RequestNotes) -> RequestSpan:
        """The span of one request. Puts its trace id and a watch of its stages in the notes."""
        ...

    def close(self) -> None:
        """Send what is left. Blocks, within the exporter's own timeout."""
        ...


def traces_wanted(environ: Mapping[str, str]) -> bool:
    """By the variables of the OpenTelemetry specification."""
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    exporters = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    return exporters != "none" and bool(exporters or any(environ.get(at) for at in ENDPOINTS))


def open_traces(environ: Mapping[str, str]) -> Traces | None:
    """None where none are wanted, and, with a warning, where they cannot be sent."""
    if not traces_wanted(environ):
        return None
    try:
        from ml_service.app.spans import OpenTelemetryTraces  # noqa: PLC0415 - an optional extra
    except ImportError:
        log.warning(WHAT_TO_INSTALL)
        return None
    return OpenTelemetryTraces.from_environment(environ)

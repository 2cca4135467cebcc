"""One server span a request and one below it for each stage, through the OpenTelemetry SDK.

What only the SDK reads (service name, resource, sampler, limits, batching, endpoint, headers) it
reads itself. Attributes: OpenTelemetry semantic conventions for HTTP, without url.path and
client.address: a path may hold a user's name. Import it only where the extra is installed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SimpleSpanProcessor,
)
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.util.types import AttributeValue
from starlette.datastructures import Headers
from starlette.types import Scope

from ml_service import __version__
from ml_service.app.metrics import METHODS
from ml_service.app.request_notes import UNMATCHED, RequestNotes
from ml_service.use_cases.stages import Stage, watching

SERVICE_NAME = "ml-service"
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")

log = logging.getLogger(__name__)


class OpenTelemetryTraces:
    """Satisfies ``Traces``. The provider is this app's own; nothing global is set."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("ml_service", __version__)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> OpenTelemetryTraces:
        provider = TracerProvider(resource=_resource(environ))
        for processor in _processors(environ):
            provider.add_span_processor(processor)
        return cls(provider)

    def begin(self, scope: Scope, headers: Headers, notes: RequestNotes) -> _RequestSpan:
        span = self._tracer.start_span(
            _method(scope),
            # The caller's trace goes on here: traceparent, or what OTEL_PROPAGATORS names.
            context=propagate.extract(dict(headers)),
            kind=SpanKind.SERVER,
            attributes=_request_attributes(scope),
        )
        stages = _StageSpans(self._tracer, trace.set_span_in_context(span))
        notes.trace_id = trace.format_trace_id(span.get_span_context().trace_id)
        notes.stages = watching(notes.stages, stages)
        return _RequestSpan(span, stages, method=_method(scope))

    def close(self) -> None:
        self._provider.shutdown()


class _RequestSpan:
    def __init__(self, span: Span, stages: _StageSpans, *, method: str) -> None:
        self._span = span
        self._stages = stages
        self._method = method

    def end(self, notes: RequestNotes, status: int | None) -> None:
        self._stages.end_unfinished(notes.code)
        if notes.route != UNMATCHED:
            self._span.update_name(f"{self._method} {notes.route}")
            self._span.set_attribute("http.route", notes.route)
        if status is not None:
            self._span.set_attribute("http.response.status_code", status)
        if notes.code is not None:
            self._span.set_attribute("error.type", notes.code)
        if status is None or status >= 500:
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()


class _StageSpans:
    """Satisfies ``StageWatch``."""

    def __init__(self, tracer: Tracer, parent: Context) -> None:
        self._tracer = tracer
        self._parent = parent
        self._open: dict[Stage, Span] = {}

    def started(self, stage: Stage) -> None:
        self._open[stage] = self._tracer.start_span(stage, context=self._parent)

    def finished(self, stage: Stage, seconds: float) -> None:
        del seconds  # the span has times of its own
        span = self._open.pop(stage, None)
        if span is not None:
            span.end()

    def end_unfinished(self, code: str | None) -> None:
        """A stage that raised is not told as finished; it ends with its request."""
        for span in self._open.values():
            span.set_status(Status(StatusCode.ERROR))
            if code is not None:
                span.set_attribute("error.type", code)
            span.end()
        self._open.clear()


def _method(scope: Scope) -> str:
    """As the conventions want it: what is no known method is HTTP."""
    return scope["method"] if scope["method"] in METHODS else "HTTP"


def _request_attributes(scope: Scope) -> dict[str, AttributeValue]:
    method = _method(scope)
    attributes: dict[str, AttributeValue] = {
        "http.request.method": "_OTHER" if method == "HTTP" else method,
        "url.scheme": scope["scheme"],
        "network.protocol.version": scope.get("http_version", "1.1"),
    }
    server = scope.get("server")
    if server is not None:
        attributes["server.address"] = server[0]
        if server[1] is not None:
            attributes["server.port"] = server[1]
    return attributes


def _resource(environ: Mapping[str, str]) -> Resource:
    attributes: dict[str, AttributeValue] = {"service.version": __version__}
    named = environ.get("OTEL_SERVICE_NAME") or "service.name=" in environ.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    )
    if not named:
        attributes["service.name"] = SERVICE_NAME
    return Resource.create(attributes)


def _processors(environ: Mapping[str, str]) -> Iterator[SpanProcessor]:
    for name in (environ.get("OTEL_TRACES_EXPORTER") or "otlp").split(","):
        match name.strip().lower():
            case "otlp":
                _warn_of_protocol(environ)
                yield BatchSpanProcessor(OTLPSpanExporter())
            case "console":
                yield SimpleSpanProcessor(ConsoleSpanExporter())
            case _:
                log.warning("OTEL_TRACES_EXPORTER names an exporter that is none of otlp, console")


def _warn_of_protocol(environ: Mapping[str, str]) -> None:
    protocol = next((environ[name] for name in PROTOCOLS if environ.get(name)), "http/protobuf")
    if protocol != "http/protobuf":
        log.warning("traces are sent as http/protobuf; another OTLP protocol is not supported")

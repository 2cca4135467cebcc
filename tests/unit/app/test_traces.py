"""Spans of real requests through the middleware, in memory and over a loopback collector."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ml_service.app.errors import service_error_response
from ml_service.app.metrics import Metrics
from ml_service.app.middleware import LastResort, RequestContext
from ml_service.app.request_notes import notes_of_request
from ml_service.app.spans import OpenTelemetryTraces
from ml_service.app.traces import WHAT_TO_INSTALL, open_traces, traces_wanted
from ml_service.domain.errors import Corrupt
from ml_service.use_cases.stages import timed
from tests.otlp_collector import Collector, collecting

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
PARENT_ID = "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE_ID}-{PARENT_ID}-01"


async def upload(request: Request) -> Response:
    notes = notes_of_request()
    notes.route = "/predictions/user/{user_id}"
    with timed(notes.stages, "extract"):
        await asyncio.sleep(0)
    with timed(notes.stages, "analyse"):
        if "refuse" in request.query_params:
            return service_error_response(Corrupt(), request.url.path)
        if "fail" in request.query_params:
            raise RuntimeError("Jane Doe")
    return JSONResponse({})


def app_with(traces: OpenTelemetryTraces | None) -> Starlette:
    app = Starlette(
        routes=[Route("/predictions/user/{user_id}", upload)],
        middleware=[Middleware(RequestContext, metrics=Metrics()), Middleware(LastResort)],
    )
    app.state.traces = traces
    return app


async def ask(app: Starlette, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get(path, headers=headers)


@pytest.fixture
def exported() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def app(exported: InMemorySpanExporter) -> Iterator[Starlette]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exported))
    yield app_with(OpenTelemetryTraces(provider))
    provider.shutdown()


def server_span(exported: InMemorySpanExporter) -> ReadableSpan:
    (span,) = [it for it in exported.get_finished_spans() if it.kind is SpanKind.SERVER]
    return span


def everything_in(spans: tuple[ReadableSpan, ...]) -> str:
    return "".join(span.to_json() for span in spans)


async def test_a_request_is_one_span_named_by_its_route_and_nobody_in_it(
    app: Starlette, exported: InMemorySpanExporter
) -> None:
    answer = await ask(app, "/predictions/user/jane.doe?q=secret")

    span = server_span(exported)
    assert answer.status_code == 200
    assert span.name == "GET /predictions/user/{user_id}"
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/predictions/user/{user_id}",
        "http.response.status_code": 200,
        "network.protocol.version": "1.1",
        "server.address": "127.0.0.1",
        "url.scheme": "http",
    }
    everything = everything_in(exported.get_finished_spans())
    assert "jane" not in everything
    assert "secret" not in everything


async def test_the_callers_trace_goes_on_and_stages_are_below_the_request(
    app: Starlette, exported: InMemorySpanExporter
) -> None:
    await ask(app, "/predictions/user/1", {"traceparent": TRACEPARENT})

    request = server_span(exported)
    stages = [span for span in exported.get_finished_spans() if span is not request]
    assert request.parent is not None
    assert f"{request.parent.span_id:016x}" == PARENT_ID
    assert [span.name for span in stages] == ["extract", "analyse"]
    for span in (request, *stages):
        assert span.context is not None
        assert f"{span.context.trace_id:032x}" == TRACE_ID
    for span in stages:
        assert span.parent is not None
        assert request.context is not None
        assert span.parent.span_id == request.context.span_id


async def test_a_refusal_is_named_by_its_code_and_is_no_error_of_the_server(
    app: Starlette, exported: InMemorySpanExporter
) -> None:
    await ask(app, "/predictions/user/1?refuse")

    span = server_span(exported)
    assert span.attributes is not None
    assert span.attributes["error.type"] == "corrupt"
    assert span.status.status_code is StatusCode.UNSET


async def test_a_failure_is_an_error_without_its_message_and_ends_its_stage(
    app: Starlette, exported: InMemorySpanExporter
) -> None:
    await ask(app, "/predictions/user/1?fail")

    stage = next(span for span in exported.get_finished_spans() if span.name == "analyse")
    span = server_span(exported)
    assert span.status.status_code is StatusCode.ERROR
    assert stage.status.status_code is StatusCode.ERROR
    assert "Jane" not in everything_in(exported.get_finished_spans())


async def test_a_method_that_nobody_knows_does_not_name_a_span(
    app: Starlette, exported: InMemorySpanExporter
) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        await client.request("JANE", "/nowhere")

    span = server_span(exported)
    assert span.name == "HTTP"
    assert (span.attributes or {})["http.request.method"] == "_OTHER"


ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "resumes"}, False),
        (ENDPOINT, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        (ENDPOINT | {"OTEL_TRACES_EXPORTER": "none"}, False),
        (ENDPOINT | {"OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_the_usual_variables_switch_traces_on_and_off(
    environ: dict[str, str], wanted: bool
) -> None:
    assert traces_wanted(environ) is wanted


def test_nothing_is_loaded_where_no_traces_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ml_service.app.spans", None)

    assert open_traces({}) is None


def test_a_missing_extra_is_named_once_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "ml_service.app.spans", None)

    assert open_traces(ENDPOINT) is None

    assert [record.getMessage() for record in caplog.records] == [WHAT_TO_INSTALL]


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    with collecting() as running:
        yield running


async def test_spans_reach_a_collector_by_the_environment_alone(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
        "OTEL_SERVICE_NAME": "resumes",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    traces = await asyncio.to_thread(open_traces, environ)
    assert isinstance(traces, OpenTelemetryTraces)

    await ask(app_with(traces), "/predictions/user/jane.doe", {"traceparent": TRACEPARENT})
    await asyncio.to_thread(traces.close)

    ((path, request),) = collector.received
    (resource_spans,) = request.resource_spans
    resource = {at.key: at.value.string_value for at in resource_spans.resource.attributes}
    spans = [span for scope in resource_spans.scope_spans for span in scope.spans]
    assert path == "/v1/traces"
    assert resource["service.name"] == "resumes"
    assert {span.name for span in spans} == {
        "GET /predictions/user/{user_id}",
        "extract",
        "analyse",
    }
    assert {span.trace_id.hex() for span in spans} == {TRACE_ID}
    assert b"jane" not in request.SerializeToString()

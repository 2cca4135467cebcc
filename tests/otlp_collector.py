"""Takes OTLP traces over HTTP on the loopback, as a collector would."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Posts)
        self.received: list[tuple[str, ExportTraceServiceRequest]] = []

    def spans(self) -> list[Span]:
        return [
            span
            for _, request in list(self.received)
            for of_resource in request.resource_spans
            for of_scope in of_resource.scope_spans
            for span in of_scope.spans
        ]

    def wait_for(self, name: str, *, trace_id: str, timeout_s: float = 10.0) -> list[str]:
        """Names of the trace's spans once one of ``name`` has come."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            names = [span.name for span in self.spans() if span.trace_id.hex() == trace_id]
            if name in names:
                return names
            time.sleep(0.05)
        raise AssertionError(f"no span {name!r} within {timeout_s:.0f} s")


class _Posts(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            raise AssertionError("this collector was not told of compression")
        assert isinstance(self.server, Collector)
        self.server.received.append((self.path, ExportTraceServiceRequest.FromString(body)))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield collector
    finally:
        collector.shutdown()
        thread.join()
        collector.server_close()

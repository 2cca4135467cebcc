"""Figures of this process for Prometheus, in a registry of the app's own.

Every label comes from a closed set (route templates, error codes, stages, statuses), so that no
caller can make series grow. Names: https://prometheus.io/docs/practices/naming/.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import choose_encoder
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from ml_service.app.errors import STATUS
from ml_service.app.request_notes import RequestNotes
from ml_service.use_cases.stages import Stage

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"
ABORTED = "aborted"

UPLOAD_ROUTE = "/predict"
UPLOAD_CODES: Mapping[str, int] = {error.code: status for error, status in STATUS.items()} | {
    "bad_request": 400,
    "internal_error": 500,
}

REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30)
STAGE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._requests = self._counter(
            "ml_service_http_requests", "Requests answered.", "method", "route", "status"
        )
        self._seconds = self._histogram(
            "ml_service_http_request_duration_seconds",
            "Time from a request's head to the end of its answer.",
            ("route",),
            REQUEST_BUCKETS,
        )
        self._uploads = self._counter(
            "ml_service_uploads",
            "Uploads by what came of them; reason is the error code of a refusal.",
            "outcome",
            "reason",
        )
        self._abstained = self._counter(
            "ml_service_abstained", "New predictions in which the model abstained."
        )
        self._limited = self._counter(
            "ml_service_rate_limited", "Requests refused by a rate limit.", "class"
        )
        self._stage_seconds = self._histogram(
            "ml_service_stage_duration_seconds", "Time of one stage.", ("stage",), STAGE_BUCKETS
        )

    def _counter(self, name: str, documentation: str, *labels: str) -> Counter:
        return Counter(name, documentation, labels, registry=self.registry)

    def _histogram(
        self, name: str, documentation: str, labels: tuple[str, ...], buckets: tuple[float, ...]
    ) -> Histogram:
        return Histogram(name, documentation, labels, buckets=buckets, registry=self.registry)

    def answered(
        self, notes: RequestNotes, *, method: str, status: int | None, seconds: float
    ) -> None:
        """At the end of every request; ``status`` is None when no answer was given."""
        self._requests.labels(
            known_method(method), notes.route, ABORTED if status is None else str(status)
        ).inc()
        self._seconds.labels(notes.route).observe(seconds)
        if notes.route == UPLOAD_ROUTE and method == "POST":
            self._uploads.labels(*_upload_outcome(notes)).inc()
            if notes.upload == "created" and notes.abstained:
                self._abstained.inc()

    def rate_limited(self, limit_class: str) -> None:
        self._limited.labels(limit_class).inc()

    def started(self, stage: Stage) -> None:
        """Nothing to count: a stage that raises shows as the upload's reason."""

    def finished(self, stage: Stage, seconds: float) -> None:
        self._stage_seconds.labels(stage).observe(seconds)

    def text(self, accept: str, *, state: Iterable[Metric] = ()) -> tuple[bytes, str]:
        """All figures and their media type. ``state`` is what is true at this moment.

        Reads /proc: call it away from the event loop.
        """
        encode, media_type = choose_encoder(accept)
        return encode(_Scrape(self.registry, tuple(state))), media_type


def known_method(method: str) -> str:
    return method if method in METHODS else OTHER


def _upload_outcome(notes: RequestNotes) -> tuple[str, str]:
    """Outcome and reason; by the problem first, since a stream has begun with 200 by then."""
    if notes.code is not None:
        reason = notes.code if notes.code in UPLOAD_CODES else OTHER
        failed = UPLOAD_CODES.get(notes.code, 500) >= 500
        return ("failed" if failed else "refused"), reason
    return (notes.upload or ABORTED), ""


class _Scrape(Collector):
    """The registry without the times at which series were created: one more series for each."""

    def __init__(self, registry: CollectorRegistry, state: Collection[Metric]) -> None:
        self._registry = registry
        self._state = state

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [s for s in metric.samples if s.name != f"{metric.name}_created"]
            yield metric
        yield from self._state

"""What is true of the service at the moment of a scrape, taken from its health parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)

from ml_service.app.model_figures import encoder_metrics, host_metrics
from ml_service.bootstrap.encoder import RemoteFigures, local_encoding, remote_figures
from ml_service.bootstrap.service import Service
from ml_service.domain.health import Part, PartDetail

READER_FIGURES = {
    "workers": ("ml_service_reader_workers", "Processes that read documents."),
    "busy": ("ml_service_reader_workers_busy", "Processes that read a document now."),
    "waiting": ("ml_service_reader_documents_waiting", "Documents that wait for such a process."),
    "uploads_in_work": ("ml_service_uploads_in_work", "Uploads that hold a permit now."),
    "max_uploads_in_work": (
        "ml_service_uploads_in_work_limit",
        "Permits: uploads beyond it are answered 503 overloaded.",
    ),
}
QUOTA_FIGURES = {
    "quota_limit": ("ml_service_job_board_quota_limit", "Requests in the board's plan."),
    "quota_remaining": ("ml_service_job_board_quota_remaining", "Requests left in the plan."),
}


async def state_of(service: Service) -> tuple[Metric, ...]:
    """Asks each part; what a part does not know is left out."""
    parts = {part.name: part for part in await service.parts()}
    return (
        *_readiness(parts),
        *_figures(parts["reader"].detail, READER_FIGURES),
        _replaced(parts["reader"].detail),
        *_figures(parts["jobs"].detail, QUOTA_FIGURES),
        *_quota_reset(parts["jobs"].detail),
        _jobs_outcomes(service.jobs_outcomes),
        *_remote_encoder(remote_figures(service.engine.encoder)),
        *host_metrics(service.engine.host),
        *encoder_metrics(local_encoding(service.engine.encoder)),
        _build(service),
    )


def _readiness(parts: Mapping[str, Part]) -> Iterator[Metric]:
    ready = GaugeMetricFamily(
        "ml_service_part_ready", "1 while the part is ready, as in /health.", labels=["part"]
    )
    for name, part in parts.items():
        ready.add_metric([name], float(part.state == "ready"))
    yield ready


def _figures(
    detail: PartDetail, names: Mapping[str, tuple[str, str]]
) -> Iterator[GaugeMetricFamily]:
    for key, (name, documentation) in names.items():
        value = detail.get(key)
        if isinstance(value, int | float):
            yield GaugeMetricFamily(name, documentation, value=value)


def _replaced(detail: PartDetail) -> Metric:
    value = detail.get("replaced")
    return CounterMetricFamily(
        "ml_service_reader_workers_replaced",
        "Processes that a document ended.",
        value=value if isinstance(value, int) else 0,
    )


def _quota_reset(detail: PartDetail) -> Iterator[Metric]:
    resets_at = detail.get("quota_resets_at")
    if isinstance(resets_at, str):
        left = datetime.fromisoformat(resets_at) - datetime.now(UTC)
        yield GaugeMetricFamily(
            "ml_service_job_board_quota_reset_seconds",
            "Seconds until the board's plan starts anew.",
            value=max(0.0, left.total_seconds()),
        )


def _jobs_outcomes(outcomes: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(
        "ml_service_jobs_outcomes", "Job searches for uploads by their result.", labels=["status"]
    )
    for status, n_searches in outcomes.items():
        family.add_metric([status], n_searches)
    return family


def _remote_encoder(figures: RemoteFigures | None) -> Iterator[Metric]:
    """None of it where the encoder runs in this process alone."""
    if figures is None:
        return
    calls = CounterMetricFamily(
        "ml_service_remote_encoder_calls", "Calls of the encoder by outcome.", labels=["outcome"]
    )
    for outcome, n_calls in figures.calls.items():
        calls.add_metric([outcome], n_calls)
    yield calls
    fallbacks = CounterMetricFamily(
        "ml_service_encoder_fallbacks",
        "Calls that the declared local encoder answered, by why the remote one did not.",
        labels=["reason"],
    )
    for reason, n_calls in figures.fallbacks.items():
        fallbacks.add_metric([reason], n_calls)
    yield fallbacks
    yield CounterMetricFamily(
        "ml_service_remote_encoder_retries",
        "Requests to the inference server that were made again.",
        value=figures.retries,
    )


def _build(service: Service) -> Metric:
    ref = service.engine.models.default
    return InfoMetricFamily(
        "ml_service_build",
        "What runs here.",
        value={"version": service.version, "model_id": ref.model_id, "revision": ref.revision},
    )

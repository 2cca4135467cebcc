"""What the host of models and the encoder counted, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from ml_service.bootstrap.encoder import LocalEncoding
from ml_service.domain.figures import Spread
from ml_service.hosting.host import ModelHost
from ml_service.hosting.memory import UNLOADED

REVISION = ["model_id", "revision"]


def host_metrics(host: ModelHost) -> Iterator[Metric]:
    """Labels name what is on the shelf: callers cannot make series grow."""
    figures = host.figures
    requests = CounterMetricFamily(
        "ml_service_model_requests",
        "Requests that a model was asked for.",
        labels=[*REVISION, "arm"],
    )
    for (model_id, revision, arm), n in figures.requests.items():
        requests.add_metric([model_id, revision, arm or ""], n)
    yield requests
    refusals = CounterMetricFamily(
        "ml_service_model_failures",
        "Requests of a model that ended in an error, by its code.",
        labels=[*REVISION, "reason"],
    )
    for (model_id, revision, reason), n in figures.refusals.items():
        refusals.add_metric([model_id, revision, reason], n)
    yield refusals
    seconds = HistogramMetricFamily(
        "ml_service_model_predict_duration_seconds",
        "Time of one answer in the model itself.",
        labels=[*REVISION, "arm"],
    )
    for (model_id, revision, arm), spread in figures.predicted_s.items():
        seconds.add_metric([model_id, revision, arm or ""], _buckets(spread), spread.total)
    yield seconds
    yield from _events(host)
    yield GaugeMetricFamily(
        "ml_service_models_memory_bytes", "Weights in memory.", value=host.memory_bytes
    )
    yield GaugeMetricFamily(
        "ml_service_models_memory_limit_bytes",
        "Weights that may be in memory.",
        value=host.bounds.memory_bytes,
    )


def _events(host: ModelHost) -> Iterator[Metric]:
    loads = CounterMetricFamily("ml_service_model_loads", "Models loaded.", labels=REVISION)
    failed = CounterMetricFamily(
        "ml_service_model_load_failures", "Models that could not be loaded.", labels=REVISION
    )
    swaps = CounterMetricFamily(
        "ml_service_model_swaps", "Promotions, by what was promoted.", labels=REVISION
    )
    unloads = CounterMetricFamily(
        "ml_service_model_unloads", "Models unloaded, by why.", labels=[*REVISION, "reason"]
    )
    plain = {"load": loads, "failure": failed, "swap": swaps}
    for (model_id, revision, event), n in host.figures.events.items():
        if event in UNLOADED:
            unloads.add_metric([model_id, revision, event], n)
        else:
            plain[event].add_metric([model_id, revision], n)
    yield from (loads, failed, swaps, unloads)


def encoder_metrics(local: LocalEncoding | None) -> Iterator[Metric]:
    """None of it where no encoder runs in this process."""
    if local is None:
        return
    engine, figures = [local.engine], local.batches
    for name, documentation, value in (
        ("waiting_texts", "Texts that wait for the encoder.", local.waiting_texts),
        ("waiting_tokens", "The same in tokens, about.", local.waiting_tokens),
        ("cache_bytes", "Vectors kept of texts of the last ten minutes.", local.cache_bytes),
    ):
        gauge = GaugeMetricFamily(f"ml_service_encoder_{name}", documentation, labels=["engine"])
        gauge.add_metric(engine, value)
        yield gauge
    for name, documentation, n in (
        ("tokens", "Tokens embedded, about.", figures.n_tokens),
        ("refused", "Calls refused because too much waited.", figures.n_refused),
        ("given_up", "Calls whose caller went away.", figures.n_given_up),
        ("cache_found", "Texts whose vectors were there already.", local.n_cache_found),
        ("cache_missed", "Texts that had to be embedded.", local.n_cache_missed),
    ):
        counter = CounterMetricFamily(
            f"ml_service_encoder_{name}", documentation, labels=["engine"]
        )
        counter.add_metric(engine, n)
        yield counter
    for name, documentation, spread in (
        ("batch_texts", "Texts in one batch.", figures.texts),
        ("batch_duration_seconds", "Time of one batch in the engine.", figures.embedded_s),
        ("call_duration_seconds", "Time of one call, waiting included.", figures.waited_s),
    ):
        histogram = HistogramMetricFamily(
            f"ml_service_encoder_{name}", documentation, labels=["engine"]
        )
        histogram.add_metric(engine, _buckets(spread), spread.total)
        yield histogram


def _buckets(spread: Spread) -> list[tuple[str, float]]:
    """Cumulative, as Prometheus wants them."""
    n, buckets = 0, []
    for bound, count in zip([*spread.bounds, float("inf")], spread.counts, strict=True):
        n += count
        buckets.append(("+Inf" if bound == float("inf") else str(float(bound)), float(n)))
    return buckets

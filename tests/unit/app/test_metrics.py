from __future__ import annotations

import asyncio
from collections import Counter

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families

from ml_service.app.main import create_app
from ml_service.app.metrics import Metrics
from ml_service.app.request_notes import RequestNotes
from ml_service.settings import Settings

Series = dict[tuple[str, frozenset[tuple[str, str]]], float]


def series_of(metrics: Metrics) -> Series:
    body, _ = metrics.text("")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return series_of(metrics).get((name, frozenset(labels.items())))


def answered(metrics: Metrics, notes: RequestNotes, status: int | None) -> None:
    metrics.answered(notes, method="POST", status=status, seconds=0.2)


def notes_of_upload(**facts: object) -> RequestNotes:
    notes = RequestNotes("id", route="/predict")
    for name, fact in facts.items():
        setattr(notes, name, fact)
    return notes


@pytest.mark.parametrize(
    ("facts", "status", "outcome", "reason"),
    [
        ({"upload": "created"}, 201, "created", ""),
        ({"upload": "stored"}, 200, "stored", ""),
        ({"upload": "replayed"}, 201, "replayed", ""),
        ({"code": "corrupt"}, 422, "refused", "corrupt"),
        ({"code": "rate_limited"}, 429, "refused", "rate_limited"),
        ({"code": "overloaded"}, 503, "failed", "overloaded"),
        ({"code": "internal_error"}, 500, "failed", "internal_error"),
        ({"code": "corrupt"}, 200, "refused", "corrupt"),
        ({"code": "jane doe"}, 422, "failed", "other"),
        ({}, None, "aborted", ""),
        ({}, 200, "aborted", ""),
    ],
)
def test_an_upload_counts_once_by_what_came_of_it(
    facts: dict[str, object], status: int | None, outcome: str, reason: str
) -> None:
    metrics = Metrics()

    answered(metrics, notes_of_upload(**facts), status)

    uploads = {
        labels: count
        for (name, labels), count in series_of(metrics).items()
        if name == "ml_service_uploads_total"
    }
    assert uploads == {frozenset({("outcome", outcome), ("reason", reason)}): 1.0}


def test_abstentions_are_counted_of_new_predictions_alone() -> None:
    metrics = Metrics()

    for upload in ("created", "stored", "replayed"):
        answered(metrics, notes_of_upload(upload=upload, abstained=True), 201)

    assert value(metrics, "ml_service_abstained_total") == 1.0


def test_requests_and_stages_are_timed_in_seconds() -> None:
    metrics = Metrics()

    metrics.answered(RequestNotes("id", route="/models"), method="GET", status=200, seconds=0.2)
    metrics.started("extract")
    metrics.finished("extract", 0.3)

    name = "ml_service_http_request_duration_seconds"
    assert value(metrics, f"{name}_sum", route="/models") == 0.2
    assert value(metrics, f"{name}_bucket", route="/models", le="0.1") == 0.0
    assert value(metrics, f"{name}_bucket", route="/models", le="0.25") == 1.0
    assert value(metrics, "ml_service_stage_duration_seconds_count", stage="extract") == 1.0


def test_two_apps_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()

    one.rate_limited("uploads")

    assert value(one, "ml_service_rate_limited_total", **{"class": "uploads"}) == 1.0
    assert value(other, "ml_service_rate_limited_total", **{"class": "uploads"}) is None


def test_the_text_follows_the_naming_rules_in_both_formats() -> None:
    metrics = Metrics()
    answered(metrics, notes_of_upload(upload="created"), 201)
    metrics.finished("extract", 0.3)

    plain, plain_type = metrics.text("")
    modern, modern_type = metrics.text("application/openmetrics-text; version=1.0.0")

    assert plain_type.startswith("text/plain")
    assert modern_type.startswith("application/openmetrics-text")
    families = list(text_string_to_metric_families(plain.decode()))
    assert {family.name for family in families} >= {
        family.name
        for family in open_metrics(modern.decode())  # type: ignore[no-untyped-call]  # the library leaves it untyped
    }
    for family in families:
        assert family.documentation
        assert family.name.startswith(("ml_service_", "process_", "python_gc_"))
        assert not family.name.endswith("_created")
        if family.type == "histogram":
            assert family.name.endswith("_seconds")
    assert b"process_resident_memory_bytes" in plain
    assert b"python_gc_collections_total" in plain


ODD_REQUESTS = [
    (method, path)
    for method in ("GET", "POST", "PUT", "JANE", "PROPFIND", "OPTIONS", "TRACE")
    for path in (
        "/predictions/user/jane.doe",
        "/predictions/user/john.doe",
        "/nothing/jane",
        "/nothing/john",
        "/predict?user=jane",
        "/docs/static/jane.js",
        "/docs/static/john.js",
        "/models/jane",
    )
]


async def test_odd_requests_add_no_label_values_of_their_own() -> None:
    """Sent twice with other names: the second time not one series is new."""
    app = create_app(Settings(_env_file=None, rate_limit_default="off"))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    seen: list[set[tuple[str, frozenset[tuple[str, str]]]]] = []
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as api:
        for name in ("jane", "emma"):
            for method, path in ODD_REQUESTS:
                await api.request(method.replace("JANE", name.upper()), path.replace("jane", name))
            seen.append(set(await asyncio.to_thread(series_of, app.state.metrics)))

    values = Counter(value for _, labels in seen[1] for _, value in labels)
    assert seen[0] == seen[1]
    assert {"unmatched", "other", "/predictions/user/{user_id:user}"} <= set(values)
    for word in ("jane", "john", "emma", "JANE", "EMMA", "PROPFIND", "TRACE"):
        assert not any(word in value for value in values)

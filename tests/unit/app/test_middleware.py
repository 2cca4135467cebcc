from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ml_service.app.metrics import Metrics
from ml_service.app.middleware import LastResort, RequestContext
from ml_service.app.request_body import FORM_OVERHEAD_BYTES, BodyLimit

MAX_UPLOAD_BYTES = 50_000


async def count_body(request: Request) -> Response:
    return JSONResponse({"n_bytes": len(await request.body())})


async def fail(request: Request) -> Response:
    raise RuntimeError("Jane Doe, jane@example.org")


def client() -> httpx.AsyncClient:
    app = Starlette(
        routes=[Route("/", count_body, methods=["POST"]), Route("/fail", fail)],
        middleware=[
            Middleware(RequestContext, metrics=Metrics()),
            Middleware(LastResort),
            Middleware(BodyLimit, max_upload_bytes=MAX_UPLOAD_BYTES, timeout_s=5),
        ],
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def chunks(n_bytes: int) -> AsyncIterator[bytes]:
    while n_bytes > 0:
        yield b"x" * min(n_bytes, 10_000)
        n_bytes -= 10_000


async def test_a_body_within_the_limit_arrives_whole() -> None:
    answer = await client().post("/", content=chunks(MAX_UPLOAD_BYTES))

    assert answer.json() == {"n_bytes": MAX_UPLOAD_BYTES}


async def test_a_declared_length_over_the_limit_is_refused() -> None:
    too_many = MAX_UPLOAD_BYTES + FORM_OVERHEAD_BYTES + 1

    answer = await client().post("/", content=b"x" * too_many)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_body_without_a_length_is_cut_off_while_it_arrives() -> None:
    too_many = MAX_UPLOAD_BYTES + FORM_OVERHEAD_BYTES + 10_000

    answer = await client().post("/", content=chunks(too_many))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_unexpected_failure_is_answered_with_an_id_and_without_its_message() -> None:
    answer = await client().get("/fail")

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "Jane" not in answer.text


async def test_a_harmless_request_id_of_the_caller_is_kept_and_another_replaced() -> None:
    kept = await client().post("/", headers={"X-Request-Id": "caller-12345678"})
    replaced = await client().post("/", headers={"X-Request-Id": "a b\tc<script>"})

    assert kept.headers["x-request-id"] == "caller-12345678"
    assert "<" not in replaced.headers["x-request-id"]

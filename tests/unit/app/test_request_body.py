"""Bodies over a real app: too large, too slow, or refused before they were read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ml_service.app.request_body import FORM_OVERHEAD_BYTES, BodyLimit
from tests.service_process import free_port

MAX_UPLOAD_BYTES = 50_000
MOST_BYTES = MAX_UPLOAD_BYTES + FORM_OVERHEAD_BYTES
TIMEOUT_S = 1.0


async def count_body(request: Request) -> Response:
    return JSONResponse({"n_bytes": len(await request.body())})


async def swallow(request: Request) -> Response:
    """As a framework may do with a body that it cannot read."""
    try:
        await request.body()
    except Exception:  # noqa: BLE001 - that is what is tested
        return JSONResponse({"code": "of the app"}, status_code=400)
    return JSONResponse({})


async def refuse(request: Request) -> Response:
    return JSONResponse({"code": "refused"}, status_code=503)


def app_of(**seconds: Any) -> Starlette:
    limit = Middleware(
        BodyLimit, max_upload_bytes=MAX_UPLOAD_BYTES, **({"timeout_s": TIMEOUT_S} | seconds)
    )
    return app_of_routes(limit)


def app_of_routes(*middleware: Middleware) -> Starlette:
    routes = [
        Route("/", count_body, methods=["GET", "POST"]),
        Route("/swallow", swallow, methods=["POST"]),
        Route("/refuse", refuse, methods=["GET", "POST"]),
    ]
    return Starlette(routes=routes, middleware=middleware)


@asynccontextmanager
async def served(**seconds: Any) -> AsyncIterator[int]:
    """The app behind the server that people use; its port."""
    port = free_port()
    config = uvicorn.Config(
        app_of(**seconds), port=port, log_level="error", lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await serving


async def chunks(n_bytes: int) -> AsyncIterator[bytes]:
    while n_bytes > 0:
        yield b"x" * min(n_bytes, 10_000)
        n_bytes -= 10_000


async def exchanged(port: int, *parts: bytes, pause_s: float = 0.0) -> bytes:
    """What the service answers to these bytes, until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = bytearray()

    async def listen() -> None:
        with suppress(ConnectionResetError):
            while chunk := await reader.read(65_536):
                answer.extend(chunk)

    try:
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            tasks.create_task(listen())
            with suppress(ConnectionResetError, BrokenPipeError):
                for part in parts:
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(pause_s)
    finally:
        writer.close()
    return bytes(answer)


def request(path: str, n_bytes: int, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: here", f"Content-Length: {n_bytes}", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.parametrize("path", ["/", "/swallow"])
async def test_a_body_without_a_length_is_cut_off_while_it_arrives(path: str) -> None:
    transport = httpx.ASGITransport(app_of())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        whole = await client.post("/", content=chunks(MOST_BYTES))
        larger = await client.post(path, content=chunks(MOST_BYTES + 10_000))
        declared = await client.post(path, content=b"x" * (MOST_BYTES + 1))

    assert whole.json() == {"n_bytes": MOST_BYTES}
    for answer in (larger, declared):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_path_may_take_larger_bodies_than_the_others() -> None:
    larger = {"/": 2 * MAX_UPLOAD_BYTES}
    limited = BodyLimit(
        app_of_routes(), max_upload_bytes=MAX_UPLOAD_BYTES, timeout_s=TIMEOUT_S, larger=larger
    )
    transport = httpx.ASGITransport(limited)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        there = await client.post("/", content=b"x" * (MOST_BYTES + MAX_UPLOAD_BYTES))
        beyond = await client.post("/", content=b"x" * (MOST_BYTES + MAX_UPLOAD_BYTES + 1))
        elsewhere = await client.post("/swallow", content=b"x" * (MOST_BYTES + 1))

    assert there.status_code == 200
    assert "0.1 MB" in beyond.json()["detail"]
    assert "0.05 MB" in elsewhere.json()["detail"]


@pytest.mark.parametrize("path", ["/", "/swallow"])
async def test_a_body_that_does_not_come_is_not_waited_for(path: str) -> None:
    async with served() as port:
        began = asyncio.get_running_loop().time()
        answer = await exchanged(port, request(path, 1_000), b"x" * 10)
        took_s = asyncio.get_running_loop().time() - began

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"upload_timeout" in answer
    assert b"connection: close" in answer.lower()
    assert took_s < 3 * TIMEOUT_S


async def test_a_body_that_drips_is_cut_off_too() -> None:
    """Bytes that go on coming do not buy time for ever."""
    async with served(grace_s=0.2) as port:
        drips = [b"x" * 100] * 10
        answer = await exchanged(port, request("/", 100_000), *drips, pause_s=0.05)

    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_an_answer_before_the_body_was_read_reaches_who_writes_everything_first() -> None:
    async with served() as port:
        whole = b"x" * MAX_UPLOAD_BYTES
        again = b"GET /refuse HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
        answers = await exchanged(port, request("/refuse", len(whole)), whole, again)

    # The body was taken off the line: the connection is good for the next request.
    assert answers.count(b"HTTP/1.1 503 ") == 2
    assert answers.count(b'"refused"') == 2


async def test_a_refused_body_that_does_not_end_is_dropped_within_a_bound() -> None:
    async with served(drain_s=0.3) as port:
        answer = await exchanged(port, request("/refuse", 10_000), b"x" * 5_000)

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"connection: close" in answer.lower()


async def test_who_asks_whether_to_send_a_body_is_not_asked_for_one_that_is_refused() -> None:
    async with served() as port:
        answer = await exchanged(port, request("/refuse", 10_000, "Expect: 100-continue"))

    assert answer.startswith(b"HTTP/1.1 503 ")


async def test_a_get_waits_for_no_body() -> None:
    async with served() as port:
        head = b"GET /refuse HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
        async with asyncio.timeout(5):
            assert (await exchanged(port, head)).startswith(b"HTTP/1.1 503 ")

"""Methods that a route does not know, and HEAD, which every reading route does."""

from __future__ import annotations

import httpx
import pytest

from ml_service.app.main import create_app
from ml_service.settings import Settings

ONE = "/predictions/01a1fc88-66d0-7014-90f3-04d67247e391"


def client() -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(Settings(_env_file=None)))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", ONE, "DELETE, GET, HEAD, PATCH"),
        ("OPTIONS", ONE, "DELETE, GET, HEAD, PATCH"),
        ("PATCH", "/predictions/search", "GET, HEAD"),
        ("GET", "/predict", "POST"),
        ("DELETE", "/users/ada/export", "GET, HEAD"),
        ("GET", "/users/ada", "DELETE"),
        ("GET", "/users/ada%2Fexport", "DELETE"),
        ("GET", "/users/export", "DELETE"),
        ("DELETE", "/users/ada%2Fexport/export", "GET, HEAD"),
        ("DELETE", "/users/ada/%65xport", "GET, HEAD"),
    ],
)
async def test_an_unknown_method_is_told_every_known_one(
    method: str, path: str, allowed: str
) -> None:
    async with client() as api:
        answer = await api.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert answer.json()["code"] == "method_not_allowed"


async def test_head_is_get_without_the_body() -> None:
    async with client() as api:
        head, get = await api.head("/health/live"), await api.get("/health/live")
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]


async def test_an_id_that_is_none_leads_nowhere() -> None:
    async with client() as api:
        answer = await api.get("/predictions/not-a-uuid")
    assert answer.status_code == 404

"""What is decided before a request is looked at; on the whole app, with nothing opened."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from pydantic import SecretStr

from ml_service.app.main import create_app
from ml_service.app.route_rules import RouteRules
from ml_service.app.security import may_read
from ml_service.domain.errors import Forbidden
from ml_service.settings import Settings

READER, WRITER = "key of the reader", "key of the writer"
SOMEBODY = "01a1fc88-66d0-7014-90f3-04d67247e391"
PUBLIC = {"/", "/docs", "/health", "/health/live", "/health/ready"}
PUBLIC |= {"/api/v1/health", "/v2/health/live", "/v2/health/ready"}
CHANGES_NOTHING = {
    "/api/v1/embeddings",
    "/api/v1/intents/classify",
    "/api/v1/intents/classify/batch",
    "/api/v1/predict",
    "/inference",
    "/v2/models/{model_name}/infer",
    "/v2/models/{model_name}/versions/{model_version}/infer",
    "/v2/repository/index",
}
"""What is posted there is answered and forgotten, so that it needs no more than reading does."""


def sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def app_with_keys(**settings: Any) -> FastAPI:
    keys = f"reports:read:{sha256(READER)},website:write:{sha256(WRITER)}"
    return create_app(Settings(_env_file=None, api_keys=SecretStr(keys), **settings))


def client_of(app: FastAPI, *, address: str = "192.0.2.7") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 5000))
    return httpx.AsyncClient(transport=transport, base_url="http://service.test")


def guarded_routes() -> Iterator[tuple[str, str]]:
    for route in create_app(Settings(_env_file=None)).state.routes:
        if isinstance(route, APIRoute) and route.path not in PUBLIC:
            for method in sorted(route.methods or ()):
                yield method, route.path


def addresses_of(template: str) -> Iterator[str]:
    """One of something that may be there, one that cannot be, one with a parameter nobody knows."""
    names = ("prediction_id:uuid", "prediction_id", "user_id:user", "user_id", "soc_code")
    for filled in (SOMEBODY, "00000000-0000-0000-0000-000000000000"):
        path = template
        for name in (*names, "model_id", "model_id:path", "model_name", "model_version"):
            path = path.replace("{" + name + "}", filled)
        path = path.replace("{revision:revision}", filled[:8])
        yield path
        yield f"{path}?nobody=knows&limit=many"


async def test_only_pages_and_health_are_open_to_everybody() -> None:
    app = app_with_keys()
    rules = RouteRules(app.state.routes, pages=[])
    found = {
        route.path
        for route in app.state.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
        if rules.rule_for({"type": "http", "method": method, "path": route.path}).scope is None
        and "{" not in route.path
    }

    assert found == PUBLIC


@pytest.mark.parametrize(("method", "template"), list(guarded_routes()))
async def test_who_has_no_key_learns_nothing_of_ids_and_parameters(
    method: str, template: str
) -> None:
    answers = set()
    async with client_of(app_with_keys()) as api:
        for address in addresses_of(template):
            for headers in ({}, {"X-API-Key": "a guess"}):
                answer = await api.request(method, address, headers=headers, content=b"{not json")
                told = answer.json()
                said = told["error"] if template.startswith("/v2") else told["detail"]
                answers.add((answer.status_code, told["code"], said))
                assert told.get("errors", []) == []

    assert {status for status, *_ in answers} == {401}
    assert len(answers) == 1


@pytest.mark.parametrize(("method", "template"), list(guarded_routes()))
async def test_a_key_that_may_not_write_is_refused_where_something_changes(
    method: str, template: str
) -> None:
    if method == "GET" or template in CHANGES_NOTHING:
        return
    async with client_of(app_with_keys()) as api:
        answer = await api.request(
            method, next(addresses_of(template)), headers={"X-API-Key": READER}
        )

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_no_key_no_body_is_read_when_its_sender_asks_first() -> None:
    n_asked: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        n_asked.append(1)
        yield b"x"

    async with client_of(app_with_keys()) as api:
        answer = await api.post("/predict", content=body(), headers={"Expect": "100-continue"})

    assert answer.status_code == 401
    assert n_asked == []


async def test_a_refused_body_is_taken_off_the_line_within_a_bound() -> None:
    n_sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal n_sent
        for _ in range(100):
            n_sent += 1
            yield b"x" * 100_000

    async with client_of(app_with_keys()) as api:
        answer = await api.post("/predict", content=body())

    assert answer.status_code == 401
    assert n_sent == 10


async def test_head_is_guarded_as_get_is() -> None:
    async with client_of(app_with_keys()) as api:
        refused = await api.head("/ats/rubric")
        served = await api.head("/ats/rubric", headers={"X-API-Key": READER})

    assert (refused.status_code, served.status_code) == (401, 200)


async def test_a_route_that_was_reached_past_admission_refuses_by_itself() -> None:
    with pytest.raises(Forbidden):
        await may_read(Request({"type": "http"}))


async def test_answers_say_what_is_left_and_the_next_is_told_when_to_come_back() -> None:
    async with client_of(app_with_keys(rate_limit_default="2/minute")) as api:
        answers = [await api.get("/ats/rubric", headers={"X-API-Key": READER}) for _ in range(3)]
        other = await api.get("/ats/rubric", headers={"X-API-Key": WRITER})
        health = await api.get("/health/live", headers={"X-API-Key": READER})

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"default";q=2;w=60'
    assert answers[1].headers["ratelimit"].startswith('"default";r=0;t=')
    assert answers[2].json()["code"] == "rate_limited"
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60
    assert other.status_code == 200
    assert "ratelimit" not in health.headers


async def test_uploads_and_job_searches_have_limits_of_their_own() -> None:
    settings = {"rate_limit_uploads": "1/minute", "rate_limit_jobs": "off"}
    async with client_of(app_with_keys(**settings)) as api:
        headers = {"X-API-Key": READER}
        uploads = [await api.post("/predict", headers=headers) for _ in range(2)]
        rubric = await api.get("/ats/rubric", headers=headers)

    assert [answer.status_code for answer in uploads] == [403, 429]
    assert uploads[1].headers["ratelimit-policy"] == '"uploads";q=1;w=60'
    assert rubric.headers["ratelimit"].startswith('"default";r=599')


async def test_unkeyed_callers_are_counted_by_address() -> None:
    app = create_app(Settings(_env_file=None, allow_anonymous=True, rate_limit_default="1/minute"))
    async with client_of(app, address="2001:db8::1") as one, client_of(app) as other:
        first = await one.get("/ats/rubric")
        assert (await other.get("/ats/rubric")).status_code == 200
        assert (await one.get("/ats/rubric")).status_code == 429
    async with client_of(app, address="2001:db8::2") as neighbour:
        assert (await neighbour.get("/ats/rubric")).status_code == 429
    assert first.status_code == 200


async def test_guessing_ends_also_for_the_guess_that_is_right() -> None:
    app = app_with_keys(rate_limit_default="3/minute")
    async with client_of(app) as guesser, client_of(app, address="192.0.2.8") as neighbour:
        guesses = [
            await guesser.get("/ats/rubric", headers={"X-API-Key": f"guess {n}"}) for n in range(4)
        ]
        right = await guesser.get("/ats/rubric", headers={"X-API-Key": READER})
        elsewhere = await neighbour.get("/ats/rubric", headers={"X-API-Key": READER})

    assert [answer.status_code for answer in guesses] == [401, 401, 401, 429]
    assert right.status_code == 429
    assert elsewhere.status_code == 200


async def test_a_page_of_another_site_cannot_shut_out_who_holds_a_key() -> None:
    async with client_of(app_with_keys(rate_limit_default="3/minute")) as api:
        from_page = [
            await api.post("/predict", headers={"Origin": "https://evil.example"}) for _ in range(5)
        ]
        own = await api.get("/ats/rubric", headers={"X-API-Key": READER})

    assert [answer.status_code for answer in from_page] == [403, 403, 403, 429, 429]
    assert own.status_code == 200


async def test_looking_for_routes_that_are_not_there_is_counted() -> None:
    async with client_of(app_with_keys(rate_limit_default="1/minute")) as api:
        statuses = [(await api.get(f"/nothing/{n}")).status_code for n in range(2)]

    assert statuses == [404, 429]


PAGE = {"Origin": "https://app.example.org"}


async def test_every_refusal_can_be_read_by_a_page_of_a_listed_origin() -> None:
    app = app_with_keys(cors_origins=(PAGE["Origin"],), rate_limit_default="1/minute")
    async with client_of(app) as api:
        unauthorized = await api.get("/ats/rubric", headers=PAGE)
        limited = await api.get("/ats/rubric", headers=PAGE)
        forbidden = await api.post("/predict", headers=PAGE | {"X-API-Key": READER})
        failed = await api.get("/health", headers=PAGE)  # no service was opened

    answers = [unauthorized, limited, forbidden, failed]
    assert [answer.status_code for answer in answers] == [401, 429, 403, 500]
    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == PAGE["Origin"]
        assert "RateLimit" in answer.headers["access-control-expose-headers"]


async def test_a_page_may_ask_before_it_sends_its_headers() -> None:
    wanted = "content-type,x-api-key,authorization,x-request-id,idempotency-key,if-match"
    asked = {
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": f"{wanted},if-none-match,accept",
    }
    app = app_with_keys(cors_origins=(PAGE["Origin"],))
    async with client_of(app) as api:
        listed = await api.options("/predictions", headers=PAGE | asked)
        other = await api.options("/predictions", headers=asked | {"Origin": "https://evil.test"})

    assert listed.status_code == 200
    assert listed.headers["access-control-allow-origin"] == PAGE["Origin"]
    assert "access-control-allow-credentials" not in listed.headers
    assert other.status_code == 400
    assert "access-control-allow-origin" not in other.headers


async def test_on_this_machine_a_page_of_another_site_is_refused() -> None:
    transport = httpx.ASGITransport(create_app(Settings(_env_file=None)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as api:
        own = await api.get("/ats/rubric", headers={"Origin": "http://localhost:8000"})
        foreign = await api.get("/ats/rubric", headers={"Origin": "https://evil.example"})
        image = await api.get("/ats/rubric", headers={"Sec-Fetch-Site": "cross-site"})
        rebound = await api.get("/ats/rubric", headers={"Host": "evil.example"})
        proxied = await api.get("/ats/rubric", headers={"X-Forwarded-For": "127.0.0.1"})

    assert own.status_code == 200
    assert [answer.status_code for answer in (foreign, image)] == [403, 403]
    assert "CORS_ORIGINS" in foreign.json()["detail"]
    assert [answer.status_code for answer in (rebound, proxied)] == [401, 401]


@contextmanager
def served_by_uvicorn(app: FastAPI) -> Iterator[str]:
    """Over a real socket, with what uvicorn does to forwarded addresses by default."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost"}, 200),
        ({"X-Forwarded-For": "127.0.0.1"}, 401),
        ({"X-Forwarded-For": "203.0.113.9"}, 401),
        ({"X-Real-IP": "127.0.0.1"}, 401),
        ({"Forwarded": "for=127.0.0.1"}, 401),
        ({"Via": "1.1 proxy"}, 401),
        ({"Host": "rebound.example"}, 401),
        ({"Origin": "http://localhost:3000"}, 403),
    ],
)
def test_over_a_socket_only_this_machine_itself_is_local(
    headers: dict[str, str], status: int
) -> None:
    with served_by_uvicorn(create_app(Settings(_env_file=None))) as url:
        answer = httpx.get(f"{url}/ats/rubric", headers=headers)

    assert answer.status_code == status

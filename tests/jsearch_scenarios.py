"""What a JSearch board may answer: each a small program that writes to one connection."""

from __future__ import annotations

import asyncio
import functools
import gzip
import json
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

SLOW_S = 3.0
DRIP_PAUSE_S = 0.05
HUGE_BYTES = 50_000_000
QUOTA_MESSAGE = (
    "You have exceeded the MONTHLY quota for Requests on your current plan, BASIC. "
    "Upgrade your plan at https://example.invalid/pricing"
)
BURST_MESSAGE = (
    "You have exceeded the rate limit per second for your plan, BASIC, by the API provider"
)
QUOTA_LEFT = {
    "x-ratelimit-requests-limit": "200",
    "x-ratelimit-requests-remaining": "187",
    "x-ratelimit-requests-reset": "2163603",
}
# Those of the schema that no posting of ours is made of.
OTHER_FIELDS = (
    "employer_website", "apply_options", "job_latitude", "job_longitude", "job_benefits",
    "job_benefits_strings", "job_google_link", "job_salary", "job_salary_string",
    "job_onet_job_zone", "employer_reviews", "work_arrangement", "seniority_level",
    "required_experience_years", "required_technologies", "preferred_technologies", "industry",
)  # fmt: skip
QUOTA_GONE = {**QUOTA_LEFT, "x-ratelimit-requests-remaining": "0"}


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]


class Connection:
    """What a scenario writes to; the caller may go away at any moment."""

    def __init__(
        self, request: Request, writer: asyncio.StreamWriter, *, elsewhere: str | None = None
    ) -> None:
        """``elsewhere`` is where redirections lead; None: to this board."""
        self.request = request
        self.elsewhere = elsewhere
        self._writer = writer

    async def send(
        self,
        status: int,
        body: bytes = b"",
        *,
        content_type: str | None = "application/json",
        headers: Mapping[str, str] | None = None,
        content_length: int | None = None,
    ) -> None:
        lines = [f"HTTP/1.1 {status} Stand-in"]
        fields = {"connection": "close", **(headers or {})}
        fields["content-length"] = str(len(body) if content_length is None else content_length)
        if content_type is not None:
            fields["content-type"] = content_type
        lines += [f"{name}: {value}" for name, value in fields.items()]
        await self.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    async def send_json(
        self, status: int, content: object, *, headers: Mapping[str, str] | None = None
    ) -> None:
        await self.send(status, json.dumps(content).encode(), headers=headers)

    async def write(self, content: bytes) -> None:
        self._writer.write(content)
        await self._writer.drain()

    def reset(self) -> None:
        """Close with RST, as a crashed peer does."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Scenario = Callable[[Connection], Awaitable[None]]


def job(number: int = 1, **changes: object) -> dict[str, object]:
    """An invented job of the newest schema."""
    content: dict[str, object] = {
        "job_id": f"invented{number:04d}AAAA==",
        "job_title": f"Data Engineer {number}",
        "employer_name": "Example Works",
        "employer_logo": "https://example.invalid/logo.png",
        "job_publisher": "Example Board",
        "job_employment_type": "Full-time",
        "job_employment_types": ["FULLTIME"],
        "job_apply_link": f"https://example.invalid/jobs/{number}",
        "job_apply_is_direct": False,
        "job_description": "We build pipelines in Python and SQL. Docker is a plus.",
        "job_is_remote": False,
        "job_posted_at": "4 days ago",
        "job_posted_at_timestamp": 1738281600,
        "job_posted_at_datetime_utc": "2025-01-31T00:00:00.000Z",
        "job_location": "Berlin, Germany",
        "job_city": "Berlin",
        "job_state": "Berlin",
        "job_country": "DE",
        "job_min_salary": 60000,
        "job_max_salary": 75000,
        "job_salary_currency": "EUR",
        "job_salary_period": "YEAR",
        "job_highlights": {},
        "job_onet_soc": "15124300",
    }
    return {**content, **changes}


def bare_job() -> dict[str, object]:
    """Every field that may be null is null; so are those that should never be."""
    kept = {"job_id", "job_title"}
    named = {name: value if name in kept else None for name, value in job(7).items()}
    return {**named, **dict.fromkeys(OTHER_FIELDS)}


def oddly_typed_job() -> dict[str, object]:
    return job(
        8,
        job_description=["a", "list"],
        employer_name=42,
        job_is_remote="perhaps",
        job_apply_link="javascript:alert(1)",
        employer_logo="ftp://example.invalid/logo.png",
        apply_options="none",
        job_google_link=None,
        job_min_salary="a lot",
        job_max_salary=True,
        job_posted_at_datetime_utc=5,
        job_posted_at_timestamp=10**400,
        job_onet_soc=55301900,
        job_employment_types={"FULLTIME": True},
        job_employment_type=None,
        job_country=["DE"],
        job_city="Ber\x00lin\ud800",
    )


def page(jobs: list[object], cursor: str | None = None, **more: object) -> dict[str, object]:
    """The envelope of /search-v2."""
    return {
        "status": "OK",
        "request_id": "3f0f7a0e-2a8f-4c7b-9a57-0d2b3b0a5d51",
        "parameters": {},
        "data": {"jobs": jobs, "cursor": cursor},
        **more,
    }


async def _normal(connection: Connection) -> None:
    """Two pages of ten, then a last one of three."""
    step = {None: (0, 10, "page-2"), "page-2": (10, 20, "page-3"), "page-3": (20, 23, None)}
    cursor = connection.request.params.get("cursor")
    if cursor not in step:
        await connection.send_json(400, {"status": "ERROR", "error": {"code": 400}})
        return
    first, last, following = step[cursor]
    jobs: list[object] = [job(number) for number in range(first, last)]
    await connection.send_json(200, page(jobs, following), headers=QUOTA_LEFT)


async def _legacy_shape(connection: Connection) -> None:
    await connection.send_json(200, {"status": "OK", "data": [job(1), job(2)]})


async def _gzipped(connection: Connection) -> None:
    body = gzip.compress(json.dumps(page([job(1)])).encode())
    await connection.send(200, body, headers={"content-encoding": "gzip"})


@functools.cache
def _bomb() -> bytes:
    packer = zlib.compressobj(wbits=31)
    packed = [packer.compress(b" " * 100_000) for _ in range(HUGE_BYTES // 100_000)]
    return b"".join([*packed, packer.flush()])


async def _gzip_bomb(connection: Connection) -> None:
    await connection.send(200, _bomb(), headers={"content-encoding": "gzip"})


async def _brotli(connection: Connection) -> None:
    await connection.send(200, b"\x0b\x02\x80{}\x03", headers={"content-encoding": "br"})


async def _gateway_timeout(connection: Connection) -> None:
    await asyncio.sleep(0.1)
    await connection.send(504, b"", content_type=None)


async def _slow(connection: Connection) -> None:
    await asyncio.sleep(SLOW_S)
    await _normal(connection)


async def _truncated(connection: Connection) -> None:
    body = json.dumps(page([job(1)])).encode()
    await connection.send(200, body[: len(body) // 2], content_length=len(body))


async def _reset(connection: Connection) -> None:
    connection.reset()


async def _slow_drip(connection: Connection) -> None:
    """A byte at a time, each soon enough for a read timeout, for ever."""
    await connection.send(200, b"", content_length=1_000_000)
    while True:
        await connection.write(b" ")
        await asyncio.sleep(DRIP_PAUSE_S)


async def _huge(connection: Connection) -> None:
    await connection.send(200, b"", content_length=HUGE_BYTES)
    for _ in range(HUGE_BYTES // 100_000):
        await connection.write(b" " * 100_000)


async def _redirect(connection: Connection) -> None:
    there = connection.elsewhere or ""
    await connection.send(302, headers={"location": f"{there}{connection.request.path}?moved=1"})


def _answers(
    status: int,
    content: object,
    headers: Mapping[str, str] | None = None,
) -> Scenario:
    async def scenario(connection: Connection) -> None:
        await connection.send_json(status, content, headers=headers)

    return scenario


def _sends(
    status: int,
    body: bytes,
    content_type: str | None = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Scenario:
    async def scenario(connection: Connection) -> None:
        await connection.send(status, body, content_type=content_type, headers=headers)

    return scenario


SCENARIOS: Mapping[str, Scenario] = {
    "normal": _normal,
    "last_page": _answers(200, page([job(1)], None)),
    "empty": _answers(200, page([])),
    "legacy_shape": _legacy_shape,
    "bare_job": _answers(200, page([bare_job()])),
    "long_description": _answers(200, page([job(1, job_description="x" * 20_000)])),
    "unknown_fields": _answers(200, page([job(1, new_field={"a": [1]})], surprise=True)),
    "odd_types": _answers(200, page([job(1), oddly_typed_job(), job(3)])),
    "one_bad_job": _answers(200, page([job(1), {"job_id": 5}, "no job", None, job(3)])),
    "only_bad_jobs": _answers(200, page([{"job_title": "No id"}])),
    "remote_job": _answers(200, page([job(1), job(2, job_is_remote=True)])),
    "gzipped": _gzipped,
    "gzip_bomb": _gzip_bomb,
    "unknown_encoding": _brotli,
    "unauthorized": _answers(401, {"message": "Invalid API key. Go to https://example.invalid"}),
    "not_subscribed": _answers(403, {"message": "You are not subscribed to this API."}),
    "unknown_path": _answers(404, {"message": "Endpoint '/search' does not exist"}),
    "bad_request": _answers(400, {"status": "ERROR", "error": {"message": "?", "code": 400}}),
    "unprocessable": _sends(422, b"<html>no</html>", "text/html"),
    "quota_429": _answers(429, {"message": QUOTA_MESSAGE}, QUOTA_GONE),
    "quota_429_without_headers": _answers(429, {"message": QUOTA_MESSAGE}),
    "burst_429": _answers(429, {"message": BURST_MESSAGE}, QUOTA_LEFT),
    "burst_429_without_headers": _answers(429, {"message": "Too many requests"}),
    "empty_429": _sends(429, b"", None),
    "empty_429_with_quota_gone": _sends(429, b"", None, QUOTA_GONE),
    "last_of_the_quota": _answers(200, page([job(1)]), QUOTA_GONE),
    "server_error": _answers(500, {"message": "internal"}),
    "bad_gateway": _sends(502, b"<html><h1>502 Bad Gateway</h1>", "text/html"),
    "unavailable": _sends(503, b"try later", "text/plain"),
    "gateway_timeout": _gateway_timeout,
    "slow": _slow,
    "invalid_json": _sends(200, b'{"status": "OK", "data": {'),
    "deep_json": _sends(200, b"[" * 200_000),
    "json_called_text": _sends(200, json.dumps(page([job(1)])).encode(), "text/plain"),
    "no_content_type": _sends(200, json.dumps(page([job(1)])).encode(), None),
    "html": _sends(200, b"<html>sign in</html>", "text/html"),
    "status_error": _answers(200, {"status": "ERROR", "data": []}),
    "no_data": _answers(200, {"status": "OK"}),
    "truncated": _truncated,
    "reset": _reset,
    "slow_drip": _slow_drip,
    "huge": _huge,
    "redirect": _redirect,
}

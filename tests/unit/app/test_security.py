from __future__ import annotations

import hashlib

import pytest
from starlette.requests import HTTPConnection

from ml_service.app.security import Gate
from ml_service.domain.api_keys import read_api_keys
from ml_service.domain.errors import Forbidden, Unauthorized

SECRET = "correct horse"
SHA256 = hashlib.sha256(SECRET.encode()).hexdigest()
KEYED = Gate(keys=read_api_keys(f"web:read:{SHA256}"))


def request(
    *, client: str = "127.0.0.1", method: str = "GET", headers: dict[str, str] | None = None
) -> HTTPConnection:
    given = {"host": "localhost:8000"} | (headers or {})
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()]
    return HTTPConnection(
        {"type": "http", "method": method, "headers": raw, "client": (client, 5000)}
    )


def test_without_keys_this_machine_is_served_and_no_other() -> None:
    assert Gate().standing(request(client="::1")).caller.kind == "local"
    with pytest.raises(Unauthorized, match="API_KEYS"):
        Gate().standing(request(client="192.0.2.7"))


def test_anonymous_callers_are_served_from_anywhere_when_allowed_and_known_as_such() -> None:
    gate = Gate(allow_anonymous=True)

    elsewhere = gate.standing(request(client="192.0.2.7")).caller

    assert (elsewhere.kind, elsewhere.name) == ("anonymous", "anonymous")
    assert gate.standing(request()).caller.kind == "local"
    through_a_proxy = request(headers={"X-Forwarded-For": "127.0.0.1"})
    assert gate.standing(through_a_proxy).caller.kind == "anonymous"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-API-Key": SECRET},
        {"Authorization": f"Bearer {SECRET}"},
        {"Authorization": f"bearer  {SECRET}"},
    ],
)
def test_a_key_is_taken_from_either_header(headers: dict[str, str]) -> None:
    standing = KEYED.standing(request(headers=headers))

    assert (standing.caller.kind, standing.caller.name) == ("key", "web")
    assert standing.granted == {"read"}
    assert standing.caller.identity == "key:web"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-Key": ""},
        {"X-API-Key": "wrong"},
        {"X-API-Key": "w\u00f6rong"},
        {"X-API-Key": SHA256},
        {"Authorization": f"Basic {SECRET}"},
        {"Authorization": "Bearer "},
    ],
)
def test_with_keys_nobody_else_is_served_and_all_hear_the_same(headers: dict[str, str]) -> None:
    with pytest.raises(Unauthorized) as refused:
        KEYED.standing(request(headers=headers))

    assert refused.value.message == Unauthorized.default_message


def test_with_keys_anonymous_callers_stay_out_also_when_allowed() -> None:
    with pytest.raises(Unauthorized):
        Gate(keys=KEYED.keys, allow_anonymous=True).standing(request())


OTHER_PAGE = {"Origin": "https://evil.example"}


def test_without_keys_a_page_of_another_site_may_do_nothing() -> None:
    for gate in (Gate(), Gate(allow_anonymous=True)):
        with pytest.raises(Forbidden, match="CORS_ORIGINS"):
            gate.refuse_other_sites(request(headers=OTHER_PAGE))


def test_with_keys_a_page_of_another_site_may_change_nothing() -> None:
    KEYED.refuse_other_sites(request(headers=OTHER_PAGE))
    with pytest.raises(Forbidden):
        KEYED.refuse_other_sites(request(method="POST", headers=OTHER_PAGE))


def test_a_listed_origin_may() -> None:
    gate = Gate(cors_origins=("https://evil.example",))

    gate.refuse_other_sites(request(method="POST", headers=OTHER_PAGE))

from __future__ import annotations

import pytest
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from ml_service.app.peers import (
    PROXY_HEADERS,
    address_digest,
    is_from_another_site,
    is_on_this_machine,
)


def connection(
    client: str | None = "127.0.0.1", *, http_version: str = "1.1", **headers: str
) -> HTTPConnection:
    given = {"host": "127.0.0.1:8000", **headers}
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()]
    return HTTPConnection(
        {
            "type": "http",
            "http_version": http_version,
            "headers": raw,
            "client": (client, 5000) if client is not None else None,
        }
    )


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_loopback_peers_are_on_this_machine(address: str) -> None:
    assert is_on_this_machine(connection(address))


@pytest.mark.parametrize(
    "address", ["192.0.2.7", "10.0.0.1", "::ffff:192.0.2.7", "fe80::1", "localhost", "", None]
)
def test_others_are_not(address: str | None) -> None:
    assert not is_on_this_machine(connection(address))


@pytest.mark.parametrize("header", PROXY_HEADERS)
def test_what_came_through_a_proxy_is_not(header: str) -> None:
    assert not is_on_this_machine(connection(**{header: "127.0.0.1"}))


def test_what_speaks_as_proxies_do_is_not() -> None:
    assert not is_on_this_machine(connection(http_version="1.0"))


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "LOCALHOST", "app.localhost", "[::1]:8000", "127.0.0.1"]
)
def test_loopback_names_are_served(host: str) -> None:
    assert is_on_this_machine(connection(host=host))


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.7", "", "[::1"],
)
def test_a_name_that_somebody_points_at_this_machine_is_not(host: str) -> None:
    assert not is_on_this_machine(connection(host=host))


ALLOWED = ("https://app.example.org",)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "https://127.0.0.1:8000"},
        {"origin": "http://service.test", "host": "service.test:80"},
        {"origin": "https://service.test:443", "host": "service.test"},
        {"origin": "https://app.example.org", "sec-fetch-site": "cross-site"},
    ],
)
def test_programs_and_pages_of_this_or_a_listed_origin_may_call(headers: dict[str, str]) -> None:
    given = Headers({"host": "127.0.0.1:8000", **headers})

    assert not is_from_another_site(given, allowed_origins=ALLOWED)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": "https://app.example.org.evil.example"},
        {"origin": "http://app.example.org"},
        {"origin": "http://[::1"},
        {"origin": "http://127.0.0.1:99999999"},
    ],
)
def test_pages_of_other_origins_may_not(headers: dict[str, str]) -> None:
    given = Headers({"host": "127.0.0.1:8000", **headers})

    assert is_from_another_site(given, allowed_origins=ALLOWED)


def test_addresses_of_one_ipv6_site_are_one_and_ipv4_addresses_are_not() -> None:
    def digest(address: str) -> str:
        return address_digest(connection(address))

    assert digest("2001:db8:1:2::1") == digest("2001:db8:1:2:ffff::9")
    assert digest("2001:db8:1:2::1") != digest("2001:db8:1:3::1")
    assert digest("192.0.2.7") != digest("192.0.2.8")
    assert digest("::ffff:192.0.2.7") == digest("192.0.2.7")
    assert "192.0.2.7" not in digest("192.0.2.7")

"""Where a request comes from: this machine or another, this site or another."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

PROXY_HEADERS = ("forwarded", "via", "x-forwarded", "x-real-ip")
"""Whoever adds one that begins so stands between the caller and this service."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_IPV6_SITE_BITS = 64


def is_on_this_machine(connection: HTTPConnection) -> bool:
    """A loopback peer, without a proxy in between, that asked for a loopback name.

    The name matters because a web page elsewhere can point a name of its own at 127.0.0.1 (DNS
    rebinding); the browser then calls it the page's own host. HTTP/1.0 is what proxies speak.
    """
    headers = connection.headers
    return (
        _is_loopback(connection.client.host if connection.client else "")
        and not any(name.startswith(PROXY_HEADERS) for name in headers)
        and connection.scope.get("http_version") != "1.0"
        and _is_loopback_name(_hostname(headers.get("host", "")))
    )


def _is_loopback(address: str) -> bool:
    parsed = _parsed(address)
    return parsed is not None and parsed.is_loopback


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed


def _is_loopback_name(hostname: str) -> bool:
    return hostname == "localhost" or hostname.endswith(".localhost") or _is_loopback(hostname)


def _hostname(host: str) -> str:
    """Of a Host header, in lower case; empty for one that cannot be read."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def is_from_another_site(headers: Headers, *, allowed_origins: Collection[str]) -> bool:
    """Whether a browser says that a page of another origin is behind this request.

    Programs send neither header. Source: Fetch standard, "Origin" and "Sec-Fetch-Site".
    """
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") == "cross-site"
    return origin not in allowed_origins and not _is_same_host(origin, headers.get("host", ""))


def _is_same_host(origin: str, host: str) -> bool:
    """The scheme is left out: behind a proxy that ends TLS, only the browser knows it."""
    try:
        theirs = urlsplit(origin)
        ours = urlsplit(f"{theirs.scheme}://{host}")
        default = _DEFAULT_PORTS.get(theirs.scheme)
        same_port = (theirs.port or default) == (ours.port or default)
    except ValueError:
        return False
    return theirs.hostname is not None and theirs.hostname == ours.hostname and same_port


def address_digest(connection: HTTPConnection) -> str:
    """What stands for a caller's address: one for each IPv4 address, one for each IPv6 /64.

    A /64 is what one customer gets, so that nobody gains by changing the rest. The digest keeps
    addresses out of tables and logs; it does not hide them from somebody who tries them all.
    """
    address = connection.client.host if connection.client else ""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        address = str(ipaddress.ip_network((int(parsed), _IPV6_SITE_BITS), strict=False))
    elif parsed is not None:
        address = str(parsed)
    return hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:32]

from __future__ import annotations

import hashlib

import pytest
from fastapi import Request

from ml_service.app.security import Gate, InvalidKeySetting, read_api_keys
from ml_service.domain.errors import Forbidden, Unauthorized

SHA256 = hashlib.sha256(b"correct horse").hexdigest()


def request(*, client: str = "127.0.0.1", headers: dict[str, str] | None = None) -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    return Request({"type": "http", "headers": raw, "client": (client, 5000)})


def test_api_keys_are_read_with_their_scopes() -> None:
    (key,) = read_api_keys(f"web:read+write:{SHA256}")

    assert (key.name, key.scopes, key.sha256) == ("web", frozenset({"read", "write"}), SHA256)


@pytest.mark.parametrize(
    "setting",
    ["web", f"web:root:{SHA256}", "web:read:abc", f":read:{SHA256}", f"web:read:{SHA256.upper()}"],
)
def test_a_malformed_key_setting_is_refused_without_quoting_it(setting: str) -> None:
    with pytest.raises(InvalidKeySetting) as refused:
        read_api_keys(setting)

    assert SHA256.lower() not in str(refused.value).lower()


def test_without_keys_this_machine_is_served_and_no_other() -> None:
    gate = Gate(keys=(), allow_anonymous=False)

    gate.check(request(client="127.0.0.1"), "write")
    gate.check(request(client="::1"), "write")
    with pytest.raises(Unauthorized):
        gate.check(request(client="192.0.2.7"), "read")


def test_anonymous_callers_are_served_from_anywhere_when_allowed() -> None:
    Gate(keys=(), allow_anonymous=True).check(request(client="192.0.2.7"), "write")


@pytest.mark.parametrize(
    "headers", [{"X-API-Key": "correct horse"}, {"Authorization": "Bearer correct horse"}]
)
def test_a_key_is_taken_from_either_header(headers: dict[str, str]) -> None:
    gate = Gate(keys=read_api_keys(f"web:read:{SHA256}"), allow_anonymous=False)

    gate.check(request(headers=headers), "read")


def test_with_keys_set_up_a_caller_without_one_is_refused_also_from_this_machine() -> None:
    gate = Gate(keys=read_api_keys(f"web:read:{SHA256}"), allow_anonymous=False)

    with pytest.raises(Unauthorized):
        gate.check(request(), "read")
    with pytest.raises(Unauthorized):
        gate.check(request(headers={"X-API-Key": "wrong"}), "read")


def test_a_read_key_may_not_write_and_an_admin_key_may_do_both() -> None:
    headers = {"X-API-Key": "correct horse"}
    reader = Gate(keys=read_api_keys(f"web:read:{SHA256}"), allow_anonymous=False)
    admin = Gate(keys=read_api_keys(f"ops:admin:{SHA256}"), allow_anonymous=False)

    with pytest.raises(Forbidden):
        reader.check(request(headers=headers), "write")
    admin.check(request(headers=headers), "read")
    admin.check(request(headers=headers), "write")

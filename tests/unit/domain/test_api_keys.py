from __future__ import annotations

import base64
import hashlib

import pytest

from ml_service.domain.api_keys import InvalidKeys, find_key, granted, new_key, read_api_keys

SHA256 = hashlib.sha256(b"correct horse").hexdigest()
OTHER = hashlib.sha256(b"battery staple").hexdigest()


def test_api_keys_are_read_with_their_scopes() -> None:
    first, second = read_api_keys(f"web:read+write:{SHA256}, ops.2:admin:{OTHER},")

    assert (first.name, first.sha256) == ("web", SHA256)
    assert first.scopes == {"read", "write"}
    assert (second.name, sorted(second.scopes)) == ("ops.2", ["admin"])


@pytest.mark.parametrize("nothing", ["", "  "])
def test_no_setting_is_no_key(nothing: str) -> None:
    assert read_api_keys(nothing) == ()


@pytest.mark.parametrize(
    ("malformed", "word"),
    [
        ("web", "name:scope"),
        ("", "name:scope"),
        (f":read:{OTHER}", "name:scope"),
        (f"a name:read:{OTHER}", "name:scope"),
        (f"service:read:{OTHER}", "stand for"),
        (f"anonymous:read:{OTHER}", "stand for"),
        (f"web:root:{OTHER}", "scopes"),
        (f"web::{OTHER}", "scopes"),
        ("web:read:abc", "sha256"),
        (f"web:read:{OTHER.upper()}", "sha256"),
        (f"web:read:{OTHER}:more", "name:scope"),
        (f"again:write:{SHA256}", "same key"),
    ],
)
def test_a_malformed_entry_is_named_by_its_position_and_not_quoted(
    malformed: str, word: str
) -> None:
    with pytest.raises(InvalidKeys, match="entry 2 of API_KEYS") as refused:
        read_api_keys(f"fine:read:{SHA256},{malformed},third:read:{'0' * 64}")

    sentence = str(refused.value)
    assert word in sentence
    assert OTHER not in sentence.lower()


def test_a_key_is_found_by_its_secret_alone() -> None:
    keys = read_api_keys(f"web:read:{SHA256},ops:admin:{OTHER}")

    found = find_key(keys, "battery staple")

    assert found is not None
    assert found.name == "ops"
    assert find_key(keys, OTHER) is None
    assert find_key(keys, "") is None
    assert find_key(keys, "schl\udcfcssel") is None


def test_a_new_key_has_256_random_bits_and_opens_with_its_entry() -> None:
    secret, key = new_key("web", ["write", "read"])
    again, _ = new_key("web", ["read"])

    padded = secret + "=" * (-len(secret) % 4)
    assert len(base64.urlsafe_b64decode(padded)) * 8 >= 256
    assert secret != again
    assert key.entry.startswith("web:read+write:")
    assert secret not in key.entry
    assert find_key(read_api_keys(key.entry), secret) == key


@pytest.mark.parametrize(
    ("name", "scopes"), [("two words", ["read"]), ("web", ["root"]), ("web", []), ("a:b", ["read"])]
)
def test_a_key_that_no_setting_could_name_is_not_made(name: str, scopes: list[str]) -> None:
    with pytest.raises(InvalidKeys):
        new_key(name, scopes)


def test_admin_may_all_and_write_includes_read() -> None:
    assert granted(frozenset({"admin"})) == {"read", "write", "admin"}
    assert granted(frozenset({"write"})) == {"read", "write"}
    assert granted(frozenset({"read"})) == {"read"}

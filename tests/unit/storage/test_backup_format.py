"""A backup that is not what was written is refused, whichever byte of it changed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ml_service.domain.errors import InvalidRequest
from ml_service.domain.upkeep import Manifest
from ml_service.storage.backup_format import (
    FORMAT,
    MANIFEST,
    SEAL,
    SEALED_BYTES,
    BackupReader,
    BackupWriter,
    Value,
    verified,
)
from tests.unit.storage.examples import NOON

ROWS: list[list[Value]] = [
    ["a", 1, 0.1 + 0.2, True, None],
    ['späte\n"Zeile" 🙂 \u2028', -5, 1e300, False, "2026-03-01T12:00:00.123456+00:00"],
]
COLUMNS = ["id", "number", "share", "flag", "at"]
Members = dict[str, bytes]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "copy.zip"


@pytest.fixture
def manifest(file: Path) -> Iterator[Manifest]:
    writer = BackupWriter(file)
    writer.begin("full", COLUMNS)
    writer.write(ROWS)
    writer.write(ROWS)
    writer.end()
    writer.begin("empty", ["id"])
    writer.end()
    yield writer.seal(service_version="1.2.3", revision="0001", created_at=NOON)
    writer.close()


def test_what_was_written_is_read(file: Path, manifest: Manifest) -> None:
    assert verified(file) == manifest
    assert [(table.name, table.rows) for table in manifest.tables] == [("full", 4), ("empty", 0)]
    reader = BackupReader(file)
    batches = list(reader.batches(manifest.tables[0], size=3))
    reader.close()
    assert batches == [[*ROWS, ROWS[0]], [ROWS[1]]]


def test_any_tool_opens_it(file: Path, manifest: Manifest) -> None:
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        lines = archive.read("full.jsonl").decode().splitlines(keepends=False)
        stated = json.loads(archive.read(MANIFEST))
    assert json.loads(lines[0]) == ROWS[0]
    assert stated["tables"][0]["sha256"] == manifest.tables[0].sha256


def test_no_byte_can_change_unseen(file: Path, manifest: Manifest) -> None:
    content = bytearray(file.read_bytes())
    for place in range(len(content)):
        content[place] ^= 1 << place % 8
        file.write_bytes(content)
        with pytest.raises(InvalidRequest):
            verified(file)
        content[place] ^= 1 << place % 8


def test_no_byte_can_be_missing(file: Path, manifest: Manifest) -> None:
    content = file.read_bytes()
    for length in range(len(content)):
        file.write_bytes(content[:length])
        with pytest.raises(InvalidRequest):
            verified(file)


def _without(name: str) -> Callable[[Members], Members]:
    return lambda members: {key: value for key, value in members.items() if key != name}


def _manifest_with(**changes: object) -> Callable[[Members], Members]:
    def change(members: Members) -> Members:
        return members | {MANIFEST: json.dumps(json.loads(members[MANIFEST]) | changes).encode()}

    return change


@pytest.mark.parametrize(
    "change",
    [
        _without("full.jsonl"),
        _without("empty.jsonl"),
        _without(MANIFEST),
        lambda members: members | {"more.jsonl": b"[1]\n"},
        lambda members: members | {"empty.jsonl": b'["x"]\n'},
        lambda members: members | {"full.jsonl": members["full.jsonl"].replace(b"true", b"null")},
        lambda members: members | {MANIFEST: b"not json"},
        lambda members: members | {MANIFEST: b"[]"},
        _manifest_with(format=None),
        _manifest_with(tables="none"),
        _manifest_with(tables=[]),
        _manifest_with(revision=7),
    ],
)
def test_members_that_do_not_belong_together_are_refused(
    file: Path, manifest: Manifest, change: Callable[[Members], Members]
) -> None:
    """Even where somebody sealed them again."""
    _write_sealed(file, change(_members(file)))
    with pytest.raises(InvalidRequest, match="damaged or not complete"):
        verified(file)


def test_a_newer_format_is_named(file: Path, manifest: Manifest) -> None:
    newer = _manifest_with(format=FORMAT + 1, service_version="9.0.0", more={})
    _write_sealed(file, newer(_members(file)))
    with pytest.raises(InvalidRequest, match=r"newer version .* \(9\.0\.0\)"):
        verified(file)


@pytest.mark.parametrize("content", [b"", b"no backup", b"x" * 10_000, SEAL + b"0" * 64])
def test_another_kind_of_file_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(InvalidRequest, match="not a backup"):
        verified(file)


def test_a_file_that_is_not_there_is_named(file: Path) -> None:
    with pytest.raises(InvalidRequest, match="No such file"):
        verified(file)


def _members(file: Path) -> Members:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _write_sealed(file: Path, members: Members) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = SEAL + b"0" * 64
    before = file.read_bytes()[:-SEALED_BYTES]
    file.write_bytes(before + SEAL + hashlib.sha256(before).hexdigest().encode())

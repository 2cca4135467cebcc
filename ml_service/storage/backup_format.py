"""The file that holds a backup: a zip of JSON Lines that any tool opens, and a seal.

    predictions.jsonl ...   a line a row: the values in the order of the manifest's columns
    manifest.json           what is in it, and how to tell that it is whole
    the zip's comment       sha256 over every byte before it

Times are RFC 3339 in UTC; all else is as JSON says. Nothing depends on the database it came from.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, cast

from pydantic import TypeAdapter, ValidationError

from ml_service.domain.errors import InvalidRequest
from ml_service.domain.upkeep import Manifest, TableCopy

FORMAT = 1
MANIFEST = "manifest.json"
MAX_MANIFEST_BYTES = 1_000_000
COMPRESSION_LEVEL = 3

SEAL = b"sha256:"
SEALED_BYTES = len(SEAL) + 64
CHUNK_BYTES = 1024**2

Value = str | int | float | bool | None

DAMAGED = "This backup is damaged or not complete. Nothing was restored; take another copy."
NO_BACKUP = "This file is not a backup of this service, or its end is missing."
NOT_WRITTEN = "The backup cannot be written: {reason}."
NEWER = (
    "This backup was made by a newer version of this service ({version}). "
    "Restore it with that version or a later one."
)


_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)


class RowsDigest:
    """What ``TableCopy`` says of the rows, row by row."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0
        self._lines = hashlib.sha256()

    def add(self, line: bytes) -> None:
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(line).digest(), "big")
        self._lines.update(line)

    @property
    def sha256(self) -> str:
        return self._lines.hexdigest()

    @property
    def content(self) -> str:
        return f"{self._sum % 2**256:064x}"


def encoded(row: Sequence[Value]) -> bytes:
    text = json.dumps(list(row), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode() + b"\n"


@contextmanager
def _written() -> Iterator[None]:
    """What the file system refuses is no failure of the database that is copied."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidRequest(NOT_WRITTEN.format(reason=reason), field="file") from error


class BackupWriter:
    """For each table ``begin``, ``write`` in batches, ``end``; then ``seal``; always ``close``.

    Each of them raises InvalidRequest where the file cannot be written.
    """

    @_written()
    def __init__(self, file: Path) -> None:
        self._file = file
        self._zip = zipfile.ZipFile(
            file, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL
        )
        self._tables: list[TableCopy] = []
        self._name = ""
        self._columns: tuple[str, ...] = ()
        self._digest = RowsDigest()
        self._member: IO[bytes] = io.BytesIO()

    @_written()
    def begin(self, table: str, columns: Sequence[str]) -> None:
        self._name, self._columns, self._digest = table, tuple(columns), RowsDigest()
        self._member = self._zip.open(_member(table), "w", force_zip64=True)

    @_written()
    def write(self, rows: Sequence[Sequence[Value]]) -> None:
        lines = [encoded(row) for row in rows]
        for line in lines:
            self._digest.add(line)
        self._member.write(b"".join(lines))

    @_written()
    def end(self) -> None:
        self._member.close()
        digest = self._digest
        self._tables.append(
            TableCopy(self._name, self._columns, digest.rows, digest.sha256, digest.content)
        )

    @_written()
    def close(self) -> None:
        """Whatever was begun; safe to call twice."""
        if not self._member.closed:
            self._member.close()
        self._zip.close()

    @_written()
    def seal(self, *, service_version: str, revision: str, created_at: datetime) -> Manifest:
        tables = tuple(self._tables)
        manifest = Manifest(FORMAT, service_version, revision, created_at, tables)
        self._zip.writestr(MANIFEST, _MANIFEST.dump_json(manifest, indent=1))
        self._zip.comment = SEAL + b"0" * 64
        self._zip.close()
        with self._file.open("r+b") as stream:
            seal = SEAL + _digest_before_seal(stream).encode()
            stream.seek(-SEALED_BYTES, 2)
            stream.write(seal)
        return manifest


def verified(file: Path) -> Manifest:
    """Read it all and compare every sum. Raises InvalidRequest; the message says what is wrong."""
    with _understood(), file.open("rb") as stream:
        stream.seek(0, 2)
        if stream.tell() <= SEALED_BYTES:
            raise InvalidRequest(NO_BACKUP, field="file")
        stream.seek(-SEALED_BYTES, 2)
        seal = stream.read()
        if not seal.startswith(SEAL):
            raise InvalidRequest(NO_BACKUP, field="file")
        if seal != SEAL + _digest_before_seal(stream).encode():
            raise InvalidRequest(DAMAGED, field="file")
        with zipfile.ZipFile(stream) as archive:
            manifest = _manifest(archive)
            _check_members(archive, manifest)
    return manifest


def _digest_before_seal(stream: IO[bytes]) -> str:
    left = stream.seek(0, 2) - SEALED_BYTES
    stream.seek(0)
    digest = hashlib.sha256()
    while left and (chunk := stream.read(min(CHUNK_BYTES, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > MAX_MANIFEST_BYTES:
        raise InvalidRequest(DAMAGED, field="file")
    stated = json.loads(archive.read(MANIFEST))
    if stated["format"] > FORMAT:
        message = NEWER.format(version=stated["service_version"])
        raise InvalidRequest(message, field="file")
    return _MANIFEST.validate_python(stated)


def _check_members(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    expected = [*(_member(table.name) for table in manifest.tables), MANIFEST]
    if sorted(archive.namelist()) != sorted(expected):
        raise InvalidRequest(DAMAGED, field="file")
    for table in manifest.tables:
        digest = RowsDigest()
        with _lines(archive, table.name) as lines:
            for line in lines:
                digest.add(line)
        if (digest.rows, digest.sha256, digest.content) != (
            table.rows,
            table.sha256,
            table.content,
        ):
            raise InvalidRequest(DAMAGED, field="file")


class BackupReader:
    """The rows of a verified file; ``close`` it at the end."""

    def __init__(self, file: Path) -> None:
        self._zip = zipfile.ZipFile(file)

    def close(self) -> None:
        self._zip.close()

    def batches(self, table: TableCopy, *, size: int) -> Iterator[list[list[Value]]]:
        with _understood(), _lines(self._zip, table.name) as lines:
            while batch := list(islice(lines, size)):
                yield [json.loads(line) for line in batch]


@contextmanager
def _understood() -> Iterator[None]:
    """Whatever a file that is no backup provokes, as a sentence."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        LookupError,
        TypeError,
        ValueError,
        ValidationError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise InvalidRequest(DAMAGED, field="file") from error
    except OSError as error:
        message = f"The backup cannot be read: {error.strerror or type(error).__name__}."
        raise InvalidRequest(message, field="file") from error


def _lines(archive: zipfile.ZipFile, table: str) -> io.BufferedReader:
    member = cast(zipfile.ZipExtFile, archive.open(_member(table)))
    return io.BufferedReader(member, CHUNK_BYTES)


def _member(table: str) -> str:
    return f"{table}.jsonl"

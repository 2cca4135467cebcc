"""What was sent as a model: weights of one form, and what their sender says about them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ml_service.domain.errors import ModelRefused
from ml_service.hosting.foreign_files import DOCS, refuse_foreign, refuse_foreign_archive
from ml_service.hosting.model_files import MANIFEST_FILE, WEIGHTS_FILE
from ml_service.hosting.plain_json import read_plain_finite

GRAPH_FILE = "model.onnx"
SAFETENSORS_FILE = "weights.safetensors"
MOST_MANIFEST_BYTES = 1_000_000
MOST_MEMBERS = 16

_WEIGHTS = (GRAPH_FILE, WEIGHTS_FILE, SAFETENSORS_FILE)
_MOST_DIRECTORY_BYTES = 64 * 1024
_END_OF_DIRECTORY, _END_BYTES = b"PK\x05\x06", 22
_ZIP64_LOCATOR, _LOCATOR_BYTES = b"PK\x06\x07", 20
_MOST_COMMENT_BYTES = 65_535
_ZIP = (b"PK\x03\x04", _END_OF_DIRECTORY)
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Offer:
    """One file of weights, which ``name`` says the form of, and what its sender says about it."""

    name: str
    content: bytes
    stated: Mapping[str, Any] = field(default_factory=dict)


def read_offer(content: bytes, *, manifest: str | None, max_bytes: int) -> Offer:
    """A bare graph with its manifest beside it, or an archive of both.

    ``max_bytes`` bounds what an archive unpacks to. Raises ModelRefused.
    """
    if not content:
        raise ModelRefused("The file is empty.")
    if content.startswith(_ZIP):
        return _from_archive(content, manifest, max_bytes)
    refuse_foreign(content)
    return Offer(GRAPH_FILE, content, {} if manifest is None else read_plain_finite(manifest))


def _from_archive(content: bytes, manifest: str | None, max_bytes: int) -> Offer:
    _refuse_long_directory(content)
    try:
        with ZipFile(BytesIO(content)) as archive:
            members = {member.filename: member for member in archive.infolist()}
            refuse_foreign_archive(list(members))
            _refuse_hostile(archive.infolist(), max_bytes)
            weights = _weights_among(members)
            stated = _stated(archive, members, manifest)
            return Offer(weights, _unpacked(archive, members[weights]), stated)
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise ModelRefused("The archive is damaged, or not the whole of one.") from error


def _refuse_long_directory(content: bytes) -> None:
    """Before it is read: a list of a million names takes much memory and little space."""
    at = content.rfind(_END_OF_DIRECTORY, -(_END_BYTES + _MOST_COMMENT_BYTES))
    if at < 0 or len(content) < at + _END_BYTES:
        raise ModelRefused("The archive is damaged, or not the whole of one.")
    n_members = int.from_bytes(content[at + 10 : at + 12], "little")
    n_bytes = int.from_bytes(content[at + 12 : at + 16], "little")
    is_zip64 = content[at - _LOCATOR_BYTES : at].startswith(_ZIP64_LOCATOR)
    if is_zip64 or n_members > MOST_MEMBERS or n_bytes > _MOST_DIRECTORY_BYTES:
        refuse_foreign_archive(_first_names(content))
        raise ModelRefused(
            f"The archive holds more than {MOST_MEMBERS} files. It is taken with "
            f"{MANIFEST_FILE} and one file of weights. {DOCS}"
        )


def _first_names(content: bytes) -> list[str]:
    """Of the first members, from their own headers, to say what the archive is."""
    names: list[str] = []
    at = 0
    while content[at : at + 4] == _ZIP[0] and len(names) < MOST_MEMBERS:
        length = int.from_bytes(content[at + 26 : at + 28], "little")
        names.append(content[at + 30 : at + 30 + length].decode("utf-8", "replace"))
        at = content.find(_ZIP[0], at + 30 + length)
        if at < 0:
            break
    return names


def _refuse_hostile(members: list[ZipInfo], max_bytes: int) -> None:
    names = [member.filename for member in members]
    unknown = [name for name in names if name not in {MANIFEST_FILE, *_WEIGHTS}]
    if unknown:
        raise ModelRefused(
            f"The archive holds {unknown[0][:80]!r}. It is taken with {MANIFEST_FILE} and one of "
            f"{', '.join(_WEIGHTS)}, not in a folder, and nothing else. {DOCS}"
        )
    if len(set(names)) < len(names):
        raise ModelRefused("The archive holds two files of one name.")
    for member in members:
        _refuse_member(member)
    if sum(member.file_size for member in members) > max_bytes + MOST_MANIFEST_BYTES:
        raise ModelRefused(f"The archive unpacks to more than {max_bytes:,} bytes.")


def _refuse_member(member: ZipInfo) -> None:
    unix_mode = member.external_attr >> 16
    if unix_mode & 0o170000 not in {0, 0o100000}:
        raise ModelRefused("The archive holds a link or a folder where a file should be.")
    if member.flag_bits & _ENCRYPTED:
        raise ModelRefused("The archive is encrypted. Send it without a password.")
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise ModelRefused("The archive is packed in a way that is not read. Use deflate.")
    if member.filename == MANIFEST_FILE and member.file_size > MOST_MANIFEST_BYTES:
        raise ModelRefused(f"The manifest has more than {MOST_MANIFEST_BYTES:,} bytes.")


def _weights_among(members: Mapping[str, ZipInfo]) -> str:
    found = [name for name in _WEIGHTS if name in members]
    if len(found) != 1:
        raise ModelRefused(f"The archive must hold exactly one of {', '.join(_WEIGHTS)}. {DOCS}")
    return found[0]


def _stated(
    archive: ZipFile, members: Mapping[str, ZipInfo], manifest: str | None
) -> dict[str, Any]:
    if MANIFEST_FILE not in members:
        if manifest is None and GRAPH_FILE not in members:
            raise ModelRefused(f"The archive holds no {MANIFEST_FILE}. {DOCS}")
        return {} if manifest is None else read_plain_finite(manifest)
    if manifest is not None:
        raise ModelRefused("There are two manifests: one in the archive and one beside it.")
    return read_plain_finite(_unpacked(archive, members[MANIFEST_FILE]))


def _unpacked(archive: ZipFile, member: ZipInfo) -> bytes:
    """No more than the directory declares, which was measured. Raises BadZipFile."""
    with archive.open(member) as file:
        content = file.read(member.file_size + 1)
    if len(content) != member.file_size:
        raise BadZipFile
    return content

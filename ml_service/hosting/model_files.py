"""A model on disk: weights beside a manifest that knows their sum; nothing that executes."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy_format
from numpy.lib.npyio import NpzFile

from ml_service.domain.errors import ModelRefused, ModelUnavailable, WeightsMismatch
from ml_service.hosting.plain_json import read_plain

MANIFEST_FILE = "manifest.json"
WEIGHTS_FILE = "weights.npz"
REVISION_LENGTH = 12
MAX_UNPACKED_BYTES = 512 * 1024 * 1024

Arrays = Mapping[str, npt.NDArray[Any]]
Manifest = dict[str, Any]


def write_model(folder: Path, arrays: Arrays, manifest: Manifest) -> Manifest:
    """Both files; returns the manifest with the sum of the arrays and the revision that follows
    from it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = packed_arrays(arrays)
    (folder / WEIGHTS_FILE).write_bytes(content)
    digest = sha256(content).hexdigest()
    whole = {**manifest, "weights_sha256": digest, "revision": digest[:REVISION_LENGTH]}
    write_manifest(folder, whole)
    return whole


def packed_arrays(arrays: Arrays) -> bytes:
    """The same bytes for the same arrays."""
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **dict(arrays))
    return file.getvalue()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises ModelUnavailable where there is none that can be read."""
    try:
        return read_plain((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ModelUnavailable("The manifest of the model cannot be read.") from error
    except ModelRefused as refused:
        raise ModelUnavailable(refused.message) from refused


def kind_of(manifest: Mapping[str, Any]) -> str:
    """What sort of model: of ``career`` paths where the manifest does not say it."""
    return str(manifest.get("kind", "career"))


def unpacked_bytes(folder: Path) -> int:
    """Of the arrays in memory. Raises ModelUnavailable."""
    try:
        with ZipFile(folder / WEIGHTS_FILE) as packed:
            return sum(member.file_size for member in packed.infolist())
    except (OSError, BadZipFile) as error:
        raise ModelUnavailable("The folder of the model is not complete.") from error


def read_arrays(folder: Path, manifest: Manifest) -> dict[str, npt.NDArray[Any]]:
    """Raises ModelUnavailable for a missing file, WeightsMismatch when the sum is another or the
    file holds something else than arrays of finite numbers or text, or too much of them.
    """
    try:
        content = (folder / WEIGHTS_FILE).read_bytes()
    except OSError as error:
        raise ModelUnavailable("The folder of the model is not complete.") from error
    if sha256(content).hexdigest() != manifest.get("weights_sha256"):
        raise WeightsMismatch
    try:
        arrays = _unpacked(content)
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise WeightsMismatch("The weights are no arrays that can be read.") from error
    if not all(np.isfinite(array).all() for array in arrays.values() if array.dtype.kind == "f"):
        raise WeightsMismatch("The weights hold numbers that are not finite.")
    return arrays


def _unpacked(content: bytes) -> dict[str, npt.NDArray[Any]]:
    with ZipFile(BytesIO(content)) as packed:
        if sum(member.file_size for member in packed.infolist()) > MAX_UNPACKED_BYTES:
            raise WeightsMismatch("The weights are larger than any model of this service.")
        for member in packed.infolist():
            _refuse_overstated(packed, member)
    with NpzFile(BytesIO(content), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _refuse_overstated(packed: ZipFile, member: ZipInfo) -> None:
    """Memory is taken for the shape that an array's own header states. Raises ValueError."""
    with packed.open(member) as file:
        version = npy_format.read_magic(file)
        if version not in _HEADERS:
            raise ValueError(member.filename)
        shape, _, dtype = _HEADERS[version](file)
    if math.prod(shape) * dtype.itemsize > member.file_size:
        raise ValueError(member.filename)


_HEADERS: Mapping[tuple[int, int], Callable[..., Any]] = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
}


def text_array(lines: tuple[str, ...]) -> npt.NDArray[np.uint8]:
    """Lines of text, none with a line break in it, as bytes."""
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def lines_of(array: npt.NDArray[Any]) -> tuple[str, ...]:
    text = array.tobytes().decode()
    return tuple(text.split("\n")) if text else ()

from __future__ import annotations

import pickle
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from ml_service.domain.errors import ModelUnavailable, WeightsMismatch
from ml_service.hosting import model_files
from ml_service.hosting.model_files import (
    MANIFEST_FILE,
    WEIGHTS_FILE,
    Arrays,
    Manifest,
    lines_of,
    read_arrays,
    read_manifest,
    text_array,
    write_model,
)

ARRAYS: Arrays = {"weights": np.arange(6, dtype=np.float16).reshape(2, 3), "bias": np.zeros(3)}


def with_sum_of(folder: Path) -> Manifest:
    return {"weights_sha256": sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest()}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    written = write_model(tmp_path / "new" / "folder", ARRAYS, {"labels": ["Köchin"]})

    manifest = read_manifest(tmp_path / "new" / "folder")
    arrays = read_arrays(tmp_path / "new" / "folder", manifest)

    assert manifest == written
    assert manifest["revision"] == manifest["weights_sha256"][:12]
    assert manifest["labels"] == ["Köchin"]
    assert {name: array.tolist() for name, array in arrays.items()} == {
        name: array.tolist() for name, array in ARRAYS.items()
    }
    assert arrays["weights"].dtype == np.float16


def test_the_same_arrays_have_the_same_revision(tmp_path: Path) -> None:
    one = write_model(tmp_path / "one", ARRAYS, {})
    other = write_model(tmp_path / "other", ARRAYS, {"trained_at": "2026-03-01"})

    assert one["revision"] == other["revision"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"\xff\xfe{}",
        b'"text"',
        b'{"deep": ' * 50 + b"7" + b"}" * 50,
        b"[" * 100_000,
        rb'{"half of a pair": "\ud83e"}',
    ],
)
def test_a_manifest_that_is_no_object_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST_FILE).write_bytes(content)

    with pytest.raises(ModelUnavailable):
        read_manifest(tmp_path)


@pytest.mark.parametrize("manifest", [{}, {"weights_sha256": "00" * 32}, {"weights_sha256": None}])
def test_weights_with_another_sum_are_not_read(tmp_path: Path, manifest: Manifest) -> None:
    write_model(tmp_path, ARRAYS, {})

    with pytest.raises(WeightsMismatch):
        read_arrays(tmp_path, manifest)


def test_missing_weights_are_told(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable):
        read_arrays(tmp_path, {"weights_sha256": "00" * 32})


class _Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("a pickle was opened",))


@pytest.mark.parametrize(
    "kind", ["nothing", "text", "one array", "half a file", "pickle", "objects"]
)
def test_a_file_of_something_else_is_refused_and_nothing_in_it_runs(
    tmp_path: Path, kind: str
) -> None:
    write_model(tmp_path, ARRAYS, {})
    weights = tmp_path / WEIGHTS_FILE
    if kind == "one array":
        with weights.open("wb") as file:
            np.save(file, ARRAYS["bias"])
    elif kind == "objects":
        with weights.open("wb") as file:
            np.savez(file, trap=np.array([_Trap()], dtype=object))
    else:
        whole = weights.read_bytes()
        other = {
            "nothing": b"",
            "text": b"weights",
            "half a file": whole[: len(whole) // 2],
            "pickle": pickle.dumps(_Trap()),
        }
        weights.write_bytes(other[kind])

    with pytest.raises(WeightsMismatch):
        read_arrays(tmp_path, with_sum_of(tmp_path))


@pytest.mark.parametrize("lines", [(), ("chef",), ("köchin", "看護師", "a b"), ("", "x")])
def test_lines_survive_as_bytes(lines: tuple[str, ...]) -> None:
    assert lines_of(text_array(lines)) == lines


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_not_read(tmp_path: Path, wrong: float) -> None:
    manifest = write_model(tmp_path, {"weights": np.array([1.0, wrong])}, {})

    with pytest.raises(WeightsMismatch, match="finite"):
        read_arrays(tmp_path, manifest)


def test_a_small_file_that_unpacks_to_more_than_any_model_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = write_model(tmp_path, {"weights": np.zeros(100_000)}, {})
    monkeypatch.setattr(model_files, "MAX_UNPACKED_BYTES", 700_000)

    with pytest.raises(WeightsMismatch, match="larger"):
        read_arrays(tmp_path, manifest)

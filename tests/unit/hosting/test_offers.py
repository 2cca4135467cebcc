"""What is sent as a model: taken apart, or refused by name with what to do instead."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import stat
import struct
import tarfile
import zlib
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import joblib
import numpy as np
import pytest
import torch
from safetensors.numpy import save as save_safetensors
from sklearn.linear_model import LogisticRegression

from ml_service.domain.errors import ModelRefused
from ml_service.hosting.offers import GRAPH_FILE, MOST_MEMBERS, SAFETENSORS_FILE, read_offer
from tests.onnx_graphs import regressor, with_manifest, zipped

MOST = 1_000_000
MANIFEST = {"manifest.json": b"{}"}


def refusal(content: bytes, manifest: str | None = None) -> str:
    with pytest.raises(ModelRefused) as refused:
        read_offer(content, manifest=manifest, max_bytes=MOST)
    return refused.value.message


def written(dump: object) -> bytes:
    file = io.BytesIO()
    dump(file)  # type: ignore[operator]  # a function that takes the file
    return file.getvalue()


def test_a_bare_graph_is_taken_with_what_is_said_beside_it() -> None:
    offer = read_offer(regressor(), manifest='{"title": "Sums"}', max_bytes=MOST)

    assert (offer.name, offer.content, offer.stated) == (GRAPH_FILE, regressor(), {"title": "Sums"})


def test_so_is_an_archive_of_both() -> None:
    offer = read_offer(with_manifest(regressor(), title="Sums"), manifest=None, max_bytes=MOST)

    assert (offer.name, offer.content, offer.stated) == (GRAPH_FILE, regressor(), {"title": "Sums"})


def test_weights_come_with_a_manifest() -> None:
    weights = save_safetensors({"w": np.ones(3, np.float32)})
    offer = read_offer(
        zipped({SAFETENSORS_FILE: weights, **MANIFEST}), manifest=None, max_bytes=MOST
    )

    assert (offer.name, offer.content) == (SAFETENSORS_FILE, weights)
    assert "no manifest.json" in refusal(zipped({SAFETENSORS_FILE: weights}))


MODEL = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
ARRAYS = {"w": np.ones(3, np.float32)}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_of_any_protocol_is_never_read(protocol: int) -> None:
    said = refusal(pickle.dumps(MODEL, protocol=protocol))

    assert "pickle" in said
    assert "skl2onnx" in said


@pytest.mark.parametrize("compress", [0, 3, ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)])
def test_nor_is_joblib_however_it_packs(compress: object) -> None:
    said = refusal(written(lambda file: joblib.dump(MODEL, file, compress=compress)))

    assert "joblib" in said or "pickle" in said
    assert "skl2onnx" in said


def test_a_checkpoint_of_torch_is_named_in_both_forms() -> None:
    module = torch.nn.Linear(2, 1).state_dict()
    for new in (True, False):
        content = written(
            lambda file, new=new: torch.save(module, file, _use_new_zipfile_serialization=new)
        )

        assert "PyTorch" in refusal(content)
        assert "torch.onnx.export" in refusal(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped({"MAR-INF/MANIFEST.json": b"{}", "handler.py": b""}), "TorchServe archive"),
        (zipped({"config.json": b"{}", "model.weights.h5": b""}), "Keras"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "HDF5"),
        (zipped({"w.npy": b"\x93NUMPY"}), "bare file of weights"),
        (save_safetensors(ARRAYS), "bare file of weights"),
        (written(lambda file: np.save(file, ARRAYS["w"])), "bare file of weights"),
        (b"tree\nversion=v4\n", "LightGBM"),
        (b'{"learner": {}}', "XGBoost"),
        (b"\x1c\x00\x00\x00TFL3" + bytes(30), "TensorFlow Lite"),
        (b"GGUF" + bytes(30), "GGUF"),
        (b"#!/bin/sh\nrm -rf /\n", "program"),
        (b"\x7fELF" + bytes(30), "program"),
        (b"%PDF-1.7\n", "document"),
        (gzip.compress(regressor()), "joblib"),
        (bz2.compress(regressor()), "joblib"),
        (lzma.compress(regressor()), "joblib"),
        (zlib.compress(regressor()), "joblib"),
        (b"", "empty"),
    ],
)
def test_other_files_are_named_too(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_a_tar_is_not_unpacked() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("model.onnx"))

    assert "Only zip" in refusal(file.getvalue())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../model.onnx", "nothing else"),
        ("/etc/model.onnx", "nothing else"),
        ("..\\model.onnx", "nothing else"),
        ("folder/model.onnx", "not in a folder"),
        ("folder/", "not in a folder"),
        ("handler.py", "code"),
        ("model.pkl", "pickle"),
        ("inner.zip", "another one in it"),
        ("README.md", "nothing else"),
    ],
)
def test_an_archive_holds_what_is_known_and_nothing_else(name: str, said: str) -> None:
    assert said in refusal(zipped({GRAPH_FILE: regressor(), name: b"x"}))


def member(name: str, *, mode: int = 0, packing: int = ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        told = ZipInfo(name)
        told.external_attr = mode << 16
        archive.writestr(told, b"/etc/passwd" * 20, packing)
    return file.getvalue()


def test_a_link_is_no_file() -> None:
    assert "link" in refusal(member(GRAPH_FILE, mode=stat.S_IFLNK | 0o777))


def test_only_common_ways_of_packing_are_read() -> None:
    assert "deflate" in refusal(member(GRAPH_FILE, packing=ZIP_BZIP2))


def test_an_encrypted_archive_is_refused() -> None:
    content = bytearray(member(GRAPH_FILE))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1

    assert "encrypted" in refusal(bytes(content))


def test_two_members_of_one_name_are_refused() -> None:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr(GRAPH_FILE, b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(GRAPH_FILE, b"two")

    assert "one name" in refusal(file.getvalue())


def test_two_weights_or_two_manifests_are_refused() -> None:
    assert "exactly one" in refusal(zipped({GRAPH_FILE: b"", SAFETENSORS_FILE: b"", **MANIFEST}))
    assert "two manifests" in refusal(with_manifest(regressor()), manifest="{}")


def test_a_bomb_is_measured_before_it_is_unpacked() -> None:
    assert "unpacks to more than" in refusal(zipped({GRAPH_FILE: bytes(3 * MOST)}))


def test_a_bomb_that_lies_about_its_size_is_damaged() -> None:
    content = bytearray(zipped({GRAPH_FILE: bytes(3 * MOST)}))
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 1000)

    assert "damaged" in refusal(bytes(content))


def test_thousands_of_members_are_not_even_listed() -> None:
    many = zipped({f"{at}.onnx": b"" for at in range(MOST_MEMBERS + 1)})

    assert f"more than {MOST_MEMBERS}" in refusal(many)


def test_a_directory_that_says_less_than_it_holds_is_refused() -> None:
    content = bytearray(zipped({f"{at}.onnx": b"" for at in range(5_000)}))
    at = content.rindex(b"PK\x05\x06") + 8
    content[at : at + 8] = struct.pack("<HHI", 1, 1, 100)

    assert "damaged" in refusal(bytes(content))


def test_a_large_directory_in_the_long_form_is_refused() -> None:
    content = zipped({GRAPH_FILE: regressor()})
    at = content.rindex(b"PK\x05\x06")
    locator = b"PK\x06\x07" + bytes(16)

    assert f"more than {MOST_MEMBERS}" in refusal(content[:at] + locator + content[at:])


@pytest.mark.parametrize("length", [4, 30, 200, -30, -1])
def test_half_an_archive_is_damaged(length: int) -> None:
    whole = zipped({GRAPH_FILE: bytes(range(256)) * 9, **MANIFEST})

    assert "damaged" in refusal(whole[:length])


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"a": NaN}', "[" * 100_000])
def test_a_manifest_is_a_json_object(text: str) -> None:
    assert "no JSON" in refusal(regressor(), manifest=text)


def test_a_large_manifest_is_not_read() -> None:
    large = json.dumps({"about": "x" * 1_100_000}).encode()
    with pytest.raises(ModelRefused, match="1,000,000"):
        read_offer(
            zipped({GRAPH_FILE: b"", "manifest.json": large}), manifest=None, max_bytes=10**7
        )


def test_the_page_that_refusals_name_is_there() -> None:
    page = Path(__file__).parents[3] / "docs" / "hosting" / "uploading.md"

    assert "skl2onnx" in page.read_text(encoding="utf-8")

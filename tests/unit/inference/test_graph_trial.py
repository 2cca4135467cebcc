"""Graphs in a process of their own: what would have hurt the service hurts nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ml_service.domain.errors import ModelRefused
from ml_service.hosting.offers import GRAPH_FILE
from ml_service.inference import graph_trial
from ml_service.inference.graph_trial import try_graph
from tests.onnx_graphs import classifier, greedy, regressor


def tried(folder: Path, content: bytes, **stated: Any) -> dict[str, Any]:
    (folder / GRAPH_FILE).write_bytes(content)
    return try_graph(folder, stated, model_id="m")


def test_a_graph_that_answers_gets_its_manifest(tmp_path: Path) -> None:
    manifest = tried(tmp_path, classifier(), title="Größer", example=[1, 2])

    assert (manifest["model_id"], manifest["title"]) == ("m", "Größer")
    assert json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8")) == manifest


def test_a_graph_that_wants_all_memory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused):
        tried(tmp_path, greedy())


def test_a_file_of_nothing_but_operators_is_refused(tmp_path: Path) -> None:
    nodes = b"\x0a\x00" * 2_000_000
    content = b"\x08\x09" + b"\x3a" + _varint(len(nodes)) + nodes

    with pytest.raises(ModelRefused, match=r"operators|MB"):
        tried(tmp_path, content)


def _varint(number: int) -> bytes:
    digits = bytearray()
    while number >= 128:
        digits.append(number % 128 + 128)
        number //= 128
    return bytes([*digits, number])


def test_one_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    (tmp_path / GRAPH_FILE).write_bytes(regressor())

    with pytest.raises(ModelRefused, match=r"longer than 0\.01 s"):
        try_graph(tmp_path, {}, model_id="m", longest_s=0.01)


def test_what_is_wrong_is_told_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="no ONNX graph"):
        tried(tmp_path, b"nothing")
    with pytest.raises(ModelRefused, match="example does not fit"):
        tried(tmp_path, regressor(), example=[1, 2, 3])


def test_the_process_sees_no_key_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPIDAPI_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@db/x")

    given = graph_trial._environment()

    assert "secret" not in " ".join(given.values())
    assert "PYTHONPATH" in given

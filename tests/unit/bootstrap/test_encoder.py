from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ml_service.bootstrap import encoder
from ml_service.bootstrap.encoder import encoding_engine
from ml_service.inference.weights import EncoderManifest
from ml_service.settings import Settings


@pytest.fixture(autouse=True)
def engines(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be loaded, in place of the loaded engine."""

    def onnx(folder: Path, *, n_threads: int) -> tuple[str, str, int]:
        return ("onnx", folder.name, n_threads)

    def reference(
        manifest: EncoderManifest, *, precision: str, n_threads: int
    ) -> tuple[str, str, int]:
        return (manifest.model_id, precision, n_threads)

    monkeypatch.setattr(encoder, "OnnxEngine", onnx)
    monkeypatch.setattr(encoder, "SentenceTransformersEngine", reference)
    monkeypatch.setattr(encoder, "has_native_bf16", lambda: False)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)


def chosen(**given: Any) -> object:
    return encoding_engine(Settings(_env_file=None, **given))


def test_onnx_answers_where_it_is_installed() -> None:
    assert chosen() == ("onnx", "all-MiniLM-L6-v2-int8", 6)


def test_without_it_the_reference_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_is_installed", lambda package: package != "onnxruntime")
    assert chosen() == ("all-MiniLM-L6-v2", "fp32", 6)


def test_a_named_engine_is_never_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_is_installed", lambda _: False)
    assert chosen(embedding_engine="onnx") == ("onnx", "all-MiniLM-L6-v2-int8", 6)
    reference = chosen(embedding_engine="sentence-transformers")
    assert reference == ("all-MiniLM-L6-v2", "fp32", 6)


@pytest.mark.parametrize(
    ("wanted", "native", "precision"),
    [
        ("auto", True, "bf16"),
        ("auto", False, "fp32"),
        ("fp32", True, "fp32"),
        ("bf16", False, "bf16"),
    ],
)
def test_bf16_is_taken_where_the_processor_has_it(
    monkeypatch: pytest.MonkeyPatch, wanted: str, native: bool, precision: str
) -> None:
    monkeypatch.setattr(encoder, "has_native_bf16", lambda: native)
    found = chosen(embedding_engine="sentence-transformers", embedding_precision=wanted)
    assert found == ("all-MiniLM-L6-v2", precision, 6)


def test_the_usual_variable_bounds_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bulk run gives each of its workers a share of the processors by it."""
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert chosen(encoder_dir=Path("elsewhere")) == ("onnx", "elsewhere", 2)

"""The engine that needs no torch, with the encoder that ships."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from ml_service.domain.errors import ModelUnavailable, WeightsMismatch
from ml_service.inference.encoder_files import (
    GRAPH_FILE,
    MANIFEST_FILE,
    TOKENIZER_FILE,
    EncoderFiles,
    read_checked,
    read_manifest,
)
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.weights import MINILM
from ml_service.settings import Settings

SHIPPED = Settings(_env_file=None).encoder_dir
TEXTS = (
    "Registered nurse with six years of experience in intensive care.",
    "",
    "Built data pipelines in Python and Spark for 40 analysts.\nLed a team of five.",
    "Kellnerin in einem Café, Größe: zwölf Tische",
    "word " * 600,
    "🧑‍🍳 chef",
)


@pytest.fixture(scope="module")
def engine() -> OnnxEngine:
    return OnnxEngine(SHIPPED, n_threads=2)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "encoder"))


def test_vectors_are_unit_and_near_those_of_the_reference(engine: OnnxEngine) -> None:
    ours = engine.embed_batch(TEXTS)
    reference = SentenceTransformersEngine(MINILM).embed_batch(TEXTS)

    assert ours.dtype == np.float32
    assert ours.shape == reference.shape
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert (ours * reference).sum(axis=1).min() > 0.98


def test_a_vector_does_not_depend_on_the_texts_beside_it(engine: OnnxEngine) -> None:
    together = engine.embed_batch(TEXTS)

    alone = [engine.embed_batch([text])[0] for text in TEXTS]
    backwards = engine.embed_batch(TEXTS[::-1])[::-1]

    assert np.array_equal(together, alone)
    assert np.array_equal(together, backwards)


def test_of_no_text_there_are_no_vectors(engine: OnnxEngine) -> None:
    assert engine.embed_batch([]).shape == (0, 384)


def test_the_engine_names_the_weights_that_were_rounded(engine: OnnxEngine) -> None:
    assert (engine.ref.model_id, engine.ref.revision) == (MINILM.model_id, MINILM.revision)
    assert (engine.ref.precision, engine.ref.engine) == ("int8-static", "onnxruntime")


def test_the_shipped_agreement_meets_what_is_wanted() -> None:
    agreement = read_manifest(SHIPPED).agreement

    assert agreement is not None
    assert agreement.n >= 1_000
    assert agreement.mean >= 0.99
    assert agreement.first_percentile >= 0.98


@pytest.mark.parametrize("name", [GRAPH_FILE, TOKENIZER_FILE])
def test_changed_files_are_not_loaded(copied: Path, name: str) -> None:
    changed = bytearray((copied / name).read_bytes())
    changed[len(changed) // 2] ^= 1
    (copied / name).write_bytes(bytes(changed))

    with pytest.raises(WeightsMismatch):
        OnnxEngine(copied, n_threads=1)


@pytest.mark.parametrize("name", [GRAPH_FILE, TOKENIZER_FILE, MANIFEST_FILE])
def test_a_missing_file_is_named(copied: Path, name: str) -> None:
    (copied / name).unlink()

    with pytest.raises(ModelUnavailable, match=name):
        OnnxEngine(copied, n_threads=1)


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"agreement": 3}', '{"agreement": {"n": 1}}']
)
def test_a_manifest_that_says_too_little_is_no_encoder(copied: Path, manifest: str) -> None:
    (copied / MANIFEST_FILE).write_text(manifest, encoding="utf-8")

    with pytest.raises(ModelUnavailable, match="cannot be read"):
        read_checked(copied)


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    files = replace(read_manifest(SHIPPED), precision="int4-16")
    stated = asdict(files) | {"added_later": True}
    (tmp_path / MANIFEST_FILE).write_text(json.dumps(stated), encoding="utf-8")

    read = read_manifest(tmp_path)

    assert isinstance(read, EncoderFiles)
    assert read == files

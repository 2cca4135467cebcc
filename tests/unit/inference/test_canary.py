"""The texts by which an encoder proves itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from ml_service.domain.errors import ModelUnavailable, WeightsMismatch
from ml_service.hosting.loaded import CANARY
from ml_service.inference.canary import CANARY_FILE, Canary, has_canary, read_canary
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.weights import MINILM
from ml_service.settings import Settings
from tests.inference_stand_in import another_model

SHIPPED = Settings(_env_file=None).encoder_dir


def test_the_shipped_encoder_is_proven(onnx: OnnxEngine, canary: Canary) -> None:
    assert canary.doubt(onnx.embed_batch(canary.texts)) is None
    assert (canary.model_id, canary.revision) == (MINILM.model_id, MINILM.revision)


@pytest.mark.slow
def test_so_is_the_reference_and_one_that_cuts_elsewhere_is_not(canary: Canary) -> None:
    engine = SentenceTransformersEngine(MINILM)
    assert canary.doubt(engine.embed_batch(canary.texts)) is None

    for max_tokens in (128, 512):
        engine._model.max_seq_length = max_tokens
        assert "at worst" in str(canary.doubt(engine.embed_batch(canary.texts)))


def test_another_model_is_not_it(canary: Canary) -> None:
    doubt = canary.doubt(another_model(canary.texts))

    assert "not those of all-MiniLM-L6-v2 53aa51172d14" in str(doubt)


def test_nor_is_one_in_another_order_or_of_other_dimensions(canary: Canary) -> None:
    swapped = canary.vectors[[1, 0, *range(2, len(canary.texts))]]

    assert canary.doubt(swapped) is not None
    assert "384" in str(canary.doubt(canary.vectors[:, :128]))


def test_one_text_of_it_is_enough_to_doubt(canary: Canary) -> None:
    assert canary.doubt_one(2, canary.vectors[2]) is None
    assert canary.doubt_one(2, canary.vectors[3]) is not None


def test_the_vector_of_one_of_its_texts_is_known_beforehand(canary: Canary) -> None:
    known = canary.vector_of(CANARY)

    assert known is not None
    assert known.shape == (1, 384)
    np.testing.assert_allclose(np.linalg.norm(known), 1, atol=1e-6)
    assert canary.vector_of("another text") is None


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "encoder"
    folder.mkdir()
    for name in ("manifest.json", CANARY_FILE):
        shutil.copy(SHIPPED / name, folder)
    return folder


def test_a_changed_canary_is_not_read(copied: Path) -> None:
    content = (copied / CANARY_FILE).read_text(encoding="utf-8")
    (copied / CANARY_FILE).write_text(content.replace("0", "1", 1), encoding="utf-8")

    with pytest.raises(WeightsMismatch):
        read_canary(copied)


def test_a_missing_one_says_what_makes_it(copied: Path) -> None:
    (copied / CANARY_FILE).unlink()

    assert has_canary(copied)
    with pytest.raises(ModelUnavailable, match="write_canary"):
        read_canary(copied)

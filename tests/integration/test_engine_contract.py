"""What every engine keeps, on this machine or behind a server: one suite over all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from ml_service.bootstrap.encoder import AnyEncoder, chosen_encoder
from ml_service.inference.canary import read_canary
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.weights import MINILM
from ml_service.settings import Settings
from tests.engine_servers import mlserver, remote_settings, torchserve, triton
from tests.inference_stand_in import InferenceStandIn, OpenInference

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRECISION = "int8-static"
NURSE, DOCTOR, WELDER = "registered nurse", "physician in a clinic", "welds steel pipes"
LONG = "Cared for patients in intensive care. " * 400
UNICODE = ("Größe: zwölf Tische", "🧑‍🍳 chef", "注册护士", "a\x00b", "half \ud83e of a pair", "\n")


@contextmanager
def local(_: Path, *, engine: str) -> Iterator[Settings]:
    yield Settings(_env_file=None, embedding_engine=engine, vector_cache_bytes=0)


@contextmanager
def stand_in(_: Path, *, in_binary: bool) -> Iterator[Settings]:
    engine = OnnxEngine(Settings(_env_file=None).encoder_dir, n_threads=2)
    with InferenceStandIn(OpenInference(engine.embed_batch, in_binary=in_binary)) as server:
        yield Settings(_env_file=None, inference_mode="remote", inference_url=server.url)


@contextmanager
def real_mlserver(folder: Path) -> Iterator[Settings]:
    with mlserver(folder) as server:
        yield remote_settings(server)


@contextmanager
def real_torchserve(folder: Path) -> Iterator[Settings]:
    with torchserve(folder) as server:
        yield remote_settings(server)


@contextmanager
def real_triton(folder: Path) -> Iterator[Settings]:
    with triton(folder) as server:
        yield remote_settings(server)


ENGINES = {
    "onnx": lambda folder: local(folder, engine="onnx"),
    "sentence-transformers": lambda folder: local(folder, engine="sentence-transformers"),
    "open-inference-json": lambda folder: stand_in(folder, in_binary=False),
    "open-inference-binary": lambda folder: stand_in(folder, in_binary=True),
    "mlserver": real_mlserver,
    "torchserve": real_torchserve,
    "triton": real_triton,
}
NAMES = {
    "onnx": {("onnxruntime", PRECISION)},
    # The second where the processor has it natively.
    "sentence-transformers": {("sentence-transformers", "fp32"), ("sentence-transformers", "bf16")},
    "torchserve": {("torchserve", PRECISION)},
}
OPEN_INFERENCE = {("open-inference", PRECISION)}


@pytest.fixture(scope="module", params=ENGINES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def settings(name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with ExitStack() as stack:
        yield stack.enter_context(ENGINES[name](tmp_path_factory.mktemp("engine")))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def encoder(settings: Settings) -> AsyncIterator[AnyEncoder]:
    encoder = await asyncio.to_thread(chosen_encoder, settings)
    await encoder.start()
    yield encoder
    await encoder.close()


async def test_it_is_the_encoder_that_was_asked_for_and_says_how_it_runs(
    encoder: AnyEncoder, name: str
) -> None:
    part = await encoder.part()
    ref = encoder.ref

    assert part.state == "ready", part.detail
    assert (ref.model_id, ref.revision) == (MINILM.model_id, MINILM.revision)
    assert (ref.engine, ref.precision) in NAMES.get(name, OPEN_INFERENCE)


async def test_vectors_are_unit_and_those_of_the_reference(
    encoder: AnyEncoder, settings: Settings
) -> None:
    canary = await asyncio.to_thread(read_canary, settings.encoder_dir)

    found = await encoder.embed_documents(canary.texts)

    assert found.encoder == encoder.ref
    assert found.degraded_reason is None
    assert found.vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)
    assert canary.doubt(found.vectors) is None


async def test_they_know_near_from_far(encoder: AnyEncoder) -> None:
    nurse, doctor, welder = (await encoder.embed_documents([NURSE, DOCTOR, WELDER])).vectors

    assert nurse @ doctor > nurse @ welder


async def test_they_come_in_the_order_of_the_texts(encoder: AnyEncoder) -> None:
    texts = [NURSE, "", DOCTOR, LONG, WELDER]

    forwards = (await encoder.embed_documents(texts)).vectors
    backwards = (await encoder.embed_documents(texts[::-1])).vectors

    assert (forwards * backwards[::-1]).sum(axis=1).min() > 0.9999


async def test_of_no_text_there_are_none(encoder: AnyEncoder) -> None:
    found = await encoder.embed_documents([])

    assert len(found.vectors) == 0
    assert found.encoder == encoder.ref


async def test_of_a_long_text_the_beginning_counts(encoder: AnyEncoder) -> None:
    other_end = LONG + WELDER * 100

    one, other = (await encoder.embed_documents([LONG, other_end])).vectors

    assert one @ other > 0.9999


async def test_any_text_has_a_vector(encoder: AnyEncoder) -> None:
    vectors = (await encoder.embed_documents(UNICODE)).vectors

    assert vectors.shape == (len(UNICODE), 384)
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


async def test_a_hundred_texts_are_a_hundred_vectors(encoder: AnyEncoder) -> None:
    texts = [f"{trade} with {years} years" for trade in (NURSE, WELDER) for years in range(50)]

    together = (await encoder.embed_documents(texts)).vectors
    (alone,) = (await encoder.embed_documents([texts[77]])).vectors

    assert together.shape == (100, 384)
    assert together[77] @ alone > 0.9999


async def test_callers_at_once_get_their_own(encoder: AnyEncoder) -> None:
    nurses, welders = await asyncio.gather(
        encoder.embed_documents([NURSE] * 20), encoder.embed_documents([WELDER] * 20)
    )
    (nurse,) = (await encoder.embed_documents([NURSE])).vectors

    assert (nurses.vectors @ nurse).min() > 0.9999
    assert (welders.vectors @ nurse).max() < 0.9

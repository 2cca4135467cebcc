from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ml_service.bootstrap.clock import utc_now
from ml_service.domain.errors import EmbeddingSpaceMismatch, InvalidRequest, ModelNotFound
from ml_service.domain.prediction import EncoderRef
from ml_service.hosting.host import ModelHost
from ml_service.hosting.loaded import CANARY, HostedModel
from ml_service.hosting.model_files import kind_of, read_manifest, unpacked_bytes
from ml_service.hosting.shelf import ModelShelf
from ml_service.intents.files import INTENTS, read_intent_model
from ml_service.intents.hosted import HostedIntentModel
from ml_service.intents.training import Fitted
from ml_service.use_cases.classify_intents import ClassifyIntents
from tests.unit.intents.requests import (
    ENCODER,
    TinyEncoder,
    embedded,
    fitted_requests,
    write_requests_model,
)
from tests.unit.use_cases.test_career_models import added as added_career_model
from tests.unit.use_cases.test_career_models import load as load_career


def load(folder: Path) -> HostedModel:
    manifest = read_manifest(folder)
    if kind_of(manifest) != INTENTS:
        return load_career(folder)
    model = read_intent_model(folder, manifest)
    return HostedIntentModel(model, unpacked_bytes(folder), embedded([CANARY]))


@pytest.fixture(scope="module")
def learned() -> Fitted:
    return fitted_requests()


@pytest.fixture
async def host(tmp_path: Path, learned: Fitted) -> AsyncIterator[ModelHost]:
    shelf = ModelShelf(tmp_path / "models")
    await asyncio.to_thread(
        shelf.add, "requests", lambda folder: write_requests_model(folder, learned)
    )
    host = ModelHost(shelf, load, clock=utc_now)
    await host.refresh()
    yield host
    await host.close()


@pytest.fixture
def classify(host: ModelHost) -> ClassifyIntents:
    return ClassifyIntents(host=host, encoder=TinyEncoder(), default="requests")


async def test_texts_are_classified_in_their_order(
    classify: ClassifyIntents, host: ModelHost
) -> None:
    told = await classify(["a pizza please", "play a song"], model=None, who=None)
    revision = told.model.revision
    same = await classify(["a pizza please"], model=f"requests@{revision}", who="ada")

    assert [text.likely[0].intent for text in told.texts] == ["order_pizza", "play_music"]
    assert (told.model.model_id, told.encoder) == ("requests", ENCODER)
    assert same.texts[0].likely[0].intent == "order_pizza"
    assert host.state_of(told.model).requests_in_work == 0


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "at least one"),
        (["hello", " \n"], "Text 1 is empty"),
        ([""], "The text is empty."),
        (["x" * 2_001], "more than 2,000 characters"),
        (["x"] * 257, "256 texts at most"),
    ],
)
async def test_what_is_no_request_is_refused(
    classify: ClassifyIntents, texts: list[str], said: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await classify(texts, model=None, who=None)

    assert said in refused.value.message
    assert refused.value.field == "texts"


async def test_the_longest_and_the_most_are_taken(classify: ClassifyIntents) -> None:
    told = await classify(["x" * 2_000] * 256, model=None, who=None)

    assert len(told.texts) == 256


async def test_a_model_of_another_kind_or_none_is_not_found(
    classify: ClassifyIntents, host: ModelHost
) -> None:
    await asyncio.to_thread(added_career_model, host.shelf, "trades", 0)

    with pytest.raises(ModelNotFound, match="trades is not a model of intents"):
        await classify(["hello"], model="trades", who=None)
    with pytest.raises(ModelNotFound):
        await classify(["hello"], model="nowhere", who=None)


async def test_vectors_of_another_encoder_are_refused(host: ModelHost) -> None:
    other = TinyEncoder(EncoderRef("tiny", "r2", "fp32", "test"))

    with pytest.raises(EmbeddingSpaceMismatch):
        await ClassifyIntents(host=host, encoder=other, default="requests")(
            ["hello"], model=None, who=None
        )

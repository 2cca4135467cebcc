from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from ml_service.career.model_card import card_of
from ml_service.domain.errors import InvalidRequest
from ml_service.hosting.model_files import kind_of, read_manifest, write_model
from ml_service.hosting.shelf import ModelShelf
from ml_service.intents.files import read_intent_model
from ml_service.use_cases.train_intents import TrainIntents
from ml_service.use_cases.trained_intents import LabelledText
from ml_service.use_cases.trained_model import Wish
from tests.unit.intents.requests import INTENTS, OUT_OF_SCOPE, TinyEncoder, embedded, requests_of
from tests.unit.use_cases.test_train_model import Watch
from tests.unit.use_cases.training_parts import TODAY

WISH = Wish(model_id="requests", source="requests.csv", licence="CC0")


def rows_of(*labels: str) -> list[LabelledText]:
    return [
        LabelledText(f"line {at}", text, label)
        for label in labels
        for at, text in enumerate(requests_of(label), start=2)
    ]


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    return ModelShelf(tmp_path / "models")


@pytest.fixture
def train(shelf: ModelShelf) -> TrainIntents:
    return TrainIntents(encoder=TinyEncoder(), shelf=shelf, today=TODAY)


async def test_a_model_is_learned_measured_and_put_on_the_shelf(
    train: TrainIntents, shelf: ModelShelf
) -> None:
    watch = Watch()
    trained = await train(rows_of(*INTENTS, OUT_OF_SCOPE), WISH, watch=watch)

    revision, folder = await asyncio.to_thread(shelf.champion, "requests")
    manifest = await asyncio.to_thread(read_manifest, folder)
    model = await asyncio.to_thread(read_intent_model, folder, manifest)
    (told,) = model.classify(["get me a pizza"], embedded(["get me a pizza"]))
    assert (trained.promoted, trained.card.revision) == (True, revision)
    assert kind_of(manifest) == "intents"
    assert card_of(manifest).labels == trained.card.labels == INTENTS
    assert manifest["out_of_scope"] == [OUT_OF_SCOPE]
    assert told.likely[0].intent == "order_pizza"
    assert watch.done == dict(watch.told)
    figures = trained.card.metrics["cross_validation"]
    assert (figures["n_in_scope"], figures["n_out_of_scope"]) == (96, 48)
    assert sum(n for _, _, n in trained.confusions) == 144


async def test_a_label_out_of_scope_may_have_another_name_or_be_absent(
    train: TrainIntents,
) -> None:
    other = [
        replace(row, label="oos" if row.label == OUT_OF_SCOPE else row.label)
        for row in rows_of(*INTENTS, OUT_OF_SCOPE)
    ]
    named = await train(other, WISH, watch=Watch(), out_of_scope="oos")
    absent = await train(rows_of(*INTENTS), WISH, watch=Watch())

    assert named.card.labels == absent.card.labels == INTENTS
    assert "oos" in named.card.metrics["cross_validation"]["classes"]
    assert "n_out_of_scope" not in absent.card.metrics["cross_validation"]
    assert any("97 of 100" in said for said in absent.card.about["data"])
    assert not absent.promoted


TABLES, MUSIC = rows_of("book_table"), rows_of("play_music")
ALIKE = [LabelledText("", f"{'jazz ' * 9}{n}", "play_music") for n in range(9, 19)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (TABLES, "1 intents. A model needs 2 or more"),
        ([*TABLES, *rows_of(OUT_OF_SCOPE)], "1 intents"),
        ([*TABLES, *MUSIC[:9]], "'play_music' (9): each intent needs 10"),
        ([*TABLES, *MUSIC, *rows_of(OUT_OF_SCOPE)[:19]], "(19): it needs 20 different ones, or no"),
        ([*TABLES, *MUSIC, LabelledText("line 7", "  ", "play_music")], "line 7 holds no text"),
        ([*TABLES, *MUSIC, LabelledText("line 7", "x" * 2_001, "play_music")], "line 7 has more"),
        ([*TABLES, *ALIKE], "'play_music' nearly all say the same"),
    ],
)
async def test_too_little_is_refused_and_leaves_nothing(
    train: TrainIntents, shelf: ModelShelf, rows: list[LabelledText], said: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await train(rows, WISH, watch=Watch())

    assert said in refused.value.message
    assert refused.value.field == "data"
    assert await asyncio.to_thread(shelf.names) == ()


async def test_a_name_of_another_kind_is_refused(train: TrainIntents, shelf: ModelShelf) -> None:
    await asyncio.to_thread(shelf.add, "requests", lambda folder: write_model(folder, {}, {}))

    with pytest.raises(InvalidRequest, match="another kind") as refused:
        await train(rows_of(*INTENTS), WISH, watch=Watch())
    assert refused.value.field == "name"

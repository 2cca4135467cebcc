"""The rules beside a model, asked as the service asks: a small model that knows the own intents."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from ml_service.bootstrap.clock import utc_now
from ml_service.hosting.host import ModelHost
from ml_service.hosting.loaded import CANARY
from ml_service.hosting.model_files import Manifest, read_manifest, unpacked_bytes
from ml_service.hosting.shelf import ModelShelf
from ml_service.intents.files import read_intent_model, write_intent_model
from ml_service.intents.hosted import HostedIntentModel
from ml_service.intents.own_rules import OWN_INTENTS
from ml_service.intents.training import Examples, fit_intents
from ml_service.use_cases.classify_intents import ClassifyIntents
from tests.unit.intents.requests import (
    ENCODER,
    OUT_OF_SCOPE,
    TinyEncoder,
    embedded,
    fitted_requests,
    vectors_of,
    write_requests_model,
)

TRAIN = Path(__file__).parents[3] / "data" / "intents" / "train.csv"
LABELS = tuple(sorted(OWN_INTENTS))
OF_EACH = 12


def own_examples() -> Examples:
    texts, places = [], []
    counts: Counter[str] = Counter()
    with TRAIN.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            counts[row["label"]] += 1
            if counts[row["label"]] <= OF_EACH:
                texts.append(row["text"])
                place = LABELS.index(row["label"]) if row["label"] in OWN_INTENTS else len(LABELS)
                places.append(place)
    return Examples(tuple(texts), vectors_of(texts), np.array(places), len(LABELS))


def write_own_model(folder: Path) -> Manifest:
    manifest = {
        "model_id": "own",
        "encoder_id": ENCODER.model_id,
        "encoder_revision": ENCODER.revision,
        "labels": list(LABELS),
    }
    return write_intent_model(folder, fit_intents(own_examples()).head, manifest)


def load(folder: Path) -> HostedIntentModel:
    model = read_intent_model(folder, read_manifest(folder))
    return HostedIntentModel(model, unpacked_bytes(folder), embedded([CANARY]))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> ModelShelf:
    shelf = ModelShelf(tmp_path_factory.mktemp("models"))
    shelf.add("own", write_own_model)
    shelf.add("requests", lambda folder: write_requests_model(folder, fitted_requests()))
    return shelf


@pytest.fixture
async def classify(shelf: ModelShelf) -> AsyncIterator[ClassifyIntents]:
    host = ModelHost(shelf, load, clock=utc_now)
    await host.refresh()
    yield ClassifyIntents(host=host, encoder=TinyEncoder(), default="own")
    await host.close()


async def test_each_text_is_judged_by_its_own_parts(classify: ClassifyIntents) -> None:
    texts = ["erase my data", "do not erase my data", "don't erase my data, export my data"]

    told = (await classify(texts, model=None, who=None)).texts

    assert [one.likely[0].intent for one in told[::2]] == ["delete_my_data", "export_my_data"]
    assert [one.out_of_scope for one in told] == [False, True, False]


async def test_more_parts_than_one_request_holds_are_asked_in_turns(
    classify: ClassifyIntents,
) -> None:
    texts = [f"don't erase my data {at}, export my data {at}" for at in range(256)]

    told = (await classify(texts, model=None, who=None)).texts

    assert len(told) == 256
    assert "delete_my_data" not in {one.likely[0].intent for one in told}


async def test_a_model_of_other_intents_is_not_corrected(classify: ClassifyIntents) -> None:
    texts = ["play the jazz album now", "I don't want the jazz album", "I want to kill myself"]

    told = await classify(texts, model="requests", who=None)

    named = {one.intent for text in told.texts for one in text.likely}
    assert told.texts[1].likely[0].intent == "play_music"
    assert named.isdisjoint({"talk_to_person", OUT_OF_SCOPE})

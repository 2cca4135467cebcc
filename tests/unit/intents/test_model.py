from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml_service.domain.errors import EmbeddingSpaceMismatch, ModelUnavailable, WeightsMismatch
from ml_service.hosting.loaded import CANARY
from ml_service.hosting.model_files import MANIFEST_FILE, read_arrays, read_manifest, write_model
from ml_service.intents.files import read_intent_model
from ml_service.intents.hosted import HostedIntentModel
from ml_service.intents.model import IntentModel
from tests.unit.intents.requests import ENCODER, embedded, fitted_requests, write_requests_model


def test_requests_are_understood_and_others_are_out_of_scope(model: IntentModel) -> None:
    texts = ["a pizza for the kids please", "play that jazz album", "does the tiger do homework"]

    pizza, music, neither = model.classify(texts, embedded(texts))

    assert pizza.likely[0].intent == "order_pizza"
    assert music.likely[0].intent == "play_music"
    assert (pizza.out_of_scope, music.out_of_scope, neither.out_of_scope) == (False, False, True)
    assert pizza.likely[0].confidence > 0.5 > neither.likely[0].confidence
    assert neither.p_out_of_scope is not None
    assert pizza.p_out_of_scope is not None
    assert neither.p_out_of_scope > 0.5 > pizza.p_out_of_scope


def test_confidences_leave_room_for_out_of_scope_and_are_in_order(model: IntentModel) -> None:
    texts = ["a table and a pizza"]
    (told,) = model.classify(texts, embedded(texts))
    confidences = [likely.confidence for likely in told.likely]

    assert confidences == sorted(confidences, reverse=True)
    assert told.p_out_of_scope is not None
    assert sum(confidences) <= 1 - told.p_out_of_scope + 1e-9


def test_a_text_without_words_is_answered(model: IntentModel) -> None:
    assert len(model.classify(["???"], embedded(["???"]))) == 1


def test_a_text_is_answered_alone_as_among_others(model: IntentModel) -> None:
    texts = ["play a song", "book seats", "order calzone"]
    together = model.classify(texts, embedded(texts))

    for text, told in zip(texts, together, strict=True):
        (alone,) = model.classify([text], embedded([text]))
        assert [entry.intent for entry in alone.likely] == [entry.intent for entry in told.likely]
        assert np.isclose(alone.likely[0].confidence, told.likely[0].confidence, atol=1e-5)


@pytest.mark.parametrize("change", [{"model_id": "other"}, {"revision": "r2"}])
def test_vectors_of_another_encoder_are_refused(model: IntentModel, change: dict[str, str]) -> None:
    with pytest.raises(EmbeddingSpaceMismatch):
        model.classify(["hello"], embedded(["hello"], replace(ENCODER, **change)))


def test_without_examples_out_of_scope_the_doubt_decides(tmp_path: Path) -> None:
    write_requests_model(tmp_path, fitted_requests(out_of_scope=False))
    model = read_intent_model(tmp_path, read_manifest(tmp_path))
    texts = ["please get me a pizza"]
    (told,) = model.classify(texts, embedded(texts))

    assert told.p_out_of_scope is None
    assert not told.out_of_scope


def test_a_hosted_model_answers_its_canary(model: IntentModel) -> None:
    HostedIntentModel(model, 1, embedded([CANARY])).answer_canary()
    other = embedded([CANARY], replace(ENCODER, revision="r2"))

    with pytest.raises(ModelUnavailable, match="different encoders"):
        HostedIntentModel(model, 1, other).answer_canary()


def test_a_hosted_model_of_another_width_is_refused(model: IntentModel) -> None:
    narrow = replace(embedded([CANARY]), vectors=np.ones((1, 3), dtype=np.float32))

    with pytest.raises(ModelUnavailable, match="do not fit"):
        HostedIntentModel(model, 1, narrow).answer_canary()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"form": "intents-0"}, WeightsMismatch),
        ({"labels": ["book_table", "order_pizza"]}, WeightsMismatch),
        ({"labels": ["a", "a", "a"]}, WeightsMismatch),
        ({"labels": "book_table"}, ModelUnavailable),
        ({"encoder_id": None}, ModelUnavailable),
        ({"judgement": {}}, WeightsMismatch),
        ({"judgement": None}, WeightsMismatch),
        ({"weights_sha256": "0"}, WeightsMismatch),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    folder: Path, change: dict[str, object], error: type[Exception]
) -> None:
    manifest = read_manifest(folder) | change
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")

    with pytest.raises(error):
        read_intent_model(folder, manifest)


@pytest.mark.parametrize("name", ["words_weights", "words_bias", "telling"])
def test_arrays_that_are_missing_or_of_another_shape_are_refused(folder: Path, name: str) -> None:
    manifest = read_manifest(folder)
    arrays = read_arrays(folder, manifest)
    lacking = {key: array for key, array in arrays.items() if key != name}

    for torn in (lacking, arrays | {name: arrays[name][:1]}):
        with pytest.raises(WeightsMismatch):
            read_intent_model(folder, write_model(folder, torn, manifest))

"""An encoder of words, a model of four labels and a plain graph, over a real host and shelf."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.bootstrap.clock import utc_now
from ml_service.career.taxonomy.label_files import write_label_model
from ml_service.domain.errors import (
    DocumentRefused,
    InvalidRequest,
    ModelInUse,
    ModelNotFound,
    ModelUnavailable,
    TooLarge,
)
from ml_service.domain.prediction import ModelRef
from ml_service.domain.tensors import Tensor, Tensors, TensorSpec
from ml_service.hosting.choice import ModelChoice
from ml_service.hosting.host import ModelHost
from ml_service.hosting.loaded import RevisionState
from ml_service.hosting.shelf import ModelShelf
from ml_service.hosting.traffic import traffic_of
from ml_service.use_cases.analyse_resume import AnalyseResume
from ml_service.use_cases.career_models import CareerModels
from ml_service.use_cases.graph_runs import GraphRuns
from ml_service.use_cases.predict_texts import MOST_TEXTS, PredictTexts
from ml_service.use_cases.serve_tensors import ServeTensors
from tests.documents import resume_text
from tests.labelled_people import labelled_people
from tests.unit.career.makers import ENCODER
from tests.unit.career.taxonomy.makers import N_DIMS, card_for, fitted_trades, vector_of_text
from tests.unit.career.transitions.makers import small_next_occupations
from tests.unit.hosting.models import FIRST, SECOND, put
from tests.unit.use_cases.tensor_parts import Away, Doubling, Loaded
from tests.unit.use_cases.training_parts import TextReader, WordEncoder

ENCODER_CHOICE = ModelChoice(ENCODER.model_id)
TRADES, DOUBLE = ModelChoice("trades"), ModelChoice("double")
VALUES = {"values": np.array([1.0, 2.0])}
PEOPLE = [(label, resume_text(person)) for label, person in labelled_people(2, seed=5)]


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    shelf = ModelShelf(tmp_path / "models")
    put(shelf, "double", FIRST)
    shelf.add("trades", lambda folder: write_label_model(folder, fitted_trades(), card_for()))
    return shelf


@pytest.fixture
def loaded() -> Loaded:
    return Loaded()


@pytest.fixture
def host(shelf: ModelShelf, loaded: Loaded) -> ModelHost:
    return ModelHost(shelf, loaded, clock=utc_now)


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def predict_texts(host: ModelHost, encoder: WordEncoder) -> PredictTexts:
    analyse = AnalyseResume(
        reader=TextReader(),
        encoder=encoder,
        models=CareerModels(host, default="trades"),
        next_occupations=small_next_occupations(),
        vocabulary=SkillVocabulary(["QuickBooks"]),
    )
    return PredictTexts(analyse, utc_now)


@pytest.fixture
def serve(
    host: ModelHost, encoder: WordEncoder, graphs: GraphRuns, predict_texts: PredictTexts
) -> ServeTensors:
    return ServeTensors(encoder=encoder, host=host, graphs=graphs, predict_texts=predict_texts)


def texts(*said: str | bytes, column: bool = False) -> Mapping[str, Tensor]:
    array = np.empty(len(said), dtype=np.object_)
    array[:] = [text.encode() if isinstance(text, str) else text for text in said]
    return {"text": array.reshape(-1, 1) if column else array}


async def outputs_of(
    serve: ServeTensors, choice: ModelChoice, inputs: Tensors, *wanted: str
) -> Mapping[str, Tensor]:
    return (await serve.infer(choice, inputs, wanted=wanted, who="me")).outputs


@pytest.mark.parametrize("column", [False, True])
async def test_texts_become_vectors(serve: ServeTensors, column: bool) -> None:
    inferred = await serve.infer(
        ENCODER_CHOICE, texts("one cook", "two", column=column), wanted=(), who="me"
    )

    assert inferred.model == ModelRef(ENCODER.model_id, ENCODER.revision)
    assert inferred.parameters == {"precision": ENCODER.precision, "engine": ENCODER.engine}
    expected = [vector_of_text("one cook"), vector_of_text("two")]
    assert np.array_equal(inferred.outputs["vectors"], expected)


async def test_the_texts_of_a_request_go_to_one_encoder_together(
    serve: ServeTensors, encoder: WordEncoder
) -> None:
    said = [f"word {at}" for at in range(100)]

    outputs = await outputs_of(serve, ENCODER_CHOICE, texts(*said))

    assert outputs["vectors"].shape == (100, N_DIMS)
    assert np.array_equal(outputs["vectors"][-1], vector_of_text(said[-1]))
    assert encoder.n_calls == 2  # the first only counts dimensions


async def test_resumes_become_career_paths(serve: ServeTensors) -> None:
    inferred = await serve.infer(TRADES, texts(*[text for _, text in PEOPLE]), wanted=(), who="me")

    described = await serve.describe(TRADES)
    for spec in described.outputs:
        given = inferred.outputs[spec.name]
        assert given.shape == (len(PEOPLE), *spec.shape[1:])
    assert described.outputs[0].shape == (-1, 4)  # four labels, so four paths
    first = [row[0].decode() for row in inferred.outputs["career_path"]]
    assert first == [label for label, _ in PEOPLE]
    assert set(inferred.outputs["soc_code"].ravel()) == {b""}
    assert inferred.outputs["confidence"].dtype == np.float32
    assert inferred.outputs["abstained"].dtype == np.bool_
    assert inferred.model.arm == "champion"
    assert inferred.parameters == {"arm": "champion"}


async def test_outputs_come_as_they_were_asked_for(serve: ServeTensors, host: ModelHost) -> None:
    every = await outputs_of(serve, DOUBLE, VALUES)
    assert host.figures.predicted_s["double", FIRST, "champion"].n == 1
    some = await outputs_of(serve, DOUBLE, VALUES, "count")

    assert list(every) == ["doubled", "count"]
    assert every["doubled"].tolist() == [2.0, 4.0]
    assert list(some) == ["count"]
    with pytest.raises(InvalidRequest, match="doubled, count"):
        await outputs_of(serve, DOUBLE, VALUES, "halved")


async def test_a_text_that_is_no_resume_is_named(serve: ServeTensors) -> None:
    for refused in ("nothing of the kind", ""):
        with pytest.raises(DocumentRefused, match="Text 1"):
            await outputs_of(serve, TRADES, texts(PEOPLE[0][1], refused))


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"words": texts("a")["text"]},
        {**texts("a"), "more": texts("a")["text"]},
        {"text": np.array([1, 2])},
        {"text": texts("a", "b")["text"].reshape(1, 2)},
        {"text": texts()["text"]},
        texts(b"\xff"),
    ],
)
async def test_inputs_that_are_no_texts_are_refused(serve: ServeTensors, inputs: Tensors) -> None:
    for choice in (ENCODER_CHOICE, TRADES):
        with pytest.raises(InvalidRequest):
            await outputs_of(serve, choice, inputs)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (ENCODER_CHOICE, ["a"] * 513),
        (ENCODER_CHOICE, ["a" * 600_000] * 2),
        (TRADES, [PEOPLE[0][1]] * (MOST_TEXTS + 1)),
    ],
)
async def test_too_many_texts_are_refused_with_what_to_do(
    serve: ServeTensors, choice: ModelChoice, said: list[str]
) -> None:
    with pytest.raises(TooLarge, match="several requests"):
        await outputs_of(serve, choice, texts(*said))


async def test_the_version_or_the_traffic_decides_who_answers(
    serve: ServeTensors, shelf: ModelShelf, host: ModelHost
) -> None:
    await asyncio.to_thread(put, shelf, "double", SECOND)
    await host.point("double", "challenger", SECOND)
    weights = {"champion": 1.0, "challenger": 1.0}
    await host.share("double", traffic_of(weights, shadow=None, since=utc_now()))

    async def revision(version: str | None, who: str = "me") -> str:
        choice = ModelChoice("double", version)
        return (await serve.infer(choice, VALUES, wanted=(), who=who)).model.revision

    assert await revision("challenger") == await revision(SECOND) == SECOND
    assert await revision("champion") == await revision(FIRST) == FIRST
    assert {await revision(None, str(who)) for who in range(20)} == {FIRST, SECOND}
    assert len({await revision(None, "me") for _ in range(5)}) == 1


@pytest.mark.parametrize(
    "choice",
    [
        ModelChoice("nobody"),
        ModelChoice("../double"),
        ModelChoice("double", SECOND),
        ModelChoice("double", "../x"),
        ModelChoice(ENCODER.model_id, "of another time"),
        ModelChoice("mute"),
    ],
)
async def test_what_is_not_there_is_not_found(
    serve: ServeTensors, shelf: ModelShelf, choice: ModelChoice
) -> None:
    await asyncio.to_thread(put, shelf, "mute", FIRST)

    with pytest.raises(ModelNotFound):
        await serve.describe(choice)
    with pytest.raises(ModelNotFound):
        await serve.infer(choice, VALUES, wanted=(), who="me")


async def test_each_model_says_what_it_takes_and_gives(
    serve: ServeTensors, shelf: ModelShelf
) -> None:
    await asyncio.to_thread(put, shelf, "double", SECOND)

    encoder, graph = await serve.describe(ENCODER_CHOICE), await serve.describe(DOUBLE)

    assert await serve.names() == (ENCODER.model_id, "double", "trades")
    assert encoder.versions == (ENCODER.revision,)
    assert encoder.inputs == (TensorSpec("text", "BYTES", (-1,)),)
    assert encoder.outputs == (TensorSpec("vectors", "FP32", (-1, N_DIMS)),)
    assert set(graph.versions) == {FIRST, SECOND}
    assert graph.inputs == (TensorSpec("values", "FP64", (-1,)),)


async def test_while_the_encoder_is_away_the_others_answer(
    host: ModelHost, graphs: GraphRuns, predict_texts: PredictTexts
) -> None:
    serve = ServeTensors(encoder=Away(), host=host, graphs=graphs, predict_texts=predict_texts)

    assert await serve.names() == (ENCODER.model_id, "double", "trades")
    assert (await serve.describe(DOUBLE)).versions == (FIRST,)
    assert (await outputs_of(serve, DOUBLE, VALUES))["count"] == 2
    encoder, *others = await serve.index()
    assert (encoder.model_id, encoder.revision) == (ENCODER.model_id, ENCODER.revision)
    assert encoder.state == RevisionState("failed", reason="It cannot be reached.")
    assert {other.model_id for other in others} == {"double", "trades"}
    await serve.unload("double")
    with pytest.raises(ModelInUse):
        await serve.unload(ENCODER.model_id)
    with pytest.raises(ModelUnavailable, match="reached"):
        await outputs_of(serve, ENCODER_CHOICE, texts("one"))
    with pytest.raises(ModelUnavailable, match="reached"):
        await serve.load(ENCODER_CHOICE)
    with pytest.raises(ModelNotFound):
        await serve.load(ModelChoice(ENCODER.model_id, "of another time"))


async def test_models_are_loaded_and_unloaded(serve: ServeTensors, host: ModelHost) -> None:
    async def states() -> dict[str, str]:
        return {standing.model_id: standing.state.state for standing in await serve.index()}

    await serve.load(TRADES)
    assert await states() == {
        ENCODER.model_id: "ready",
        "double": "registered",
        "trades": "ready",
    }
    await serve.load(DOUBLE)
    await serve.unload("double")
    assert (await states())["double"] == "unloaded"
    assert (await outputs_of(serve, DOUBLE, VALUES))["count"] == 2  # loaded again
    for kept in ("trades", ENCODER.model_id):
        with pytest.raises(ModelInUse):
            await serve.unload(kept)
    with pytest.raises(ModelNotFound):
        await serve.unload("nobody")
    assert (await states())["trades"] == "ready"


async def test_a_model_that_cannot_be_loaded_says_why(
    serve: ServeTensors, shelf: ModelShelf
) -> None:
    await asyncio.to_thread(put, shelf, "double", SECOND, "broken")

    with pytest.raises(ModelUnavailable, match="broken"):
        await serve.load(ModelChoice("double", SECOND))

    standing = {found.revision: found.state for found in await serve.index()}
    assert (standing[SECOND].state, standing[SECOND].reason) == (
        "failed",
        "The weights are broken.",
    )


async def test_who_leaves_lets_a_run_end_before_the_model_is_let_go(
    serve: ServeTensors, host: ModelHost, loaded: Loaded
) -> None:
    await serve.load(DOUBLE)
    graph = loaded[FIRST]
    assert isinstance(graph, Doubling)
    graph.gate.clear()
    running = asyncio.create_task(outputs_of(serve, DOUBLE, VALUES))
    assert await asyncio.to_thread(graph.begun.wait, 10)

    running.cancel()
    await asyncio.wait([running], timeout=0.05)

    assert host.state_of(graph.ref).requests_in_work == 1
    graph.gate.set()
    await asyncio.wait([running], timeout=10)
    assert running.cancelled()
    assert host.state_of(graph.ref).requests_in_work == 0

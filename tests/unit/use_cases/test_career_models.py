from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from ml_service.bootstrap.clock import utc_now
from ml_service.career.hosted import HostedCareerModel, canary_evidence
from ml_service.career.taxonomy.label_files import read_label_model, write_label_model
from ml_service.domain.errors import (
    ModelChanged,
    ModelNotFound,
    ModelUnavailable,
    WeightsMismatch,
)
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.host import ModelHost
from ml_service.hosting.loaded import HostedModel
from ml_service.hosting.model_files import (
    MANIFEST_FILE,
    WEIGHTS_FILE,
    Manifest,
    read_manifest,
    unpacked_bytes,
    write_model,
)
from ml_service.hosting.shelf import ModelShelf
from ml_service.hosting.traffic import traffic_of
from ml_service.use_cases.career_models import CareerModels
from tests.unit.career.makers import ENCODER
from tests.unit.career.taxonomy.makers import N_DIMS, card_for, fitted_trades

CANARY_VECTORS = Embeddings(vectors=np.full((1, N_DIMS), N_DIMS**-0.5, np.float32), encoder=ENCODER)


def load(folder: Path) -> HostedModel:
    predictor = read_label_model(folder, read_manifest(folder))
    return HostedCareerModel(predictor, unpacked_bytes(folder), canary_evidence(CANARY_VECTORS))


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    return ModelShelf(tmp_path / "models")


@pytest.fixture
def host(shelf: ModelShelf) -> ModelHost:
    return ModelHost(shelf, load, clock=utc_now)


@pytest.fixture
def models(host: ModelHost) -> CareerModels:
    return CareerModels(host, default="trades")


async def add(shelf: ModelShelf, name: str = "trades", *, version: int = 0) -> str:
    return await asyncio.to_thread(added, shelf, name, version)


def added(shelf: ModelShelf, name: str, version: int) -> str:
    """A revision of its own for each version."""
    fitted = fitted_trades()
    head = replace(fitted.head, prior=fitted.head.prior - np.float32(version))
    calibration = {
        "weights": list(fitted.calibration.weights),
        "intercept": fitted.calibration.intercept,
    }
    card = replace(card_for(), model_id=name, calibration=calibration)
    return shelf.add(
        name, lambda folder: write_label_model(folder, replace(fitted, head=head), card)
    )


async def promote(shelf: ModelShelf, name: str, revision: str) -> None:
    await asyncio.to_thread(shelf.promote, name, revision)


async def break_weights(
    shelf: ModelShelf, name: str, revision: str, *, with_content: bytes = b"broken"
) -> bytes:
    """What was there."""
    folder = await asyncio.to_thread(shelf.folder_of, name, revision)
    before = (folder / WEIGHTS_FILE).read_bytes()
    (folder / WEIGHTS_FILE).write_bytes(with_content)
    return before


async def test_the_default_is_loaded_at_the_start_and_others_when_asked_for(
    shelf: ModelShelf, models: CareerModels
) -> None:
    first, other = await add(shelf), await add(shelf, "other")

    await models.start()

    assert models.default == ModelRef("trades", first)
    assert (await models.part()).detail == {"trades": first}
    assert (await models.get("other")).ref == ModelRef("other", other)
    assert (await models.part()).detail == {"other": other, "trades": first}
    assert (await models.get(None)).ref == ModelRef("trades", first)


async def test_without_its_default_nothing_starts(models: CareerModels) -> None:
    with pytest.raises(ModelNotFound, match="DEFAULT_MODEL names trades"):
        await models.start()
    assert (await models.part()).state == "not_ready"


async def test_nor_without_what_it_shall_load_beside(
    shelf: ModelShelf, models: CareerModels
) -> None:
    await add(shelf)
    with pytest.raises(ModelNotFound, match="PRELOAD_MODELS names nobody@champion"):
        await models.start(also=["nobody@champion"])


@pytest.mark.parametrize("name", ["nobody", "../trades", "Trades", "a" * 200])
async def test_a_model_that_is_not_there_is_not_found(
    shelf: ModelShelf, models: CareerModels, name: str
) -> None:
    await add(shelf)

    with pytest.raises(ModelNotFound):
        await models.get(name)
    with pytest.raises(ModelNotFound):
        await models.find(name)


async def test_a_version_is_named_after_the_model(shelf: ModelShelf, models: CareerModels) -> None:
    first, second = await add(shelf), await add(shelf, version=1)
    await models.start()

    assert await models.choose(None) == ModelRef("trades", first, "champion")
    assert await models.choose("trades@champion") == ModelRef("trades", first)
    assert (await models.get(f"trades@{second}")).ref == ModelRef("trades", second)


async def test_a_broken_one_is_told(shelf: ModelShelf, models: CareerModels) -> None:
    await add(shelf)
    broken = await add(shelf, "broken")
    await break_weights(shelf, "broken", broken)
    await models.start()

    with pytest.raises(WeightsMismatch):
        await models.get("broken")
    assert (await models.get(None)).ref.model_id == "trades"


async def test_a_folder_under_another_name_is_not_taken_for_its_model(
    shelf: ModelShelf, models: CareerModels, tmp_path: Path
) -> None:
    await add(shelf)
    await models.start()
    (tmp_path / "models" / "trades").rename(tmp_path / "models" / "copied")

    with pytest.raises(ModelUnavailable):
        await models.get("copied")
    assert (await models.listed()).unreadable == ("copied",)


async def test_a_head_of_another_encoder_is_found_out_before_it_answers(
    shelf: ModelShelf, tmp_path: Path
) -> None:
    def load_beside_another_encoder(folder: Path) -> HostedModel:
        vectors = replace(CANARY_VECTORS, encoder=replace(ENCODER, revision="r2"))
        predictor = read_label_model(folder, read_manifest(folder))
        return HostedCareerModel(predictor, 1, canary_evidence(vectors))

    await add(shelf)
    models = CareerModels(
        ModelHost(shelf, load_beside_another_encoder, clock=utc_now), default="trades"
    )
    with pytest.raises(ModelUnavailable, match="encoder"):
        await models.start()


async def test_a_precision_that_the_model_was_not_measured_in_is_doubted(
    shelf: ModelShelf, models: CareerModels
) -> None:
    await add(shelf)
    await models.start()
    assert await models.doubt(ENCODER) is None  # its manifest names no precisions

    def write(folder: Path) -> Manifest:
        fitted = fitted_trades()
        calibration = {
            "weights": list(fitted.calibration.weights),
            "intercept": fitted.calibration.intercept,
        }
        card = replace(card_for(), calibration=calibration, metrics={"spaces": {"fp32": {"n": 9}}})
        head = replace(fitted.head, prior=fitted.head.prior - np.float32(7))
        return write_label_model(folder, replace(fitted, head=head), card)

    revision = await asyncio.to_thread(shelf.add, "trades", write)
    await promote(shelf, "trades", revision)
    await models.start()

    assert await models.doubt(replace(ENCODER, precision="fp32")) is None
    doubt = await models.doubt(replace(ENCODER, precision="int4"))
    assert doubt == "trades was measured with vectors in fp32, not in int4"


async def test_the_very_revision_that_predicted_is_found_also_when_another_answers(
    shelf: ModelShelf, host: ModelHost, models: CareerModels
) -> None:
    first, second = await add(shelf), await add(shelf, version=1)
    await models.start()
    await host.point("trades", "champion", second)

    async with models.lease_former(ModelRef("trades", first, arm="champion")) as former:
        assert former.ref == ModelRef("trades", first)
    assert (await models.get("trades")).ref.revision == second


@pytest.mark.parametrize(
    "ref",
    [
        ModelRef("trades", "cccccccccccc"),
        ModelRef("nobody", "cccccccccccc"),
        ModelRef("../trades", "../.."),
        ModelRef("broken", ""),
    ],
)
async def test_a_revision_that_is_gone_or_broken_means_the_model_changed(
    shelf: ModelShelf, models: CareerModels, ref: ModelRef
) -> None:
    await add(shelf)
    broken = await add(shelf, "broken")
    await break_weights(shelf, "broken", broken)
    await models.start()

    with pytest.raises(ModelChanged):
        async with models.lease_former(ref if ref.revision else ModelRef("broken", broken)):
            pytest.fail("there is no such model")


async def test_models_are_listed_with_their_revisions_and_state(
    shelf: ModelShelf, models: CareerModels, tmp_path: Path
) -> None:
    first, second = await add(shelf), await add(shelf, version=1)
    await add(shelf, "other")
    torn = await add(shelf, "torn")
    (tmp_path / "models" / "torn" / torn / MANIFEST_FILE).write_text("{}")
    await models.start()

    listed = await models.listed()

    assert [(model.card.model_id, model.state.state) for model in listed.models] == [
        ("other", "registered"),
        ("trades", "ready"),
    ]
    assert listed.unreadable == ("torn",)
    told = [asdict(revision) for revision in listed.models[1].revisions]
    assert sorted(told, key=lambda row: str(row["revision"])) == sorted(
        [
            {"revision": first, "champion": True, "trained_at": "2026-03-01"},
            {"revision": second, "champion": False, "trained_at": "2026-03-01"},
        ],
        key=lambda row: str(row["revision"]),
    )
    with pytest.raises(ModelUnavailable):
        await models.find("torn")
    assert (await models.find("other")).card.model_id == "other"


def test_arrays_of_something_else_are_no_model(shelf: ModelShelf) -> None:
    manifest = {**asdict(card_for()), "form": "labels-1"}
    revision = shelf.add("trades", lambda folder: write_model(folder, {"x": np.zeros(2)}, manifest))

    with pytest.raises(WeightsMismatch):
        load(shelf.folder_of("trades", revision))


@pytest.mark.parametrize("weights", [{"champion": 1.0, "challenger": 1.0}, {"challenger": 1.0}])
async def test_a_restart_under_shared_traffic_loads_the_champions(
    shelf: ModelShelf, host: ModelHost, weights: dict[str, float]
) -> None:
    for name in ("trades", "other"):
        await add(shelf, name)
        second = await add(shelf, name, version=1)
        await host.point(name, "challenger", second)
        await host.share(name, traffic_of(weights, shadow=None, since=utc_now()))

    restarted = CareerModels(ModelHost(shelf, load, clock=utc_now), default="trades")
    await restarted.start(also=["other"])

    part = await restarted.part()
    assert part.state == "ready"
    assert set(part.detail) == {"other", "trades"}

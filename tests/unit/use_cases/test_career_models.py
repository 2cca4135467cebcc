from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from ml_service.career.model_files import MANIFEST_FILE, WEIGHTS_FILE, read_manifest, write_model
from ml_service.career.model_shelf import CHAMPION_FILE, ModelShelf
from ml_service.career.taxonomy.label_files import read_label_model, write_label_model
from ml_service.career.taxonomy.label_model import LabelModel
from ml_service.domain.errors import (
    ModelChanged,
    ModelNotFound,
    ModelUnavailable,
    WeightsMismatch,
)
from ml_service.domain.prediction import ModelRef
from ml_service.use_cases.career_models import MOST_FORMER, CareerModels
from tests.unit.career.taxonomy.makers import card_for, fitted_trades


@dataclass
class Loader:
    """The real one, counting; ``before`` runs before each loading."""

    loaded: list[str] = field(default_factory=list)
    before: Callable[[], object] = lambda: None

    def __call__(self, folder: Path) -> LabelModel:
        self.before()
        self.loaded.append(folder.name)
        return read_label_model(folder, read_manifest(folder))


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    return ModelShelf(tmp_path / "models")


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture
def models(shelf: ModelShelf, loader: Loader) -> CareerModels:
    return CareerModels(shelf, loader, default="trades")


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


async def test_a_model_is_loaded_when_it_is_first_asked_for_and_once(
    shelf: ModelShelf, models: CareerModels, loader: Loader
) -> None:
    first, other = await add(shelf), await add(shelf, "other")

    await models.start()
    assert loader.loaded == [first]
    answering = await asyncio.gather(*(models.get("other") for _ in range(4)))

    assert loader.loaded == [first, other]
    assert all(model is answering[0] for model in answering)
    assert (await models.get(None)).ref == ModelRef("trades", first)
    assert models.default.ref.model_id == "trades"


@pytest.mark.parametrize("name", ["nobody", "../trades", "Trades", "a" * 200])
async def test_a_model_that_is_not_there_is_not_found(
    shelf: ModelShelf, models: CareerModels, name: str
) -> None:
    await add(shelf)

    with pytest.raises(ModelNotFound):
        await models.get(name)
    with pytest.raises(ModelNotFound):
        await models.find(name)


async def test_without_its_default_nothing_starts(models: CareerModels) -> None:
    with pytest.raises(ModelNotFound):
        await models.start()
    assert (await models.part()).state == "not_ready"


async def test_a_promoted_revision_answers_the_next_request(
    shelf: ModelShelf, models: CareerModels
) -> None:
    first = await add(shelf)
    await models.start()
    second = await add(shelf, version=1)
    assert (await models.get("trades")).ref.revision == first

    await promote(shelf, "trades", second)

    assert (await models.get("trades")).ref.revision == second
    assert models.default.ref.revision == second
    await promote(shelf, "trades", first)
    assert (await models.get(None)).ref.revision == first


async def test_a_promoted_one_that_cannot_be_loaded_leaves_the_former_answering(
    shelf: ModelShelf, models: CareerModels, loader: Loader, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = await add(shelf), await add(shelf, version=1)
    await models.start()
    await break_weights(shelf, "trades", second)
    await promote(shelf, "trades", second)

    with caplog.at_level(logging.ERROR):
        answers = [(await models.get("trades")).ref.revision for _ in range(3)]

    assert answers == [first] * 3
    assert loader.loaded == [first, second]  # not tried again for each request
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert (await models.part()).detail == {"trades": first}


async def test_a_broken_one_is_tried_again_after_a_while(shelf: ModelShelf, loader: Loader) -> None:
    models = CareerModels(shelf, loader, default="trades", retry_after_s=0)
    await add(shelf)
    second = await add(shelf, version=1)
    await models.start()
    whole = await break_weights(shelf, "trades", second)
    await promote(shelf, "trades", second)
    await models.get("trades")

    await break_weights(shelf, "trades", second, with_content=whole)

    assert (await models.get("trades")).ref.revision == second


async def test_the_next_one_that_is_promoted_does_not_wait(
    shelf: ModelShelf, models: CareerModels
) -> None:
    await add(shelf)
    second, third = await add(shelf, version=1), await add(shelf, version=2)
    await models.start()
    await break_weights(shelf, "trades", second)
    await promote(shelf, "trades", second)
    await models.get("trades")

    await promote(shelf, "trades", third)

    assert (await models.get("trades")).ref.revision == third


async def test_a_broken_one_without_a_former_is_told(
    shelf: ModelShelf, models: CareerModels
) -> None:
    await add(shelf)
    broken = await add(shelf, "broken")
    await break_weights(shelf, "broken", broken)
    await models.start()

    with pytest.raises(WeightsMismatch):
        await models.get("broken")
    assert (await models.get(None)).ref.model_id == "trades"


async def test_a_pointer_that_says_nothing_leaves_the_former_answering(
    shelf: ModelShelf, models: CareerModels, tmp_path: Path
) -> None:
    first = await add(shelf)
    await models.start()

    (tmp_path / "models" / "trades" / CHAMPION_FILE).write_text("no revision")

    assert (await models.get(None)).ref.revision == first
    with pytest.raises(ModelUnavailable):
        await models.find("trades")


async def test_a_folder_under_another_name_is_not_taken_for_its_model(
    shelf: ModelShelf, models: CareerModels, tmp_path: Path
) -> None:
    await add(shelf)
    await models.start()
    (tmp_path / "models" / "trades").rename(tmp_path / "models" / "copied")

    with pytest.raises(ModelUnavailable):
        await models.get("copied")
    assert (await models.listed()).unreadable == ("copied",)


async def test_who_waited_for_a_loading_gets_what_was_promoted_meanwhile(
    shelf: ModelShelf, models: CareerModels, loader: Loader
) -> None:
    await add(shelf)
    second, third = await add(shelf, version=1), await add(shelf, version=2)
    await models.start()
    loading, may_load = threading.Event(), threading.Event()

    def wait() -> None:
        loading.set()
        assert may_load.wait(10)

    loader.before = wait
    await promote(shelf, "trades", second)
    first_asked = asyncio.create_task(models.get("trades"))
    await asyncio.to_thread(loading.wait, 10)
    waiting = asyncio.create_task(models.get("trades"))
    await asyncio.sleep(0.05)
    await promote(shelf, "trades", third)
    may_load.set()

    assert (await first_asked).ref.revision == second
    assert (await waiting).ref.revision == third
    assert (await models.get("trades")).ref.revision == third


async def test_what_answers_is_not_held_up_by_the_loading_of_another(
    shelf: ModelShelf, models: CareerModels, loader: Loader
) -> None:
    await add(shelf)
    await add(shelf, "other")
    await models.start()
    may_load = threading.Event()
    loader.before = lambda: may_load.wait(10)
    other = asyncio.create_task(models.get("other"))
    await asyncio.sleep(0.05)

    async with asyncio.timeout(2):
        assert (await models.get(None)).ref.model_id == "trades"

    may_load.set()
    assert (await other).ref.model_id == "other"


async def test_the_very_revision_that_predicted_is_found_also_when_another_answers(
    shelf: ModelShelf, models: CareerModels, loader: Loader
) -> None:
    first, second = await add(shelf), await add(shelf, version=1)
    await models.start()
    await promote(shelf, "trades", second)
    await models.get("trades")
    loader.loaded.clear()

    former = await models.exactly(ModelRef("trades", first, arm="control"))
    again = await models.exactly(ModelRef("trades", first))

    assert former.ref == ModelRef("trades", first)
    assert again is former
    assert loader.loaded == [first]
    assert (await models.get("trades")).ref.revision == second


async def test_few_former_revisions_are_held_in_memory(
    shelf: ModelShelf, models: CareerModels, loader: Loader
) -> None:
    revisions = [await add(shelf, version=at) for at in range(MOST_FORMER + 2)]
    await models.start()
    loader.loaded.clear()

    for revision in [*revisions[1:], *revisions[-MOST_FORMER:], revisions[1]]:
        await models.exactly(ModelRef("trades", revision))

    assert loader.loaded == [*revisions[1:], revisions[1]]


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
        await models.exactly(ref if ref.revision else ModelRef("broken", broken))


async def test_models_are_listed_with_their_revisions_and_state(
    shelf: ModelShelf, models: CareerModels, tmp_path: Path
) -> None:
    first, second = await add(shelf), await add(shelf, version=1)
    await add(shelf, "other")
    torn = await add(shelf, "torn")
    (tmp_path / "models" / "torn" / torn / MANIFEST_FILE).write_text("{}")
    await models.start()

    listed = await models.listed()

    assert [(model.card.model_id, model.state) for model in listed.models] == [
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


async def test_a_revision_that_waits_for_its_loading_is_not_called_ready(
    shelf: ModelShelf, models: CareerModels
) -> None:
    await add(shelf)
    second = await add(shelf, version=1)
    await models.start()

    await promote(shelf, "trades", second)

    assert (await models.find("trades")).state == "registered"
    await models.get("trades")
    assert (await models.find("trades")).state == "ready"


def test_arrays_of_something_else_are_no_model(shelf: ModelShelf, loader: Loader) -> None:
    manifest = {**asdict(card_for()), "form": "labels-1"}
    revision = shelf.add("trades", lambda folder: write_model(folder, {"x": np.zeros(2)}, manifest))

    with pytest.raises(WeightsMismatch):
        loader(shelf.folder_of("trades", revision))

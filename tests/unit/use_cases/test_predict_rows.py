"""Rows to a plain graph that was exported for one row at a time, over a real host and shelf."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.bootstrap.clock import utc_now
from ml_service.domain.errors import ModelUnavailable, Overloaded
from ml_service.domain.prediction import ModelRef
from ml_service.domain.run_limit import RunLimit
from ml_service.domain.tensors import Tensor, Tensors, TensorSpec
from ml_service.hosting.host import ModelHost
from ml_service.hosting.row_schema import Answers, RowSchema, derived_features
from ml_service.hosting.rows import RowPrediction
from ml_service.hosting.shelf import ModelShelf
from ml_service.use_cases.analyse_resume import AnalyseResume
from ml_service.use_cases.career_models import CareerModels
from ml_service.use_cases.graph_runs import GraphRuns
from ml_service.use_cases.predict_rows import PredictRows
from ml_service.use_cases.predict_texts import PredictTexts
from tests.unit.career.transitions.makers import small_next_occupations
from tests.unit.hosting.models import FIRST, put
from tests.unit.use_cases.training_parts import TextReader, WordEncoder

INPUTS = (TensorSpec("x", "FP32", (1, 1)),)
SCHEMA = RowSchema(INPUTS, derived_features(INPUTS), Answers(value="y"), (), ())
ROWS = [[1], [2], [3]]


@dataclass
class Doubling:
    """Answers at once, or stays with its first row until it is stopped."""

    ref: ModelRef
    stays: bool = False
    memory_bytes: int = 1
    begun: threading.Event = field(default_factory=threading.Event)
    threads: list[str] = field(default_factory=list)
    inputs: tuple[TensorSpec, ...] = INPUTS
    outputs: tuple[TensorSpec, ...] = (TensorSpec("y", "FP32", (1, 1)),)
    rows: RowSchema | None = SCHEMA

    def answer_canary(self) -> None:
        """Always right."""

    def run(self, inputs: Tensors, *, limit: RunLimit | None = None) -> dict[str, Tensor]:
        assert limit is not None
        self.threads.append(threading.current_thread().name)
        if self.stays:
            stopped = threading.Event()
            with limit.stopping(stopped.set):
                self.begun.set()
                assert stopped.wait(30)
        return {"y": np.asarray(2 * inputs["x"])}


@pytest.fixture
def model() -> Doubling:
    return Doubling(ModelRef("double", FIRST))


@pytest.fixture
def host(tmp_path: Path, model: Doubling) -> ModelHost:
    shelf = ModelShelf(tmp_path / "models")
    put(shelf, "double", FIRST)
    return ModelHost(shelf, lambda _: model, clock=utc_now)


def over(host: ModelHost, graphs: GraphRuns) -> PredictRows:
    analyse = AnalyseResume(
        reader=TextReader(),
        encoder=WordEncoder(),
        models=CareerModels(host, default="double"),
        next_occupations=small_next_occupations(),
        vocabulary=SkillVocabulary(["QuickBooks"]),
    )
    return PredictRows(
        host=host,
        graphs=graphs,
        predict_texts=PredictTexts(analyse, utc_now),
        default_model="double",
    )


@pytest.fixture
async def impatient() -> AsyncIterator[GraphRuns]:
    graphs = GraphRuns(1, longest_run_s=0.05)
    yield graphs
    await graphs.close()


async def test_each_row_is_answered_in_a_thread_of_graphs(
    host: ModelHost, graphs: GraphRuns, model: Doubling
) -> None:
    told = await over(host, graphs)(ROWS, model=None, field="data")

    assert told.model == ModelRef("double", FIRST, "champion")
    assert list(told.predictions) == [RowPrediction(value=value) for value in (2.0, 4.0, 6.0)]
    assert len(model.threads) == 3
    assert all(name.startswith("graph") for name in model.threads)
    assert host.figures.predicted_s["double", FIRST, "champion"].n == 1


async def test_all_rows_have_one_limit_of_time(
    host: ModelHost, impatient: GraphRuns, model: Doubling
) -> None:
    model.stays = True

    with pytest.raises(ModelUnavailable, match="longer than"):
        await over(host, impatient)(ROWS, model=None, field="data")

    assert len(model.threads) == 1


async def test_no_further_row_is_run_for_who_left(
    host: ModelHost, graphs: GraphRuns, model: Doubling
) -> None:
    model.stays = True
    asking = asyncio.create_task(over(host, graphs)(ROWS, model=None, field="data"))
    assert await asyncio.to_thread(model.begun.wait, 30)

    asking.cancel()
    await asyncio.wait([asking])

    assert asking.cancelled()
    assert len(model.threads) == 1
    assert host.state_of(model.ref).requests_in_work == 0


async def test_a_full_service_says_so_and_counts_it(
    host: ModelHost, graphs: GraphRuns, model: Doubling
) -> None:
    held = [graphs.permits.take() for _ in range(graphs.permits.limit)]
    for permit in held:
        permit.__enter__()

    with pytest.raises(Overloaded, match="plain graphs"):
        await over(host, graphs)(ROWS, model=None, field="data")

    for permit in held:
        permit.__exit__(None, None, None)
    assert host.figures.refusals["double", FIRST, "overloaded"] == 1
    assert not model.threads

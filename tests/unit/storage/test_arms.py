from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from ml_service.domain.arms import ArmAnswer, ArmFigures, ArmLog
from ml_service.domain.prediction import ModelRef, Prediction, PredictionChange
from ml_service.storage.arms import SqlArmLog
from ml_service.storage.database import Database
from ml_service.storage.predictions import SqlPredictionStore
from tests.unit.storage.examples import LINES, NOON, a_prediction

FIRST = ModelRef("occupations", "aaaaaaaaaaaa", "champion")
SECOND = ModelRef("occupations", "bbbbbbbbbbbb", "challenger")


@pytest.fixture
def arms(database: Database) -> ArmLog:
    return SqlArmLog(database)


async def recorded(store: SqlPredictionStore, models: Sequence[ModelRef]) -> tuple[Prediction, ...]:
    made = []
    for at, model in enumerate(models):
        prediction = a_prediction(minutes=at)
        career = replace(prediction.analysis.career, model=model)
        prediction = replace(prediction, analysis=replace(prediction.analysis, career=career))
        await store.add(prediction, lines=LINES)
        made.append(prediction)
    return tuple(made)


def answer(
    prediction_id: UUID, model: ModelRef, seconds: float, *, agrees: bool | None = None
) -> ArmAnswer:
    return ArmAnswer(
        prediction_id, model, agrees is not None, "29-1141.00", 0.8, seconds, agrees=agrees
    )


async def test_figures_stand_by_arm_with_what_people_said(
    store: SqlPredictionStore, arms: ArmLog
) -> None:
    made = await recorded(store, [FIRST, FIRST, SECOND, replace(FIRST, arm=None)])
    judged = PredictionChange(feedback="wrong")
    await store.change(made[0].prediction_id, judged, at=NOON)
    await store.change(made[2].prediction_id, PredictionChange(feedback="right"), at=NOON)
    await arms.note([answer(made[0].prediction_id, FIRST, 0.25)], at=NOON)
    await arms.note([answer(made[1].prediction_id, FIRST, 0.75)], at=NOON)

    by_caller, challenger, champion = await arms.figures("occupations", since=None)

    assert (by_caller.arm, by_caller.n_answered, by_caller.mean_s) == (None, 1, None)
    assert (challenger.arm, challenger.revision) == ("challenger", SECOND.revision)
    assert (challenger.n_answered, challenger.n_right, challenger.n_wrong) == (1, 1, 0)
    assert (champion.n_answered, champion.n_right, champion.n_wrong) == (2, 0, 1)
    assert (champion.mean_s, champion.max_s) == (0.5, 0.75)
    assert champion.mean_confidence == pytest.approx(
        made[0].analysis.career.career_paths[0].confidence
    )
    assert await arms.figures("nobody", since=None) == ()


async def test_a_shadow_is_counted_apart_from_what_was_answered(
    store: SqlPredictionStore, arms: ArmLog
) -> None:
    made = await recorded(store, [FIRST, FIRST])
    shadow = replace(SECOND, arm=SECOND.revision)
    for prediction, agrees in zip(made, (True, False), strict=True):
        await arms.note([answer(prediction.prediction_id, shadow, 0.5, agrees=agrees)], at=NOON)

    found = {arm.revision: arm for arm in await arms.figures("occupations", since=None)}

    assert found[FIRST.revision].n_answered == 2
    shadowed = found[SECOND.revision]
    assert (shadowed.n_answered, shadowed.n_shadowed, shadowed.n_agreed) == (0, 2, 1)


async def test_only_what_came_since_counts(store: SqlPredictionStore, arms: ArmLog) -> None:
    made = await recorded(store, [FIRST, FIRST, FIRST])
    await arms.note([answer(made[0].prediction_id, FIRST, 9.0)], at=made[0].created_at)
    await arms.note([answer(made[2].prediction_id, FIRST, 1.0)], at=made[2].created_at)

    (champion,) = await arms.figures("occupations", since=made[1].created_at)

    assert (champion.n_answered, champion.max_s) == (2, 1.0)


async def test_nothing_is_kept_of_what_was_deleted(store: SqlPredictionStore, arms: ArmLog) -> None:
    made = await recorded(store, [FIRST, FIRST])
    await arms.note([answer(made[0].prediction_id, FIRST, 1.0)], at=NOON)
    for prediction in made:
        await store.delete(prediction.prediction_id)

    await arms.note([answer(made[1].prediction_id, FIRST, 1.0)], at=NOON)

    assert await arms.figures("occupations", since=None) == ()


async def test_the_same_answer_twice_is_one(store: SqlPredictionStore, arms: ArmLog) -> None:
    (made,) = await recorded(store, [FIRST])
    for _ in range(2):
        await arms.note([answer(made.prediction_id, SECOND, 1.0, agrees=True)], at=NOON)

    assert ArmFigures(
        "challenger", SECOND.revision, mean_s=1.0, max_s=1.0, n_shadowed=1, n_agreed=1
    ) in await arms.figures("occupations", since=None)

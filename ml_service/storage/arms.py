"""What the arms of a model answered, shared by all processes; satisfies ArmLog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Row, Select, case, func, select

from ml_service.domain.arms import ArmAnswer, ArmFigures
from ml_service.storage.database import Database, to_its_end
from ml_service.storage.tables import arm_answers, predictions
from ml_service.storage.upserts import insert_into


class SqlArmLog:
    """Raises StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_its_end
    async def note(self, answers: Sequence[ArmAnswer], *, at: datetime) -> None:
        async with self._database.writing() as connection:
            there = select(predictions.c.id).where(
                predictions.c.id.in_([answer.prediction_id for answer in answers])
            )
            known = set((await connection.execute(there)).scalars())
            rows = [_row(answer, at) for answer in answers if answer.prediction_id in known]
            if rows:
                statement = insert_into(connection, arm_answers).values(rows)
                await connection.execute(statement.on_conflict_do_nothing())

    @to_its_end
    async def figures(self, model_id: str, *, since: datetime | None) -> tuple[ArmFigures, ...]:
        async with self._database.reading() as connection:
            given = (await connection.execute(_given(model_id, since))).all()
            measured = (await connection.execute(_measured(model_id, since))).all()
        found = {(row.model_arm, row.model_revision): _figures(row) for row in given}
        for row in measured:
            name = (row.arm, row.model_revision)
            found[name] = _with_measurements(found.get(name, ArmFigures(*name)), row)
        return tuple(sorted(found.values(), key=lambda arm: (arm.arm or "", arm.revision)))


def _row(answer: ArmAnswer, at: datetime) -> dict[str, object]:
    return {
        "prediction_id": answer.prediction_id,
        "model_id": answer.model.model_id,
        "model_revision": answer.model.revision,
        "arm": answer.model.arm,
        "shadow": answer.shadow,
        "label": answer.label,
        "confidence": answer.confidence,
        "seconds": answer.seconds,
        "agrees": answer.agrees,
        "created_at": at,
    }


def _given(model_id: str, since: datetime | None) -> Select[tuple[object, ...]]:
    columns = predictions.c
    statement = (
        select(
            columns.model_arm,
            columns.model_revision,
            func.count().label("n_answered"),
            func.sum(case((columns.abstained, 1), else_=0)).label("n_abstained"),
            func.sum(case((columns.feedback == "right", 1), else_=0)).label("n_right"),
            func.sum(case((columns.feedback == "wrong", 1), else_=0)).label("n_wrong"),
            func.avg(columns.confidence).label("mean_confidence"),
        )
        .where(columns.model_id == model_id)
        .group_by(columns.model_arm, columns.model_revision)
    )
    return statement if since is None else statement.where(columns.created_at >= since)


def _measured(model_id: str, since: datetime | None) -> Select[tuple[object, ...]]:
    columns = arm_answers.c
    statement = (
        select(
            columns.arm,
            columns.model_revision,
            func.avg(columns.seconds).label("mean_s"),
            func.max(columns.seconds).label("max_s"),
            func.sum(case((columns.shadow, 1), else_=0)).label("n_shadowed"),
            func.sum(case((columns.agrees, 1), else_=0)).label("n_agreed"),
        )
        .where(columns.model_id == model_id)
        .group_by(columns.arm, columns.model_revision)
    )
    return statement if since is None else statement.where(columns.created_at >= since)


def _figures(row: Row[tuple[object, ...]]) -> ArmFigures:
    return ArmFigures(
        arm=row.model_arm,
        revision=row.model_revision,
        n_answered=row.n_answered,
        n_abstained=row.n_abstained,
        n_right=row.n_right,
        n_wrong=row.n_wrong,
        mean_confidence=row.mean_confidence,
    )


def _with_measurements(arm: ArmFigures, row: Row[tuple[object, ...]]) -> ArmFigures:
    return replace(
        arm,
        mean_s=row.mean_s,
        max_s=row.max_s,
        n_shadowed=row.n_shadowed,
        n_agreed=row.n_agreed,
    )

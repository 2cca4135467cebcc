"""``history rescore``: what was recorded, scored as it would be today."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ml_service.bootstrap.service import Service, running_service
from ml_service.cli.progress import shown_progress
from ml_service.domain.errors import (
    DocumentRefused,
    ModelNotFound,
    NotFound,
    PreconditionFailed,
    ServiceError,
    TextNotStored,
)
from ml_service.domain.prediction import Prediction, PredictionFilter
from ml_service.domain.rescoring import standing, what_changed
from ml_service.settings import Settings
from ml_service.use_cases.browse_history import IDS_AT_ONCE
from ml_service.use_cases.rescore_prediction import RescoreRequest

Ids = Annotated[list[UUID] | None, typer.Argument(help="prediction_id of each", metavar="[ID]...")]
All = Annotated[bool, typer.Option("--all", help="everything that was recorded")]
UserId = Annotated[str | None, typer.Option("--user", help="with --all: only this user's")]
Model = Annotated[str | None, typer.Option(help="with --all: only those of this model_id")]
Quiet = Annotated[bool, typer.Option("--quiet", help="no progress")]

OF_ONE_RECORD = (DocumentRefused, ModelNotFound, NotFound, PreconditionFailed, TextNotStored)
"""Refusals that say nothing of the next record."""

output = Console()
errors = Console(stderr=True)


@dataclass(slots=True)
class Tally:
    """``changed`` counts records by what changed, ``refused`` by the code of the refusal;
    ``points`` are what the changed scores gained or lost.
    """

    n_rescored: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    points: list[float] = field(default_factory=list)

    def add(self, prediction: Prediction) -> None:
        self.n_rescored += 1
        rescoring, now = prediction.analysis.rescoring, standing(prediction.analysis)
        if rescoring is None:
            return
        before = rescoring.before
        changed = what_changed(before, now)
        differs = {
            "rubric": changed.rubric,
            "parser": changed.parser,
            "model": changed.model,
            "career path": before.career_path != now.career_path,
            "ATS score": before.ats_score != now.ats_score,
        }
        self.changed.update(name for name, does in differs.items() if does)
        self.changed.update(rescoring.caveats)
        if before.ats_score != now.ats_score:
            self.points.append(now.ats_score - before.ats_score)

    def note(self) -> str:
        return f"{self.refused.total():,} refused" if self.refused else ""


def rescore(
    ids: Ids = None,
    everything: All = False,
    user_id: UserId = None,
    model: Model = None,
    quiet: Quiet = False,
) -> None:
    """Apply the present rubric, parser and model to stored texts, and keep the results.

    It can run beside the service. What was recorded without its text is counted and left as it
    is. Exit status 1 if one of the named ids was refused.
    """
    if bool(ids) == everything:
        raise typer.BadParameter("name ids, or --all")
    if ids and (user_id or model):
        raise typer.BadParameter("--user and --model narrow --all")
    where = PredictionFilter(user_id=user_id, model_id=model)
    tally = asyncio.run(_rescore(Settings(), ids, where, quiet=quiet))
    output.print(tally_table(tally))
    if ids and tally.refused:
        raise typer.Exit(code=1)


async def _rescore(
    settings: Settings, ids: Sequence[UUID] | None, where: PredictionFilter, *, quiet: bool
) -> Tally:
    tally = Tally()
    async with running_service(settings) as service:
        chosen = ids or [found async for found in _recorded(service, where)]
        with shown_progress(
            "predictions", total=len(chosen), console=errors, quiet=quiet, note=tally.note
        ) as advance:
            for prediction_id in chosen:
                await _one(service, prediction_id, tally, quiet=quiet)
                advance(1)
    return tally


async def _recorded(service: Service, where: PredictionFilter) -> AsyncIterator[UUID]:
    cursor: str | None = None
    while True:
        page = await service.history.page(where, limit=IDS_AT_ONCE, cursor=cursor)
        for summary in page.summaries:
            yield summary.prediction_id
        cursor = page.next_cursor
        if cursor is None:
            return


async def _one(service: Service, prediction_id: UUID, tally: Tally, *, quiet: bool) -> None:
    try:
        tally.add(await service.rescore_prediction(prediction_id, RescoreRequest()))
    except OF_ONE_RECORD as refusal:
        tally.refused[refusal.code] += 1
        if not quiet:
            _tell(prediction_id, refusal)


def _tell(prediction_id: UUID, refusal: ServiceError) -> None:
    said = escape(f"{prediction_id}: {refusal.message}")
    errors.print(f"[red]{refusal.code}[/] {said}", highlight=False, soft_wrap=True)


def tally_table(tally: Tally) -> Table:
    table = Table("", "predictions", box=None)
    table.columns[1].justify = "right"
    table.add_row("rescored", f"{tally.n_rescored:,}")
    for name, count in tally.changed.most_common():
        table.add_row(f"  {name.replace('_', ' ')}", f"{count:,}")
    if tally.points:
        mean, most = sum(tally.points) / len(tally.points), max(tally.points, key=abs)
        table.add_row(f"  points where it changed: {mean:+.1f} on average, {most:+.1f} at most", "")
    for code, count in tally.refused.most_common():
        table.add_row(f"left as it was: {code}", f"{count:,}")
    return table

"""``train DATA --name NAME``: a career model over a team's own labels."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ml_service.bootstrap.engine import running_text_engine
from ml_service.bootstrap.training import check_training_installed, training
from ml_service.cli.model_views import trained_view
from ml_service.cli.progress import Advance, shown_progress
from ml_service.cli.training_data import TrainingData, read_training_data
from ml_service.hosting.choice import check_name
from ml_service.settings import Settings
from ml_service.use_cases.gather_evidence import Example
from ml_service.use_cases.trained_model import TrainedModel, Wish

Data = Annotated[
    Path,
    typer.Argument(
        help="folder with a folder of PDF, DOCX or TXT files for each label; or CSV or JSONL with "
        "text (or file) and label"
    ),
]
Name = Annotated[str, typer.Option(help="what the model is called: --model NAME, model=NAME")]
Licence = Annotated[str | None, typer.Option(help="of the data, for the model's card")]
Promote = Annotated[
    bool,
    typer.Option("--promote", help="let it answer at once; the first of a name always does"),
]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document")]
Quiet = Annotated[bool, typer.Option("--quiet", help="no progress")]

errors = Console(stderr=True)


def train(
    data: Data,
    name: Name,
    licence: Licence = None,
    promote: Promote = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Learn labels from resumes, measure by cross-validation, put the model into MODELS_DIR.

    Minutes on two cores for 2,500 resumes. Bad data changes nothing.
    """
    check_training_installed()
    check_name(name)
    rows = read_training_data(data)
    for note in rows.notes():
        errors.print(note, highlight=False, markup=False, soft_wrap=True)
    wish = Wish(
        model_id=name, source=data.name or "the data given", licence=licence, promote=promote
    )
    trained = asyncio.run(_train(Settings(), rows, wish, quiet=quiet or as_json))
    if as_json:
        typer.echo(json.dumps(asdict(trained)))
    else:
        Console().print(trained_view(trained))


async def _train(
    settings: Settings, data: TrainingData, wish: Wish, *, quiet: bool
) -> TrainedModel:
    examples = [Example(row.name, row.label, row.content) for row in data.rows]
    async with running_text_engine(settings) as engine:
        with _watched(quiet=quiet) as watch:
            return await training(engine, settings)(examples, wish, watch=watch)


class _Watch:
    """Satisfies ``TrainingWatch``: one bar after the other."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._stack = ExitStack()
        self._advance: Advance = lambda _: None

    def started(self, what: str, total: int) -> None:
        self.close()
        bar = shown_progress(what, total=total, console=errors, quiet=self._quiet)
        self._advance = self._stack.enter_context(bar)

    def advanced(self, count: int) -> None:
        self._advance(count)

    def close(self) -> None:
        self._stack.close()


@contextmanager
def _watched(*, quiet: bool) -> Iterator[_Watch]:
    watch = _Watch(quiet=quiet)
    try:
        yield watch
    finally:
        watch.close()

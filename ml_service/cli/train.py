"""``train DATA --name NAME``: a model of a team's own labels, of resumes or of short texts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from ml_service.bootstrap.engine import running_text_engine
from ml_service.bootstrap.training import check_training_installed, intents_training, training
from ml_service.cli.intent_views import trained_intents_view
from ml_service.cli.labelled_rows import LabelledRow
from ml_service.cli.labelled_tables import refused
from ml_service.cli.model_views import trained_view
from ml_service.cli.progress import Advance, shown_progress
from ml_service.cli.training_data import TrainingData, read_training_data
from ml_service.hosting.choice import check_name
from ml_service.settings import Settings
from ml_service.use_cases import trained_intents, trained_model
from ml_service.use_cases.gather_evidence import Example
from ml_service.use_cases.trained_intents import OUT_OF_SCOPE, LabelledText, TrainedIntents
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
Task = Annotated[
    Literal["career", "intents"],
    typer.Option(help="career: labels of resumes; intents: what short texts want"),
]
OutOfScope = Annotated[
    str, typer.Option(help="intents: the label of texts that fit none; it may be absent")
]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document")]
Quiet = Annotated[bool, typer.Option("--quiet", help="no progress")]

LEAST = {"career": trained_model.MIN_EXAMPLES, "intents": trained_intents.MIN_EXAMPLES}
"""Examples under each label."""

errors = Console(stderr=True)


def train(
    data: Data,
    name: Name,
    task: Task = "career",
    out_of_scope: OutOfScope = OUT_OF_SCOPE,
    licence: Licence = None,
    promote: Promote = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Learn labels from resumes, or intents from short texts, measure by cross-validation, put the
    model into MODELS_DIR.

    Minutes on two cores for 2,500 resumes, or 15,000 texts. Bad data changes nothing.
    """
    check_training_installed()
    check_name(name)
    rows = read_training_data(data, least=LEAST[task])
    for note in rows.notes():
        errors.print(note, highlight=False, markup=False, soft_wrap=True)
    wish = Wish(
        model_id=name, source=data.name or "the data given", licence=licence, promote=promote
    )
    quiet = quiet or as_json
    trained: TrainedModel | TrainedIntents
    if task == "intents":
        texts = [labelled_text(row) for row in rows.rows]
        trained = asyncio.run(_train_intents(Settings(), texts, wish, out_of_scope, quiet=quiet))
    else:
        trained = asyncio.run(_train(Settings(), rows, wish, quiet=quiet))
    if as_json:
        typer.echo(json.dumps(asdict(trained)))
    elif isinstance(trained, TrainedIntents):
        Console().print(trained_intents_view(trained))
    else:
        Console().print(trained_view(trained))


def labelled_text(row: LabelledRow) -> LabelledText:
    """Raises InvalidRequest for a document."""
    if not isinstance(row.content, str):
        raise refused(
            f"{row.name} is a document. Intents are learned from short texts: give a CSV or JSONL "
            "with text and label."
        )
    return LabelledText(row.name, row.content, row.label)


async def _train(
    settings: Settings, data: TrainingData, wish: Wish, *, quiet: bool
) -> TrainedModel:
    examples = [Example(row.name, row.label, row.content) for row in data.rows]
    async with running_text_engine(settings) as engine:
        with _watched(quiet=quiet) as watch:
            return await training(engine, settings)(examples, wish, watch=watch)


async def _train_intents(
    settings: Settings, rows: Sequence[LabelledText], wish: Wish, out_of_scope: str, *, quiet: bool
) -> TrainedIntents:
    async with running_text_engine(settings) as engine:
        with _watched(quiet=quiet) as watch:
            train_intents = intents_training(engine, settings)
            return await train_intents(rows, wish, watch=watch, out_of_scope=out_of_scope)


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

"""``evaluate``: how right the model is, how honest its confidence, how long each stage takes."""

from __future__ import annotations

import asyncio
import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ml_service.bootstrap import running_engine
from ml_service.cli.evaluation_view import evaluation_view
from ml_service.domain.errors import InvalidRequest
from ml_service.settings import Settings
from ml_service.use_cases.evaluate_model import EvaluateModel, Evaluation, LabelledDocument

_CODE = re.compile(r"\d{2}-\d{4}\.\d{2}")

Labels = Annotated[
    Path, typer.Option(exists=True, dir_okay=False, help="CSV: file, soc_codes and/or category")
]
Documents = Annotated[
    Path,
    typer.Option(exists=True, file_okay=False, help="folder that holds the files, at any depth"),
]


def evaluate(
    labels: Labels,
    documents: Documents,
    hide_title: Annotated[
        bool, typer.Option("--hide-title", help="drop the first line that is not empty")
    ] = False,
    model: Annotated[str | None, typer.Option(help="model_id; default: DEFAULT_MODEL")] = None,
    only: Annotated[
        Path | None, typer.Option(exists=True, help="measure only the files named here, one a line")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
) -> None:
    """Run labelled documents through the journey of an upload, without saving anything."""
    labelled = labelled_documents(labels, documents, only=_names_in(only))
    evaluation = asyncio.run(_evaluate(Settings(), labelled, hide_title=hide_title, model_id=model))
    if as_json:
        typer.echo(json.dumps(asdict(evaluation)))
    else:
        Console().print(evaluation_view(evaluation, hide_title=hide_title))


def labelled_documents(
    labels: Path, documents: Path, *, only: frozenset[str] | None
) -> list[LabelledDocument]:
    """Rows of the CSV with the file each names. Raises InvalidRequest naming what is missing."""
    found = {path.name: path for path in sorted(documents.rglob("*")) if path.is_file()}
    with labels.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        _check_columns(rows.fieldnames or ())
        return [
            LabelledDocument(_file_of(row["file"], found), _labels_of(row))
            for row in rows
            if only is None or row["file"] in only
        ]


def _check_columns(columns: Sequence[str]) -> None:
    if "file" not in columns or not {"soc_codes", "category"} & set(columns):
        raise InvalidRequest(
            "The labels need the columns file and soc_codes and/or category.", field="labels"
        )


def _file_of(name: str, found: Mapping[str, Path]) -> Path:
    try:
        return found[Path(name).name]
    except KeyError:
        raise InvalidRequest(f"{name} is not in the folder of documents.", field="file") from None


def _labels_of(row: Mapping[str, str | None]) -> frozenset[str]:
    """The codes; a category only counts where the labels have no column of codes."""
    if "soc_codes" in row:
        return frozenset(_CODE.findall(row["soc_codes"] or ""))
    category = (row["category"] or "").strip()
    return frozenset({category} if category else ())


def _names_in(only: Path | None) -> frozenset[str] | None:
    if only is None:
        return None
    return frozenset(only.read_text(encoding="utf-8").split())


async def _evaluate(
    settings: Settings,
    labelled: Sequence[LabelledDocument],
    *,
    hide_title: bool,
    model_id: str | None,
) -> Evaluation:
    async with running_engine(settings) as engine:
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        ) as bar:
            task = bar.add_task("resumes", total=len(labelled))
            run = EvaluateModel(
                analyse=engine.analyse_resume, document_date=datetime.now(UTC).date()
            )
            return await run(
                labelled,
                hide_title=hide_title,
                model_id=model_id,
                progress=lambda: bar.advance(task),
            )

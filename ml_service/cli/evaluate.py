"""``evaluate``: how right the model is, how honest its confidence, how long each stage takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ml_service.bootstrap.engine import running_engine
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.cli.evaluated import Evaluated
from ml_service.cli.evaluation_labels import LabelledCase, cases_in, cases_of_csv, judge_by
from ml_service.cli.evaluation_report import open_report_folder, write_report
from ml_service.cli.evaluation_view import evaluation_view
from ml_service.cli.progress import shown_progress
from ml_service.settings import Settings
from ml_service.use_cases.evaluate_model import EvaluateModel, Evaluation


def evaluate(
    data: Annotated[
        Path | None,
        typer.Argument(
            help="what `train` takes: a folder with a folder for each label, or CSV or JSON Lines "
            "with text and label"
        ),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="instead of DATA: CSV, file, soc_codes and/or category",
        ),
    ] = None,
    documents: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="folder that holds those files, at any depth"
        ),
    ] = None,
    hide_title: Annotated[
        bool, typer.Option("--hide-title", help="drop the first line that is not empty")
    ] = False,
    model: Annotated[str | None, typer.Option(help="model_id; default: DEFAULT_MODEL")] = None,
    only: Annotated[
        Path | None, typer.Option(exists=True, help="measure only the files named here, one a line")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="folder for report.html, report.json and the charts as SVG"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
) -> None:
    """Run labelled documents through the journey of an upload, without saving anything.

    A model of occupations is judged by the codes where there are any, a model with labels of its
    own by the category. A document that is refused counts as wrong.
    """
    cases, source = _cases(data, labels, documents, only=_names_in(only))
    if report is not None:
        open_report_folder(report)
    evaluated = asyncio.run(
        _evaluate(Settings(), cases, source=source, hide_title=hide_title, model_id=model)
    )
    if report is not None:
        write_report(evaluated, report)
    if as_json:
        typer.echo(json.dumps(evaluated.as_json()))
    else:
        Console().print(evaluation_view(evaluated))
    if report is not None:
        Console(stderr=True).print(f"Report: {report / 'report.html'}", soft_wrap=True)


def _cases(
    data: Path | None, labels: Path | None, documents: Path | None, *, only: frozenset[str] | None
) -> tuple[Sequence[LabelledCase], str]:
    """With the name of what they come from."""
    if data is not None and labels is None and documents is None:
        return cases_in(data, only=only), data.resolve().name
    if data is None and labels is not None and documents is not None:
        return cases_of_csv(labels, documents, only=only), labels.name
    raise typer.BadParameter("Give either DATA, or --labels and --documents.")


def _names_in(only: Path | None) -> frozenset[str] | None:
    """Names with spaces in them stand alone on their line."""
    if only is None:
        return None
    text = only.read_text(encoding="utf-8")
    return frozenset({*text.split(), *(line.strip() for line in text.splitlines())})


async def _evaluate(
    settings: Settings,
    cases: Sequence[LabelledCase],
    *,
    source: str,
    hide_title: bool,
    model_id: str | None,
) -> Evaluated:
    """Raises InvalidRequest or ModelNotFound before the first document is read."""
    begun_at = datetime.now(UTC)
    async with running_engine(settings) as engine:
        model = await engine.models.get(model_id)
        judging = judge_by(cases, model_labels=model.labels, catalogue=engine.catalogue)
        run = EvaluateModel(analyse=engine.analyse_resume, document_date=begun_at.date())
        with shown_progress(
            "resumes", total=len(judging.documents), console=Console(stderr=True)
        ) as advance:
            evaluation = await run(
                judging.documents,
                hide_title=hide_title,
                model_id=model_id,
                progress=lambda: advance(1),
            )
    return Evaluated(
        evaluation=evaluation,
        source=source,
        hide_title=hide_title,
        judged_by=judging.by,
        notes=judging.notes,
        titles=_titles(evaluation, engine.catalogue),
        evaluated_at=begun_at,
    )


def _titles(evaluation: Evaluation, catalogue: Catalogue) -> dict[str, str]:
    if evaluation.accuracy is None:
        return {}
    told = {name for pair in evaluation.accuracy.answers for name in (pair.right, pair.answered)}
    return {name: catalogue.get(name).title for name in sorted(told) if name in catalogue}

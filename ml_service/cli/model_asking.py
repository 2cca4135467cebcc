"""``models test NAME``: rows to a hosted model, of a service that runs or in this process."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.markup import escape

from ml_service.bootstrap.engine import running_engine
from ml_service.bootstrap.models import predict_rows_of
from ml_service.bootstrap.new_models import upload_model_of
from ml_service.cli.graph_views import answers_view
from ml_service.cli.model_rows import example_row, rows_of_file
from ml_service.contract.rows import row_out
from ml_service.domain.errors import ModelNotFound, ModelUnavailable
from ml_service.hosting.choice import read_choice
from ml_service.settings import Settings
from ml_service.use_cases.graph_runs import GraphRuns

TIMEOUT_S = 60.0
Answer = Mapping[str, Any]
"""As ``POST /api/v1/predict`` gives it."""

progress = Console(stderr=True)


def ask(
    name: Annotated[str, typer.Argument(help="model_id, or model_id@version")],
    file: Annotated[
        Path | None,
        typer.Option("--input", exists=True, dir_okay=False, help="rows as JSON, JSONL or CSV"),
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", help="the model's own example; the default")
    ] = False,
    url: Annotated[
        str | None,
        typer.Option(envvar="ML_SERVICE_URL", help="of a service; default: in this process"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
) -> None:
    """Send rows to a model and print what it answers.

    A service that asks for a key finds it in ML_SERVICE_API_KEY.
    """
    if file is not None and example:
        raise typer.BadParameter("name --input or --example, not both")
    with progress.status("Asking the model ..."):
        answer = _asked_over_http(url, name, file) if url else asyncio.run(_asked_here(name, file))
    if as_json:
        typer.echo(json.dumps(answer))
        return
    arm = f" ({answer['arm']})" if answer.get("arm") else ""
    console = Console()
    console.print(f"{answer['model_name']} {answer['version']}{arm}", highlight=False)
    console.print(answers_view(answer["predictions"]))


def _asked_over_http(url: str, name: str, file: Path | None) -> Answer:
    """Raises Exit where the service refuses, ModelUnavailable where there is none."""
    key = os.environ.get("ML_SERVICE_API_KEY")
    headers = {"X-API-Key": key} if key else {}
    with httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT_S) as client:
        try:
            card = _card(client, name)
            rows = _rows(card, file)
            asked = {"model_name": name, "input_data": rows}
            return _said(client.post("/api/v1/predict", json=asked))
        except httpx.HTTPError as error:
            raise ModelUnavailable(f"{url} does not answer as a service does.") from error


def _card(client: httpx.Client, name: str) -> Mapping[str, Any]:
    """Of the revision that is asked for, else of the champion."""
    choice = read_choice(name)
    wanted = choice.version or "champion"
    registered = _said(client.get(f"/api/v1/models/{choice.model_id}"))["data"]
    for told in registered:
        if wanted == told["revision"] or wanted in told["aliases"]:
            return _said(client.get(f"/api/v1/models/{choice.model_id}/{told['revision']}"))
    raise ModelNotFound(f"{choice.model_id} has no {wanted}.")


def _said(response: httpx.Response) -> Mapping[str, Any]:
    """Raises Exit where the service refuses, ModelUnavailable where there is none."""
    try:
        body = response.json()
    except ValueError as error:
        raise ModelUnavailable("What answered there is no such service.") from error
    if response.is_success:
        return dict(body)
    where = "".join(f" ({problem['pointer']})" for problem in body.get("errors", ()))
    said = escape(f"{body.get('detail')}{where}")
    progress.print(f"[red]{body.get('code')}[/]: {said}", highlight=False, soft_wrap=True)
    raise typer.Exit(code=1)


async def _asked_here(name: str, file: Path | None) -> Answer:
    """Raises a ServiceError."""
    settings = Settings()
    choice = read_choice(name)
    async with running_engine(settings) as engine:
        ref = await engine.host.choose(choice, who="")
        card = await upload_model_of(settings, engine.host).card(ref.model_id, ref.revision)
        rows = await asyncio.to_thread(_rows, asdict(card), file)
        graphs = GraphRuns(1)
        predict = predict_rows_of(settings, engine.host, engine.analyse_resume, graphs)
        try:
            told = await predict(rows, model=f"{ref.model_id}@{ref.revision}", field="input")
        finally:
            await graphs.close()
    return {
        "model_name": ref.model_id,
        "version": ref.revision,
        "arm": ref.arm,
        "predictions": [row_out(row).model_dump() for row in told.predictions],
    }


def _rows(card: Mapping[str, Any], file: Path | None) -> list[Any]:
    return [example_row(card)] if file is None else rows_of_file(file, card["features"])

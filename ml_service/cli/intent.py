"""``intent TEXT``: what a text wants, and nothing kept."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from ml_service.bootstrap.intents import understanding_intents
from ml_service.cli.understood_view import understood_view
from ml_service.contract.intents import IntentOut
from ml_service.settings import Settings
from ml_service.use_cases.understand_texts import UnderstoodText

TextToRead = Annotated[str, typer.Argument(metavar="TEXT", help="a sentence or two")]
Model = Annotated[
    str | None, typer.Option(help="model_id, or model_id@version; default: INTENTS_MODEL")
]

output = Console()
progress = Console(stderr=True)


def intent(
    text: TextToRead,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
    model: Model = None,
) -> None:
    """Tell what a text wants; of a wish for jobs, the search that it stands for."""
    understood = asyncio.run(_understood(Settings(), text, model))
    if as_json:
        typer.echo(IntentOut.model_validate(understood).model_dump_json())
    else:
        output.print(understood_view(understood, text=text))


async def _understood(settings: Settings, text: str, model: str | None) -> UnderstoodText:
    """Raises InvalidRequest, ModelNotFound, ModelUnavailable or WeightsMismatch."""
    with progress.status("Loading the model ..."):
        async with understanding_intents(settings) as understand:
            (understood,) = await understand([text], model=model)
            return understood

"""``models add FILE``: a model into MODELS_DIR, checked as an upload is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ml_service.bootstrap.engine import running_intake
from ml_service.hosting.intake import Taken
from ml_service.settings import Settings

progress = Console(stderr=True)


def add(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="an .onnx graph, or a zip")
    ],
    name: Annotated[
        str | None, typer.Option(help="default: the file's, without its ending")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="JSON, for a bare graph")
    ] = None,
    promote: Annotated[
        bool, typer.Option("--promote", help="it answers from now on; the first always does")
    ] = False,
) -> None:
    """Try a model and put it into MODELS_DIR, also while a service runs over it."""
    said = None if manifest is None else manifest.read_text(encoding="utf-8")
    with progress.status("Trying the model ..."):
        taken, answers = asyncio.run(
            _add(Settings(), file, name or file.stem, manifest=said, promote=promote)
        )
    is_new = "added" if taken.is_new else "was there already"
    waits = "answers" if answers else f"waits: models promote {taken.model_id} {taken.revision}"
    Console().print(
        f"{taken.model_id}: revision {taken.revision} {is_new}; it {waits}.",
        highlight=False,
        soft_wrap=True,
    )


async def _add(
    settings: Settings, file: Path, name: str, *, manifest: str | None, promote: bool
) -> tuple[Taken, bool]:
    """Raises InvalidRequest, ModelRefused or ModelUnavailable."""
    async with running_intake(settings) as intake:
        content = await asyncio.to_thread(file.read_bytes)
        taken = await asyncio.to_thread(intake.take, content, name, manifest=manifest)
        shelf = intake.shelf
        if promote:
            await asyncio.to_thread(shelf.promote, taken.model_id, taken.revision)
        pointers = await asyncio.to_thread(shelf.pointers, taken.model_id)
        return taken, pointers.aliases.get("champion") == taken.revision

"""``models list|show|promote|add|test``: the folder of models."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from ml_service.bootstrap.models import load_from_shelf, model_shelf
from ml_service.career.model_card import card_of
from ml_service.cli.card_markdown import card_markdown
from ml_service.cli.graph_views import graph_view
from ml_service.cli.model_adding import add
from ml_service.cli.model_asking import ask
from ml_service.cli.model_views import card_view, shelf_view
from ml_service.domain.errors import InvalidRequest, ModelUnavailable
from ml_service.hosting.model_files import kind_of, read_manifest
from ml_service.hosting.onnx_manifest import ONNX
from ml_service.hosting.shelf import ModelShelf
from ml_service.settings import Settings

commands = typer.Typer(help="The models of MODELS_DIR.", no_args_is_help=True)
commands.command("add")(add)
commands.command("test")(ask)

Name = Annotated[str, typer.Argument(help="model_id")]
Revision = Annotated[
    str | None, typer.Argument(help="or the beginning of one; default: the one that answers")
]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document")]


@commands.command("list")
def list_models(as_json: AsJson = False) -> None:
    """Every model and revision; a star marks the one that answers."""
    entries = model_shelf(Settings()).entries()
    if as_json:
        rows = [
            {
                "model_id": entry.model_id,
                "revision": entry.revision,
                "champion": entry.champion,
                "trained_at": None if entry.manifest is None else entry.manifest.get("trained_at"),
            }
            for entry in entries
        ]
        typer.echo(json.dumps(rows))
    else:
        Console().print(shelf_view(entries))


@commands.command("show")
def show(
    name: Name,
    revision: Revision = None,
    as_json: AsJson = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="the card as a page for a repository")
    ] = False,
) -> None:
    """The card of a model: data, figures, limits."""
    shelf = model_shelf(Settings())
    chosen = _revision(shelf, name, revision) if revision else shelf.champion(name)[0]
    manifest = read_manifest(shelf.folder_of(name, chosen))
    if kind_of(manifest) == ONNX:
        typer.echo(json.dumps(manifest)) if as_json else Console().print(graph_view(manifest))
        return
    card = card_of(manifest)
    if as_json:
        typer.echo(json.dumps(asdict(card)))
    elif as_markdown:
        typer.echo(card_markdown(card), nl=False)
    else:
        Console().print(card_view(card))


@commands.command("promote")
def promote(
    name: Name,
    revision: Annotated[str, typer.Argument(help="or the beginning of one")],
) -> None:
    """Let a revision answer from now on, also in a service that runs.

    What the service could not load is refused, and what stands under another model's name.
    """
    settings = Settings()
    shelf = model_shelf(settings)
    chosen = _revision(shelf, name, revision)
    loaded = load_from_shelf(settings, shelf.folder_of(name, chosen)).ref
    if (loaded.model_id, loaded.revision) != (name, chosen):
        raise ModelUnavailable(
            f"This folder holds revision {loaded.revision} of {loaded.model_id}, not {chosen} of "
            f"{name}."
        )
    shelf.promote(name, chosen)
    Console().print(f"{name}: revision {chosen} answers.", highlight=False)


def _revision(shelf: ModelShelf, name: str, beginning: str) -> str:
    """Raises ModelNotFound, or InvalidRequest where several begin like that."""
    there = [entry.revision for entry in shelf.revisions(name)]
    found = [revision for revision in there if revision.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    if beginning in found or not found:
        return shelf.folder_of(name, beginning).name
    raise InvalidRequest(f"Several revisions begin with {beginning}.", field="revision")

"""A model that somebody sends while the service runs: tried, put on the shelf, told about."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ml_service.domain.errors import Forbidden, ModelError, ModelNotFound, ModelRefused
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.choice import Alias
from ml_service.hosting.host import ModelHost
from ml_service.hosting.intake import ModelIntake, Taken
from ml_service.hosting.loaded import RevisionState
from ml_service.hosting.model_files import Manifest, kind_of, read_manifest
from ml_service.use_cases.caller import current_caller_name
from ml_service.use_cases.permits import Permits

log = logging.getLogger(__name__)

SWITCHED_OFF = "Models are not taken while the service runs. Set ALLOW_MODEL_UPLOAD=true."
_FULL = "Another model is being tried at this moment. Try again shortly."


@dataclass(frozen=True, slots=True)
class RevisionCard:
    """What a manifest says of its model, of whichever kind; what it does not say is None or
    empty. ``inputs``, ``outputs`` and ``features`` are those of a plain graph.
    """

    model_id: str
    revision: str
    kind: str
    title: str | None
    aliases: tuple[Alias, ...]
    sha256: str | None
    size_bytes: int
    trained_at: str | None
    trained_on: str | None
    inputs: Sequence[Mapping[str, Any]]
    outputs: Sequence[Mapping[str, Any]]
    features: Sequence[Mapping[str, Any]]
    labels: Sequence[str]
    example: object
    metrics: Mapping[str, Any]
    about: Mapping[str, Any]
    state: RevisionState


@dataclass(frozen=True, slots=True)
class UploadedModel:
    """``created`` is False where the very same model was there already."""

    card: RevisionCard
    created: bool


class UploadModel:
    """One at a time: trying a model may take a processor for half a minute."""

    def __init__(self, *, host: ModelHost, intake: ModelIntake, allowed: bool) -> None:
        self._host = host
        self._intake = intake
        self._allowed = allowed
        self._permits = Permits(1, full=_FULL)

    @property
    def max_bytes(self) -> int:
        return self._intake.max_bytes

    @contextmanager
    def permit(self) -> Iterator[None]:
        """Before the file is read. Raises Forbidden where uploads are off, or Overloaded."""
        if not self._allowed:
            raise Forbidden(SWITCHED_OFF)
        with self._permits.take():
            yield

    async def __call__(
        self, content: bytes, model_id: str, *, manifest: str | None, promote: bool
    ) -> UploadedModel:
        """On the shelf once it has loaded and answered a canary; it answers callers if it is the
        first of its name, or if it is to be promoted.

        Raises InvalidRequest for a bad name, ModelRefused, ModelUnavailable.
        """
        try:
            taken = await asyncio.to_thread(self._intake.take, content, model_id, manifest=manifest)
        except ModelRefused as refused:
            log.info(
                "models: an upload of %d bytes for %.64r refused: %s (by %s)",
                len(content),
                model_id,
                refused.message,
                current_caller_name(),
            )
            raise
        log.info(
            "models: %s revision %s uploaded, %s (by %s)",
            taken.model_id,
            taken.revision,
            "new" if taken.is_new else "there before",
            current_caller_name(),
        )
        if promote:
            await self._promote(taken)
        await self._host.refresh()
        return UploadedModel(await self.card(model_id, taken.revision), created=taken.is_new)

    async def _promote(self, taken: Taken) -> None:
        """Raises what ``ModelHost.point`` does, and says that the model is there all the same."""
        try:
            await self._host.point(taken.model_id, "champion", taken.revision)
        except (ModelNotFound, ModelError) as error:
            raise type(error)(
                f"{taken.model_id} is kept as revision {taken.revision}, and was not promoted: "
                f"{error.message}"
            ) from error

    async def card(self, model_id: str, revision: str) -> RevisionCard:
        """Raises ModelNotFound, or ModelUnavailable where the manifest cannot be read."""
        return await asyncio.to_thread(self._card, model_id, revision)

    def _card(self, model_id: str, revision: str) -> RevisionCard:
        shelf = self._host.shelf
        manifest = read_manifest(shelf.folder_of(model_id, revision))
        aliases = shelf.pointers(model_id).aliases
        return RevisionCard(
            model_id=model_id,
            revision=revision,
            kind=kind_of(manifest),
            title=_text(manifest, "title"),
            aliases=tuple(alias for alias, pointed in aliases.items() if pointed == revision),
            sha256=_text(manifest, "weights_sha256"),
            size_bytes=shelf.size_bytes(model_id, revision),
            trained_at=_text(manifest, "trained_at"),
            trained_on=_text(manifest, "trained_on"),
            inputs=_tables(manifest, "inputs"),
            outputs=_tables(manifest, "outputs"),
            features=_tables(manifest, "features"),
            labels=[said for said in _list(manifest, "labels") if isinstance(said, str)],
            example=manifest.get("example"),
            metrics=_table(manifest, "metrics"),
            about=_table(manifest, "about"),
            state=self._host.state_of(ModelRef(model_id, revision)),
        )


def _text(manifest: Manifest, name: str) -> str | None:
    said = manifest.get(name)
    return said if isinstance(said, str) else None


def _table(manifest: Manifest, name: str) -> Mapping[str, Any]:
    said = manifest.get(name)
    return said if isinstance(said, dict) else {}


def _list(manifest: Manifest, name: str) -> Sequence[Any]:
    said = manifest.get(name)
    return said if isinstance(said, list) else []


def _tables(manifest: Manifest, name: str) -> Sequence[Mapping[str, Any]]:
    """Features of a career model are mere names of columns."""
    return [said for said in _list(manifest, name) if isinstance(said, dict)]

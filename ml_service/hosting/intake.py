"""Models from outside onto the shelf: tried first, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from ml_service.domain.errors import (
    ModelError,
    ModelNotFound,
    ModelRefused,
    ModelUnavailable,
)
from ml_service.hosting.choice import check_name
from ml_service.hosting.loaded import HostedModel
from ml_service.hosting.model_files import (
    REVISION_LENGTH,
    WEIGHTS_FILE,
    Manifest,
    kind_of,
    packed_arrays,
    read_manifest,
    write_manifest,
)
from ml_service.hosting.offers import GRAPH_FILE, SAFETENSORS_FILE, Offer, read_offer
from ml_service.hosting.onnx_graph import read_graph
from ml_service.hosting.onnx_manifest import ONNX, onnx_manifest
from ml_service.hosting.shelf import ModelShelf


class TryGraph(Protocol):
    def __call__(self, folder: Path, stated: Mapping[str, Any], *, model_id: str) -> Manifest:
        """Write the manifest of the graph in ``folder`` once that has answered.

        Blocking. Raises ModelRefused.
        """
        ...


Probe = Callable[[Path], HostedModel]
"""Load a folder and let it answer its canary; blocking. Raises a ModelError."""

CheckCard = Callable[[Manifest], object]
"""Raises ModelUnavailable where the card of a model could not be told."""


@dataclass(frozen=True, slots=True)
class Taken:
    """``is_new`` is False where the very same model was there already."""

    model_id: str
    revision: str
    manifest: Manifest
    is_new: bool


class ModelIntake:
    """Blocking, for up to a minute. ``max_bytes`` bounds a file, also unpacked."""

    def __init__(
        self,
        shelf: ModelShelf,
        *,
        probe: Probe,
        try_graph: TryGraph,
        check_card: CheckCard,
        max_bytes: int,
    ) -> None:
        self.shelf = shelf
        self.max_bytes = max_bytes
        self._probe = probe
        self._try_graph = try_graph
        self._check_card = check_card

    def take(self, content: bytes, model_id: str, *, manifest: str | None = None) -> Taken:
        """Onto the shelf once it has loaded and answered; it answers nobody else yet, unless it is
        the first of its name.

        Raises InvalidRequest for a bad name, ModelRefused for a bad model, ModelUnavailable where
        the folder of models cannot be written to, and then nothing is left behind.
        """
        check_name(model_id)
        if len(content) > self.max_bytes:
            raise ModelRefused(f"The file has more than {self.max_bytes:,} bytes.")
        offer = read_offer(content, manifest=manifest, max_bytes=self.max_bytes)
        trial = _Trial(offer, model_id, probe=self._tried, try_graph=self._try_graph)
        self._refuse_other_kind(model_id, trial.kind)
        there = self._there(model_id, trial)
        if there is not None:
            return there
        try:
            revision = self.shelf.add(model_id, trial.write)
        except ModelError as error:
            raise ModelRefused(error.message) from error
        except OSError as error:
            raise ModelUnavailable("The folder of models cannot be written to.") from error
        return Taken(model_id, revision, self._manifest(model_id, revision), is_new=True)

    def _tried(self, folder: Path) -> HostedModel:
        """As a request will meet it, and so will who reads its card. Raises a ModelError."""
        self._check_card(read_manifest(folder))
        return self._probe(folder)

    def _refuse_other_kind(self, model_id: str, kind: str) -> None:
        for entry in self.shelf.revisions(model_id):
            if entry.manifest is not None and kind_of(entry.manifest) != kind:
                raise ModelRefused(
                    f"{model_id} is the name of models of the kind {kind_of(entry.manifest)!r}. "
                    "Choose another name."
                )

    def _there(self, model_id: str, trial: _Trial) -> Taken | None:
        """Raises ModelRefused where the same weights lie there under another manifest."""
        try:
            found = self._manifest(model_id, trial.revision)
        except (ModelNotFound, ModelError):
            return None
        if trial.expected() != found:
            raise ModelRefused(
                f"These weights are there already, as revision {trial.revision} with another "
                "manifest. Remove that revision first."
            )
        return Taken(model_id, trial.revision, found, is_new=False)

    def _manifest(self, model_id: str, revision: str) -> Manifest:
        """Raises ModelNotFound or ModelUnavailable."""
        return read_manifest(self.shelf.folder_of(model_id, revision))


class _Trial:
    """One offer on its way: ``write`` fills a folder and leaves it only when the model answers."""

    def __init__(self, offer: Offer, model_id: str, *, probe: Probe, try_graph: TryGraph) -> None:
        """Raises ModelRefused."""
        self._stated = offer.stated
        self._model_id = model_id
        self._probe = probe
        self._try_graph = try_graph
        self.kind = ONNX if offer.name == GRAPH_FILE else kind_of(offer.stated)
        if self.kind == ONNX and offer.name != GRAPH_FILE:
            raise ModelRefused(f"The manifest speaks of a graph: send it as {GRAPH_FILE}.")
        _refuse_other_sum(offer)
        self._content = _as_kept(offer)
        self.sha256 = sha256(self._content).hexdigest()

    @property
    def revision(self) -> str:
        return self.sha256[:REVISION_LENGTH]

    def expected(self) -> Manifest:
        """What lies on the shelf if this very model does. Raises ModelRefused.

        For a graph that was tried before: it is read here, in the service's own process.
        """
        if self.kind != ONNX:
            named = {"model_id": self._model_id, "revision": self.revision}
            return {**self._stated, **named, "weights_sha256": self.sha256}
        facts = read_graph(self._content)
        return onnx_manifest(facts, self._stated, model_id=self._model_id, sha256=self.sha256)

    def write(self, folder: Path) -> Manifest:
        """Raises ModelRefused or another ModelError."""
        folder.mkdir(parents=True)
        if self.kind == ONNX:
            (folder / GRAPH_FILE).write_bytes(self._content)
            manifest = self._try_graph(folder, self._stated, model_id=self._model_id)
        else:
            manifest = self.expected()
            (folder / WEIGHTS_FILE).write_bytes(self._content)
            write_manifest(folder, manifest)
        try:
            self._probe(folder)
        except _PARTS_DO_NOT_FIT as error:
            raise ModelRefused("The parts of the model do not belong together.") from error
        return manifest


_PARTS_DO_NOT_FIT = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError,
                     MemoryError)  # fmt: skip


def _refuse_other_sum(offer: Offer) -> None:
    """Raises ModelRefused where a manifest was made for another file."""
    digest = sha256(offer.content).hexdigest()
    stated = offer.stated.get("weights_sha256", digest)
    revision = offer.stated.get("revision", digest[:REVISION_LENGTH])
    is_kept_as_sent = offer.name != SAFETENSORS_FILE
    if stated != digest or (is_kept_as_sent and revision != digest[:REVISION_LENGTH]):
        raise ModelRefused(
            "The weights are not those that the manifest names: their sha256 is another."
        )


def _as_kept(offer: Offer) -> bytes:
    """The shelf knows graphs and npz. Raises ModelRefused."""
    if offer.name != SAFETENSORS_FILE:
        return offer.content
    from safetensors import SafetensorError  # noqa: PLC0415 - uploads alone need it
    from safetensors.numpy import load  # noqa: PLC0415 - as above

    try:
        # They come in another order each time, and the order decides the bytes.
        return packed_arrays(dict(sorted(load(offer.content).items())))
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise ModelRefused("The weights are no safetensors that numpy can hold.") from error

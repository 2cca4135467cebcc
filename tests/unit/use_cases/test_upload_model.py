from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ml_service.bootstrap.clock import utc_now
from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.host import ModelHost
from ml_service.hosting.memory import HostBounds
from ml_service.hosting.model_files import REVISION_LENGTH, Manifest, write_manifest
from ml_service.hosting.offers import GRAPH_FILE
from ml_service.hosting.onnx_graph import read_graph
from ml_service.hosting.onnx_manifest import onnx_manifest
from ml_service.hosting.shelf import ModelShelf
from ml_service.inference.engines.plain_onnx import HostedOnnxModel
from ml_service.use_cases.upload_model import UploadModel
from tests.onnx_graphs import classifier
from tests.unit.hosting.test_intake import intake_of


def tried_here(folder: Path, stated: Mapping[str, Any], *, model_id: str) -> Manifest:
    """As in a process of its own."""
    content = (folder / GRAPH_FILE).read_bytes()
    digest = sha256(content).hexdigest()
    manifest = onnx_manifest(read_graph(content), stated, model_id=model_id, sha256=digest)
    write_manifest(folder, manifest)
    return manifest


async def test_what_was_taken_and_could_not_be_promoted_is_told_as_such(tmp_path: Path) -> None:
    shelf = ModelShelf(tmp_path / "models")
    bounds = HostBounds(memory_bytes=2 * len(classifier()))
    host = ModelHost(shelf, HostedOnnxModel, clock=utc_now, bounds=bounds)
    intake = intake_of(shelf, try_graph=tried_here)
    upload = UploadModel(host=host, intake=intake, allowed=True)
    first = await upload(classifier(), "shares", manifest=None, promote=True)

    async with host.lease(ModelRef("shares", first.card.revision)):
        with pytest.raises(ModelUnavailable, match="MODELS_MEMORY_BYTES") as failed:
            await upload(classifier(2.0), "shares", manifest=None, promote=True)

    second = sha256(classifier(2.0)).hexdigest()[:REVISION_LENGTH]
    assert f"kept as revision {second}, and was not promoted" in failed.value.message
    assert (await upload.card("shares", second)).aliases == ()
    assert (await upload.card("shares", first.card.revision)).aliases == ("champion",)

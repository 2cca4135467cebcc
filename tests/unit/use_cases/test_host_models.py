from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from ml_service.bootstrap.clock import utc_now
from ml_service.domain.arms import ArmAnswer, ArmFigures
from ml_service.domain.errors import InvalidRequest, ModelNotFound
from ml_service.hosting.host import ModelHost
from ml_service.hosting.model_files import MANIFEST_FILE
from ml_service.hosting.shelf import ModelShelf
from ml_service.use_cases.host_models import HostModels
from tests.unit.hosting.models import FIRST, SECOND, Loader, put


class EmptyLog:
    async def note(self, answers: Sequence[ArmAnswer], *, at: datetime) -> None:
        """Nobody asks."""

    async def figures(self, model_id: str, *, since: datetime | None) -> tuple[ArmFigures, ...]:
        return ()


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    shelf = ModelShelf(tmp_path / "models")
    for name in ("claims", "trades"):
        for revision in (FIRST, SECOND):
            put(shelf, name, revision)
    for revision in (FIRST, SECOND):
        manifest = shelf.folder_of("claims", revision) / MANIFEST_FILE
        manifest.write_text(json.dumps({"kind": "onnx"}))
    return shelf


@pytest.fixture
def registry(shelf: ModelShelf) -> HostModels:
    host = ModelHost(shelf, Loader(), clock=utc_now)
    return HostModels(host=host, arms=EmptyLog(), clock=utc_now)


async def test_only_what_reads_resumes_has_a_shadow(
    registry: HostModels, shelf: ModelShelf
) -> None:
    with pytest.raises(InvalidRequest, match="career paths") as refused:
        await registry.share("claims", {"champion": 1}, shadow=SECOND)
    with pytest.raises(ModelNotFound):
        await registry.share("nobody", {"champion": 1}, shadow=SECOND)
    assert refused.value.field == "shadow"
    assert (await asyncio.to_thread(shelf.pointers, "claims")).traffic.is_plain

    shared = await registry.share("claims", {"champion": 1, SECOND: 1}, shadow=None)
    shadowed = await registry.share("trades", {"champion": 1}, shadow=SECOND)

    assert shared.traffic.weights == {"champion": 0.5, SECOND: 0.5}
    assert shadowed.traffic.shadow == SECOND

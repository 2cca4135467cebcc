from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ml_service.hosting.host import ModelHost
from ml_service.hosting.memory import HostBounds
from ml_service.hosting.shelf import ModelShelf
from tests.unit.hosting.models import Hands, Loader

BOUNDS = HostBounds(
    memory_bytes=250, idle_after=timedelta(seconds=60), retry_after=timedelta(seconds=30)
)


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    return ModelShelf(tmp_path / "models")


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def host(shelf: ModelShelf, loader: Loader, clock: Hands) -> ModelHost:
    return ModelHost(shelf, loader, clock=clock, bounds=BOUNDS)

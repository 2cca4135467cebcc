"""Interviews scored in this process, behind the real app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from ml_service.bootstrap.engine import Engine
from ml_service.settings import Settings
from tests.integration.conftest import client_of


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None, data_dir=tmp_path, jobs_provider="off", rate_limit_uploads="off"
    )


@pytest_asyncio.fixture(loop_scope="session")
async def client(engine: Engine, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(engine, settings) as opened:
        yield opened

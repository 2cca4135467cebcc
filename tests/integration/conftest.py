"""The app with its lifespan over ASGI, loaded once: the real parts over a new database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from ml_service.app.main import create_app
from ml_service.bootstrap import Engine
from ml_service.settings import Settings


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runtime")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_app(data_dir: Path) -> AsyncIterator[FastAPI]:
    settings = Settings(_env_file=None, data_dir=data_dir, parse_workers=1, jobs_provider="local")
    app = create_app(settings)
    async with LifespanManager(app, startup_timeout=120, shutdown_timeout=30):
        yield app


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def api(running_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(running_app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", timeout=60
    ) as client:
        yield client


@pytest.fixture(scope="session")
def engine(running_app: FastAPI) -> Engine:
    engine: Engine = running_app.state.service.engine
    return engine

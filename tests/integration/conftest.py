"""The app over ASGI with its real parts: one engine for all tests, a new database for each file."""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from ml_service.app.main import create_app
from ml_service.bootstrap.database import open_database
from ml_service.bootstrap.engine import Engine, running_engine
from ml_service.bootstrap.service import Service, service_over
from ml_service.settings import Settings


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engine() -> AsyncIterator[Engine]:
    mimetypes.init()  # as the lifespan does
    async with running_engine(Settings(_env_file=None, parse_workers=1)) as loaded:
        yield loaded


@asynccontextmanager
async def client_of(engine: Engine, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app with these settings; what the lifespan would open is opened here."""
    async with (
        open_database(settings) as database,
        service_over(engine, database, settings) as service,
        client_over(service, settings) as client,
    ):
        yield client


@asynccontextmanager
async def client_over(service: Service, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings)
    app.state.service = service
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", timeout=60
    ) as client:
        yield client


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runtime")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(engine: Engine, data_dir: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(
        _env_file=None,
        data_dir=data_dir,
        jobs_provider="local",
        rate_limit_uploads="off",  # a module may send more in a minute than a caller may
        rate_limit_default="off",
    )
    async with client_of(engine, settings) as client:
        yield client

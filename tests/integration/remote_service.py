"""A service whose encoder is on another server, and what its health says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from ml_service.bootstrap.engine import running_engine
from ml_service.settings import Settings
from tests.integration.conftest import client_of


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with running_engine(settings) as engine, client_of(engine, settings) as api:
        yield api


async def part_of_health(api: httpx.AsyncClient, name: str) -> dict[str, Any]:
    parts = (await api.get("/health")).json()["parts"]
    (part,) = [part for part in parts if part["name"] == name]
    return {"state": part["state"], **part["detail"]}


async def becomes_ready(api: httpx.AsyncClient) -> None:
    async with asyncio.timeout(60):
        while (await api.get("/health/ready")).status_code != 200:
            await asyncio.sleep(0.1)

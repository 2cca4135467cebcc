"""The async client over the real app; scripts are run by path, so their folder is no package."""

from __future__ import annotations

import sys
from pathlib import Path

import httpx
import pytest

from backend_client import AsyncResumeClient

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts"))


@pytest.fixture
def client(api: httpx.AsyncClient) -> AsyncResumeClient:
    return AsyncResumeClient("http://127.0.0.1", fallback="off", http_client=api)

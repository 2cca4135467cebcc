"""Scripts are run by path, so their folder is no package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.needed_parts import cannot_run

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts"))

from engine_servers import installed


@pytest.fixture(scope="session")
def commands() -> Path:
    """MLServer's environment holds both clients: its own is built on NVIDIA's."""
    found = installed("mlserver")
    if found is None:
        cannot_run("MLServer is missing: python scripts/engine_servers.py install mlserver")
    return found

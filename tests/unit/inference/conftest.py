from __future__ import annotations

import pytest

from ml_service.inference.canary import Canary, read_canary
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.settings import Settings


@pytest.fixture(scope="session")
def onnx() -> OnnxEngine:
    return OnnxEngine(Settings(_env_file=None).encoder_dir, n_threads=2)


@pytest.fixture(scope="session")
def canary() -> Canary:
    return read_canary(Settings(_env_file=None).encoder_dir)

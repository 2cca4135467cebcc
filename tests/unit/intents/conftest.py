from __future__ import annotations

from pathlib import Path

import pytest

from ml_service.hosting.model_files import read_manifest
from ml_service.intents.files import read_intent_model
from ml_service.intents.model import IntentModel
from ml_service.intents.training import Fitted
from tests.unit.intents.requests import fitted_requests, write_requests_model


@pytest.fixture(scope="session")
def fitted() -> Fitted:
    return fitted_requests()


@pytest.fixture
def folder(tmp_path: Path, fitted: Fitted) -> Path:
    write_requests_model(tmp_path / "model", fitted)
    return tmp_path / "model"


@pytest.fixture
def model(folder: Path) -> IntentModel:
    return read_intent_model(folder, read_manifest(folder))

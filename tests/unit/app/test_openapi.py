"""The served OpenAPI document is the stored one: a change to the contract shows in a diff."""

from __future__ import annotations

import json
from pathlib import Path

from ml_service.app.main import create_app
from ml_service.settings import Settings

STORED = Path(__file__).parents[3] / "docs" / "openapi.json"


def test_the_stored_document_is_what_is_served() -> None:
    served = create_app(Settings(_env_file=None)).openapi()

    assert json.loads(STORED.read_text(encoding="utf-8")) == json.loads(json.dumps(served)), (
        "The contract changed. If that is meant: .venv/bin/python scripts/write_openapi.py, "
        "a line in CHANGELOG.md and, where CONTRACT says otherwise, a decision."
    )


def test_every_operation_documents_its_problems() -> None:
    paths = create_app(Settings(_env_file=None)).openapi()["paths"]

    undocumented = [
        f"{method} {path}"
        for path, operations in paths.items()
        for method, operation in operations.items()
        if not path.startswith("/health") and "422" not in operation["responses"]
    ]
    assert undocumented == []

"""The served OpenAPI document is the stored one: a change to the contract shows in a diff."""

from __future__ import annotations

import json
from pathlib import Path

from fastapi.routing import APIRoute

from ml_service.app.main import create_app
from ml_service.app.parameters import query_names
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
        if not path.endswith(("/health", "/health/live", "/health/ready"))
        and _refusal(path) not in operation["responses"]
    ]
    assert undocumented == []


def _refusal(path: str) -> str:
    """The Open Inference Protocol knows no 422."""
    return "400" if path.startswith("/v2") else "422"


def test_what_the_document_lists_is_what_a_route_knows() -> None:
    """A parameter that the refusal of unknown ones did not know could never be used."""
    app = create_app(Settings(_env_file=None))
    paths = app.openapi()["paths"]
    routes = [route for route in app.state.routes if isinstance(route, APIRoute)]
    listed = {
        (route.path_format, method): {
            parameter["name"]
            for parameter in paths[route.path_format][method.lower()].get("parameters", ())
            if parameter["in"] == "query"
        }
        for route in routes
        if route.include_in_schema
        for method in route.methods or ()
    }

    assert len(listed) == sum(len(item) for item in paths.values())
    assert any(listed.values())
    assert listed == {
        (route.path_format, method): set(query_names(route.dependant))
        for route in routes
        if route.include_in_schema
        for method in route.methods or ()
    }

"""The OpenAPI document: what FastAPI finds in the routes, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from ml_service.app.errors import FieldProblem, Problem
from ml_service.app.open_inference.requests import InferenceRequest
from ml_service.app.problems import problems

REFERENCE = "#/components/schemas/{model}"

SECURITY_SCHEMES = {
    "ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "Bearer": {"type": "http", "scheme": "bearer"},
}
EITHER_KEY: list[dict[str, list[str]]] = [{"ApiKey": []}, {"Bearer": []}]


class DescribedApi(FastAPI):
    """Its document names the error body, the two ways to send a key, and unreadable bodies."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = super().openapi()
            document["components"]["schemas"] |= _own_schemas()
            document["components"]["securitySchemes"] = SECURITY_SCHEMES
            for operation in _operations(document):
                _complete(operation)
            _link_to_what_was_made(document)
        return super().openapi()


def _own_schemas() -> dict[str, Any]:
    """Of what the routes read and write by themselves."""
    _, together = models_json_schema(
        [
            (Problem, "serialization"),
            (FieldProblem, "serialization"),
            (InferenceRequest, "validation"),
        ],
        ref_template=REFERENCE,
    )
    schemas: dict[str, Any] = together["$defs"]
    return schemas


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from item.values()


def _complete(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if "401" in responses:
        operation["security"] = EITHER_KEY
    if "requestBody" in operation:
        # Bytes that are no JSON or no form are told apart from values that cannot be used.
        responses.setdefault("400", problems(400)[400])


def _link_to_what_was_made(document: dict[str, Any]) -> None:
    """What an upload's answer leads to: every operation on the id that it made."""
    made: dict[str, Any] = {}
    for path, item in document["paths"].items():
        if path.startswith("/predictions/{prediction_id}"):
            made |= {operation["operationId"]: _BY_ITS_ID for operation in item.values()}
    document["paths"]["/predict"]["post"]["responses"]["201"]["links"] = {
        operation_id: {"operationId": operation_id, **by_its_id}
        for operation_id, by_its_id in made.items()
    }


_BY_ITS_ID = {"parameters": {"prediction_id": "$response.body#/prediction_id"}}

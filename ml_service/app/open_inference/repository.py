"""The small bodies of the repository's routes; none at all is one, too."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ml_service.domain.errors import InvalidRequest


class IndexRequest(BaseModel):
    """``ready``: only what can answer now."""

    model_config = ConfigDict(strict=True, extra="ignore")

    ready: bool = False


class LoadRequest(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    parameters: dict[str, Any] = {}


def wants_only_ready(body: bytes) -> bool:
    """Raises InvalidRequest."""
    try:
        return IndexRequest.model_validate_json(body or b"{}").ready
    except ValidationError as error:
        raise InvalidRequest('The body is {"ready": true}, or none.', field="body") from error


def refuse_configuration(body: bytes) -> None:
    """Raises InvalidRequest where a caller brings a configuration or files along."""
    try:
        parameters = LoadRequest.model_validate_json(body or b"{}").parameters
    except ValidationError as error:
        raise InvalidRequest('The body is {"parameters": {}}, or none.', field="body") from error
    if "config" in parameters or any(name.startswith("file:") for name in parameters):
        raise InvalidRequest(
            "A model is loaded as it lies in the repository: no config and no file is taken along.",
            field="parameters",
        )


def optional_body(schema: type[BaseModel]) -> dict[str, Any]:
    """For the OpenAPI document."""
    content = {"application/json": {"schema": schema.model_json_schema()}}
    return {"requestBody": {"required": False, "content": content}}

"""The Open Inference Protocol v2 as a server, with binary tensors and the model repository.

Inference keeps nothing and changes nothing, so that ``read`` is enough for it as for metadata;
loading and unloading need ``admin``.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.datastructures import Headers

from ml_service.app.disconnects import while_connected
from ml_service.app.open_inference.answers import write_answer
from ml_service.app.open_inference.content_encoding import unpacked
from ml_service.app.open_inference.errors import PREFIX
from ml_service.app.open_inference.repository import (
    IndexRequest,
    LoadRequest,
    optional_body,
    refuse_configuration,
    wants_only_ready,
)
from ml_service.app.open_inference.requests import (
    JSON_BYTES_HEADER,
    InferenceRequest,
    ReadRequest,
    read_request,
)
from ml_service.app.open_inference.schemas import (
    InferenceAnswer,
    Loaded,
    ModelMetadata,
    ModelNames,
    ModelReady,
    RepositoryRevision,
    ServerLive,
    ServerMetadata,
    ServerReady,
    Unloaded,
    metadata_of,
    open_refusals,
    refusals,
    standing_of,
)
from ml_service.app.openapi import REFERENCE
from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.security import may_admin, may_read
from ml_service.bootstrap.service import Service
from ml_service.domain.errors import ModelUnavailable
from ml_service.hosting.choice import ModelChoice

SERVER_NAME = "ml-service"
EXTENSIONS = ["binary_tensor_data", "model_repository"]
BYTES = "application/octet-stream"
_BYTES_CONTENT = {BYTES: {"schema": {"type": "string", "format": "binary"}}}

INFER_BODY: dict[str, Any] = {
    "parameters": [
        {
            "name": JSON_BYTES_HEADER,
            "in": "header",
            "required": False,
            "description": "how many bytes of the body are JSON, where tensors follow it",
            "schema": {"type": "integer", "minimum": 1},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": REFERENCE.format(model=InferenceRequest.__name__)}
            },
            **_BYTES_CONTENT,
        },
    },
}
INFER_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The outputs; in binary behind the JSON where that was asked for",
        "headers": {
            JSON_BYTES_HEADER: {
                "description": "how many bytes of the body are JSON, where tensors follow it",
                "schema": {"type": "integer"},
            }
        },
        "content": _BYTES_CONTENT,
    },
    **refusals(404, 413, 415),
}

router = APIRouter(
    prefix=PREFIX, tags=["open inference"], dependencies=[Depends(refuse_unknown_parameters)]
)
reading = [Depends(may_read)]
administering = [Depends(may_admin)]

ModelName = Annotated[str, Path(max_length=128)]


async def by_name(model_name: ModelName) -> ModelChoice:
    return ModelChoice(model_name)


async def by_version(
    model_name: ModelName,
    model_version: Annotated[
        str, Path(max_length=128, description="a revision, champion or challenger")
    ],
) -> ModelChoice:
    return ModelChoice(model_name, model_version)


NamedModel = Annotated[ModelChoice, Depends(by_name)]
VersionOfModel = Annotated[ModelChoice, Depends(by_version)]


@router.get("/health/live", responses=open_refusals())
async def server_live() -> ServerLive:
    return ServerLive(live=True)


@router.get("/health/ready", responses=open_refusals(503))
async def server_ready(service: TheService) -> ServerReady:
    """503 while a part that is needed is not ready."""
    missing = [part.name for part in await service.parts() if part.needed and part.state != "ready"]
    if missing:
        raise ModelUnavailable(f"Not ready: {', '.join(missing)}.")
    return ServerReady(ready=True)


@router.get("", responses=refusals(), dependencies=reading)
async def server_metadata(service: TheService) -> ServerMetadata:
    return ServerMetadata(name=SERVER_NAME, version=service.version, extensions=EXTENSIONS)


@router.get("/models", responses=refusals(), dependencies=reading)
async def model_names(service: TheService) -> ModelNames:
    return ModelNames(models=list(await service.hosting.serve_tensors.names()))


@router.get("/models/{model_name}", responses=refusals(404), dependencies=reading)
async def model_metadata(service: TheService, model: NamedModel) -> ModelMetadata:
    """Of the champion. A model that is not loaded is loaded for it."""
    return metadata_of(await service.hosting.serve_tensors.describe(model))


@router.get(
    "/models/{model_name}/versions/{model_version}", responses=refusals(404), dependencies=reading
)
async def version_metadata(service: TheService, model: VersionOfModel) -> ModelMetadata:
    return metadata_of(await service.hosting.serve_tensors.describe(model))


@router.get("/models/{model_name}/ready", responses=refusals(404), dependencies=reading)
async def model_ready(service: TheService, model: NamedModel) -> ModelReady:
    """Whether the champion can answer now: it is loaded for that. 503 with the reason if not."""
    await service.hosting.serve_tensors.load(model)
    return ModelReady(name=model.model_id, ready=True)


@router.get(
    "/models/{model_name}/versions/{model_version}/ready",
    responses=refusals(404),
    dependencies=reading,
)
async def version_ready(service: TheService, model: VersionOfModel) -> ModelReady:
    await service.hosting.serve_tensors.load(model)
    return ModelReady(name=model.model_id, ready=True)


@router.post(
    "/models/{model_name}/infer",
    response_model=InferenceAnswer,
    responses=INFER_RESPONSES,
    openapi_extra=INFER_BODY,
    dependencies=reading,
)
async def infer(service: TheService, request: Request, model: NamedModel) -> Response:
    """Tensors in, tensors out, as JSON or in binary. Nothing is kept.

    The traffic of the model decides which revision answers, the same for the same `id`.
    """
    return await _inferred(service, request, model)


@router.post(
    "/models/{model_name}/versions/{model_version}/infer",
    response_model=InferenceAnswer,
    responses=INFER_RESPONSES,
    openapi_extra=INFER_BODY,
    dependencies=reading,
)
async def infer_by_version(
    service: TheService, request: Request, model: VersionOfModel
) -> Response:
    return await _inferred(service, request, model)


@router.post(
    "/repository/index",
    responses=refusals(),
    openapi_extra=optional_body(IndexRequest),
    dependencies=reading,
)
async def repository_index(service: TheService, request: Request) -> list[RepositoryRevision]:
    """Every revision of every model. With the body `{"ready": true}` only what is loaded."""
    only_ready = wants_only_ready(await request.body())
    index = [standing_of(revision) for revision in await service.hosting.serve_tensors.index()]
    return [revision for revision in index if revision.state == "READY" or not only_ready]


@router.post(
    "/repository/models/{model_name}/load",
    responses=refusals(404),
    openapi_extra=optional_body(LoadRequest),
    dependencies=administering,
)
async def load_model(service: TheService, request: Request, model: NamedModel) -> Loaded:
    """The champion into memory. No configuration and no file is taken along."""
    refuse_configuration(await request.body())
    await service.hosting.serve_tensors.load(model)
    return Loaded(name=model.model_id, load=True)


@router.post(
    "/repository/models/{model_name}/unload",
    responses=refusals(404, 409),
    dependencies=administering,
)
async def unload_model(service: TheService, model: NamedModel) -> Unloaded:
    """Every revision out of memory, when it has ended what it began; the next request loads it
    again. Not the default model, nor the encoder.
    """
    await service.hosting.serve_tensors.unload(model.model_id)
    return Unloaded(name=model.model_id, unload=True)


async def _inferred(service: Service, request: Request, model: ModelChoice) -> Response:
    """Raises Overloaded before the body is read."""
    with service.hosting.permits.take():
        most_bytes = request.app.state.settings.max_upload_bytes
        read = partial(_read, request.headers, await request.body(), most_bytes=most_bytes)
        asked = await asyncio.to_thread(read)
        work = service.hosting.serve_tensors.infer(
            model, asked.inputs, wanted=asked.wanted, who=asked.id or uuid4().hex
        )
        inferred = await while_connected(request.receive, work)
        return await asyncio.to_thread(write_answer, inferred, asked)


def _read(headers: Headers, body: bytes, *, most_bytes: int) -> ReadRequest:
    content = unpacked(body, headers.get("content-encoding"), most_bytes=most_bytes)
    return read_request(content, json_bytes=headers.get(JSON_BYTES_HEADER))

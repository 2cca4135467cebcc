"""Models that come in while the service runs, and the card of any revision."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData, UploadFile

from ml_service.app.model_paths import ModelInPath, RevisionInPath
from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.routes.hosting import RegisteredRevisionOut
from ml_service.app.security import may_admin, may_read
from ml_service.app.uploads import is_multipart, refuse_unknown_fields, whole_form
from ml_service.domain.errors import InvalidRequest
from ml_service.hosting.offers import MOST_MANIFEST_BYTES
from ml_service.use_cases.upload_model import RevisionCard

UPLOAD_PATH = "/api/v1/upload-model"

_FIELDS = frozenset({"model_file", "model_name", "manifest", "promote"})
_LONGEST_NAME = 64
_FORM: dict[str, Any] = {
    "type": "object",
    "required": ["model_file", "model_name"],
    "additionalProperties": False,
    "properties": {
        "model_file": {
            "type": "string",
            "format": "binary",
            "description": (
                "an .onnx graph, or a zip of manifest.json and one of model.onnx, weights.npz, "
                "weights.safetensors"
            ),
        },
        "model_name": {
            "type": "string",
            "pattern": "^[a-z0-9][a-z0-9._-]{0,63}$",
            "description": "under which it answers",
        },
        "manifest": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "what to know of a bare graph: features, labels, figures",
        },
        "promote": {
            "type": "string",
            "enum": ["true", "false"],
            "description": "true: it answers from now on; the first of its name always does",
        },
    },
}
_BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}}

router = APIRouter(tags=["hosting"], dependencies=[Depends(refuse_unknown_parameters)])


class ModelCardOfRevision(RegisteredRevisionOut):
    """``inputs``, ``outputs`` and ``features`` are those of a plain graph; ``labels`` stand in
    the order of its probabilities.
    """

    title: str | None
    trained_on: str | None
    inputs: list[dict[str, Any]]
    outputs: list[dict[str, Any]]
    features: list[dict[str, Any]]
    labels: list[str]
    example: Any
    about: dict[str, Any]


@router.post(
    UPLOAD_PATH,
    status_code=201,
    response_model=ModelCardOfRevision,
    responses={
        200: {"description": "The very same model was there", "model": ModelCardOfRevision},
        201: {
            "description": "It was tried and is there now",
            "headers": {"Location": {"schema": {"type": "string"}}},
        },
        **problems(408, 413),
    },
    openapi_extra=_BODY,
    dependencies=[Depends(may_admin)],
)
async def upload_model(service: TheService, request: Request) -> Response:
    """Add a model: tried in a process of its own, loaded, asked a canary, and only then there.

    Refused with `model_refused` and what to do instead: whatever holds code (pickle, joblib,
    PyTorch, Keras, TorchServe archives), custom operators, weights in other files, damaged or
    hostile archives. Only with `ALLOW_MODEL_UPLOAD=true`.
    """
    upload = service.hosting.upload_model
    with upload.permit():
        if not is_multipart(request):
            raise InvalidRequest("The body must be multipart/form-data.", field="body")
        async with whole_form(request, max_part_bytes=MOST_MANIFEST_BYTES) as form:
            refuse_unknown_fields(form, _FIELDS)
            name, manifest = _text(form, "model_name"), _text(form, "manifest")
            if name is None:
                raise InvalidRequest("This field is missing.", field="model_name")
            content = await _content(form)
            promote = _flag(form, "promote")
        uploaded = await upload(content, name, manifest=manifest, promote=promote)
    card = uploaded.card
    return Response(
        _out(card).model_dump_json(),
        status_code=201 if uploaded.created else 200,
        headers={"Location": f"/api/v1/models/{card.model_id}/{card.revision}"},
        media_type="application/json",
    )


@router.get(
    "/api/v1/models/{model_id}/{revision:revision}",
    responses=problems(404),
    dependencies=[Depends(may_read)],
)
async def get_revision(
    service: TheService, model_id: ModelInPath, revision: RevisionInPath
) -> ModelCardOfRevision:
    """What the manifest of one revision says."""
    return _out(await service.hosting.upload_model.card(model_id, revision))


def _text(form: FormData, name: str) -> str | None:
    value = form.get(name)
    if value is not None and not isinstance(value, str):
        raise InvalidRequest(f"{name} must be text.", field=name)
    return value or None


def _flag(form: FormData, name: str) -> bool:
    value = _text(form, name)
    if value not in {None, "true", "false"}:
        raise InvalidRequest(f"{name} must be true or false.", field=name)
    return value == "true"


async def _content(form: FormData) -> bytes:
    file = form.get("model_file")
    if not isinstance(file, UploadFile):
        raise InvalidRequest("No file arrived as the field 'model_file'.", field="model_file")
    return await asyncio.to_thread(file.file.read)


def _out(card: RevisionCard) -> ModelCardOfRevision:
    state = card.state
    return ModelCardOfRevision(
        model_id=card.model_id,
        revision=card.revision,
        kind=card.kind,
        title=card.title,
        aliases=list(card.aliases),
        sha256=card.sha256,
        size_bytes=card.size_bytes,
        trained_at=card.trained_at,
        trained_on=card.trained_on,
        inputs=[dict(told) for told in card.inputs],
        outputs=[dict(told) for told in card.outputs],
        features=[dict(told) for told in card.features],
        labels=list(card.labels),
        example=card.example,
        metrics=dict(card.metrics),
        about=dict(card.about),
        state=state.state,
        reason=state.reason,
        memory_bytes=state.memory_bytes,
        requests_in_work=state.requests_in_work,
        last_used_at=state.last_used_at,
    )

"""What the routes of the Open Inference Protocol answer, for them and for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from ml_service.domain.tensors import Datatype, TensorSpec
from ml_service.hosting.loaded import ModelState
from ml_service.use_cases.serve_tensors import DescribedModel, StandingRevision

RepositoryState = Literal["READY", "UNAVAILABLE", "LOADING", "UNLOADING"]


class OpenInferenceError(BaseModel):
    error: str
    code: str
    request_id: str


class ServerLive(BaseModel):
    live: bool


class ServerReady(BaseModel):
    ready: bool


class ServerMetadata(BaseModel):
    name: str
    version: str
    extensions: list[str]


class ModelNames(BaseModel):
    models: list[str]


class TensorMetadata(BaseModel):
    """``shape`` has -1 for a dimension of any length."""

    name: str
    datatype: Datatype
    shape: list[int]


class ModelMetadata(BaseModel):
    """``versions`` are the revisions there are, the oldest first."""

    name: str
    versions: list[str]
    platform: str
    inputs: list[TensorMetadata]
    outputs: list[TensorMetadata]


class ModelReady(BaseModel):
    name: str
    ready: bool


class OutputTensor(BaseModel):
    """``data`` is flat, row by row; with ``parameters.binary_data_size`` it stands behind the JSON
    instead.
    """

    name: str
    datatype: Datatype
    shape: list[int]
    parameters: dict[str, int] = {}
    data: list[Any] | None = None


class InferenceAnswer(BaseModel):
    """``model_version`` is the revision that answered; ``parameters.arm`` how traffic led there."""

    model_name: str
    model_version: str
    id: str | None = None
    parameters: dict[str, str]
    outputs: list[OutputTensor]


class RepositoryRevision(BaseModel):
    """``reason`` says why it is not ready; empty where it is."""

    name: str
    version: str
    state: RepositoryState
    reason: str


class Loaded(BaseModel):
    name: str
    load: bool


class Unloaded(BaseModel):
    name: str
    unload: bool


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For ``responses=`` of a route; those of any guarded route come with every one."""
    return open_refusals(401, 403, 429, 503, *statuses)


def open_refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """As ``refusals``, for a route that everybody may ask."""
    named: dict[int | str, str] = {
        status: _DESCRIPTIONS[status] for status in sorted({400, *statuses})
    }
    named["default"] = "any other refusal"
    return {
        status: {"model": OpenInferenceError, "description": description}
        for status, description in named.items()
    }


_DESCRIPTIONS = {
    400: "the request does not hold; `error` says where",
    401: "a key is needed",
    403: "this key, or this web page, may not do that",
    404: "there is no such model or revision",
    409: "the model answers requests: it stays loaded",
    413: "too much at once; `error` says what to do",
    415: "compressed in another way than gzip or deflate",
    429: "rate limited; Retry-After says when to come back",
    503: "the model is not ready, or too much is in work; `error` says which",
}


def metadata_of(model: DescribedModel) -> ModelMetadata:
    return ModelMetadata(
        name=model.model_id,
        versions=list(model.versions),
        platform=model.platform,
        inputs=[_tensor(spec) for spec in model.inputs],
        outputs=[_tensor(spec) for spec in model.outputs],
    )


def _tensor(spec: TensorSpec) -> TensorMetadata:
    return TensorMetadata(name=spec.name, datatype=spec.datatype, shape=list(spec.shape))


_STATES: dict[ModelState, tuple[RepositoryState, str]] = {
    "registered": ("UNAVAILABLE", "not loaded yet: the first request loads it"),
    "loading": ("LOADING", ""),
    "ready": ("READY", ""),
    "draining": ("UNLOADING", "ends what it began"),
    "unloaded": ("UNAVAILABLE", "unloaded: the next request loads it again"),
    "failed": ("UNAVAILABLE", "could not be loaded"),
}


def standing_of(revision: StandingRevision) -> RepositoryRevision:
    state, reason = _STATES[revision.state.state]
    return RepositoryRevision(
        name=revision.model_id,
        version=revision.revision,
        state=state,
        reason=revision.state.reason or reason,
    )

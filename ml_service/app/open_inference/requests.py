"""An inference request, from the bytes of its body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ml_service.app.errors import value_sentence
from ml_service.app.open_inference.binary_tensors import tensor_of_bytes
from ml_service.app.open_inference.json_tensors import tensor_of_json
from ml_service.domain.errors import InvalidRequest, TooLarge
from ml_service.domain.tensors import Datatype, Tensor, Tensors

JSON_BYTES_HEADER = "Inference-Header-Content-Length"
MOST_JSON_BYTES = 4_000_000
"""As Python objects they take many times that; in binary, numbers take what they are."""

MOST_DIMENSIONS = 16
MOST_TENSORS = 64

Name = Annotated[str, Field(min_length=1, max_length=256)]
Parameters = Annotated[dict[str, Any], Field(max_length=32)]


class _Stated(BaseModel):
    """What a server does not know it leaves alone, by the protocol."""

    model_config = ConfigDict(strict=True, extra="ignore")


class InputTensor(_Stated):
    """``data`` row by row, nested or flat; without it the values follow the JSON as bytes, as many
    as ``parameters.binary_data_size`` says.
    """

    name: Name
    shape: list[Annotated[int, Field(ge=0)]] = Field(max_length=MOST_DIMENSIONS)
    datatype: Datatype
    parameters: Parameters = {}
    data: list[Any] | None = None


class RequestedOutput(_Stated):
    """With ``parameters.binary_data`` its values come as bytes behind the JSON."""

    name: Name
    parameters: Parameters = {}


class InferenceRequest(_Stated):
    """``parameters.binary_data_output``: all outputs in binary. Without ``outputs`` all come."""

    id: str | None = Field(None, max_length=256)
    parameters: Parameters = {}
    inputs: list[InputTensor] = Field(min_length=1, max_length=MOST_TENSORS)
    outputs: list[RequestedOutput] | None = Field(None, max_length=MOST_TENSORS)


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """``binary`` says of each output that is named whether it is wanted in binary, in their
    order; ``else_binary`` of the others. ``wanted`` is empty where all are.
    """

    id: str | None
    inputs: Tensors
    binary: dict[str, bool]
    else_binary: bool

    @property
    def wanted(self) -> tuple[str, ...]:
        return tuple(self.binary)

    def is_binary(self, output: str) -> bool:
        return self.binary.get(output, self.else_binary)


def read_request(body: bytes, *, json_bytes: str | None) -> ReadRequest:
    """``json_bytes`` is the header of that meaning. Raises InvalidRequest or TooLarge."""
    head, raw = _split(body, json_bytes)
    stated = _stated(head)
    _refuse_shared_memory(stated)
    all_binary = _flag(stated.parameters, "binary_data_output", otherwise=False)
    return ReadRequest(
        id=stated.id,
        inputs=_inputs(stated.inputs, raw),
        binary=_wishes(stated.outputs or (), otherwise=all_binary),
        else_binary=all_binary,
    )


def _split(body: bytes, json_bytes: str | None) -> tuple[bytes, bytes]:
    n_bytes = len(body)
    if json_bytes is not None:
        if not (json_bytes.isascii() and json_bytes.isdecimal() and len(json_bytes) < 12):
            raise InvalidRequest(f"{JSON_BYTES_HEADER} is no number.", field="headers")
        n_bytes = int(json_bytes)
    if n_bytes > len(body):
        raise InvalidRequest(
            f"{JSON_BYTES_HEADER} says {n_bytes}, and the body has {len(body)} bytes.",
            field="headers",
        )
    if n_bytes > MOST_JSON_BYTES:
        raise TooLarge(
            f"The JSON of a request has {MOST_JSON_BYTES:,} bytes at most. Send the tensors in "
            "binary, or fewer of them."
        )
    return body[:n_bytes], body[n_bytes:]


def _stated(head: bytes) -> InferenceRequest:
    try:
        return InferenceRequest.model_validate_json(head)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        raise InvalidRequest(
            "The body is not JSON. Where tensors follow it in binary, "
            f"{JSON_BYTES_HEADER} says how many bytes are JSON.",
            field="body",
        )
    place = "/".join(str(step) for step in first["loc"])[:128] or "body"
    raise InvalidRequest(f"{place}: {value_sentence(dict(first))}", field=place)


def _refuse_shared_memory(stated: InferenceRequest) -> None:
    for tensor in (*stated.inputs, *(stated.outputs or ())):
        if any(name.startswith("shared_memory") for name in tensor.parameters):
            raise InvalidRequest(
                "No memory is shared with this service: send the tensors in the body.",
                field="parameters",
            )


def _inputs(stated: Sequence[InputTensor], raw: bytes) -> Tensors:
    inputs: dict[str, Tensor] = {}
    at = 0
    for tensor in stated:
        if tensor.name in inputs:
            raise InvalidRequest(f"Input {tensor.name!r} was sent twice.", field="inputs")
        n_bytes = _binary_bytes(tensor)
        inputs[tensor.name] = _tensor(tensor, None if n_bytes is None else raw[at : at + n_bytes])
        at += n_bytes or 0
    if at != len(raw):
        raise InvalidRequest(
            f"{len(raw)} bytes follow the JSON, and the inputs state {at}.", field="body"
        )
    return inputs


def _binary_bytes(tensor: InputTensor) -> int | None:
    n_bytes = tensor.parameters.get("binary_data_size")
    if n_bytes is None:
        return None
    if type(n_bytes) is not int or n_bytes < 0:
        raise InvalidRequest(
            f"binary_data_size of input {tensor.name!r} is no number of bytes.", field="inputs"
        )
    return n_bytes


def _tensor(stated: InputTensor, raw: bytes | None) -> Tensor:
    name = stated.name
    if (raw is None) == (stated.data is None):
        raise InvalidRequest(
            f"Input {name!r} needs either data or binary_data_size.", field="inputs"
        )
    if raw is not None:
        return tensor_of_bytes(raw, stated.datatype, stated.shape, name=name)
    if stated.parameters.get("content_type") == "base64":
        raise InvalidRequest(
            f"Input {name!r} comes as base64, which is not decoded here. Send text as it is, and "
            "other bytes in binary.",
            field="inputs",
        )
    return tensor_of_json(stated.data or (), stated.datatype, stated.shape, name=name)


def _wishes(stated: Sequence[RequestedOutput], *, otherwise: bool) -> dict[str, bool]:
    wishes: dict[str, bool] = {}
    for output in stated:
        if output.name in wishes:
            raise InvalidRequest(f"Output {output.name!r} was asked for twice.", field="outputs")
        if output.parameters.get("classification"):
            raise InvalidRequest(
                f"The classification of output {output.name!r} is not made here: ask for the "
                "output itself and pick its largest values.",
                field="outputs",
            )
        wishes[output.name] = _flag(output.parameters, "binary_data", otherwise=otherwise)
    return wishes


def _flag(parameters: dict[str, Any], name: str, *, otherwise: bool) -> bool:
    said = parameters.get(name, otherwise)
    if not isinstance(said, bool):
        raise InvalidRequest(f"{name} is true or false.", field="parameters")
    return said

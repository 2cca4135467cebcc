"""The part of ONNX's file format that is looked at before a runtime sees a graph.

Field numbers are those of ``onnx.proto`` of the ONNX standard; what is not named here is skipped.
The reader is protobuf's own, which ONNX Runtime brings along.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

_PACKAGE = "ml_service.onnx"
_SCALARS = frozenset({"int64", "int32", "string", "bytes"})

_MESSAGES: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "Model": {
        "ir_version": (1, "int64"),
        "graph": (7, "Graph"),
        "opset_import": (8, "Opset*"),
        "training_info": (20, "Opaque*"),
        "functions": (25, "Opaque*"),
    },
    "Opset": {"domain": (1, "string"), "version": (2, "int64")},
    "Graph": {
        "node": (1, "Node*"),
        "initializer": (5, "Tensor*"),
        "input": (11, "Value*"),
        "output": (12, "Value*"),
        "sparse_initializer": (15, "SparseTensor*"),
    },
    "Node": {
        "input": (1, "string*"),
        "output": (2, "string*"),
        "op_type": (4, "string"),
        "attribute": (5, "Attribute*"),
        "domain": (7, "string"),
    },
    "Attribute": {
        "name": (1, "string"),
        "t": (5, "Tensor"),
        "g": (6, "Graph"),
        "ints": (8, "int64*"),
        "strings": (9, "bytes*"),
        "tensors": (10, "Tensor*"),
        "graphs": (11, "Graph*"),
        "sparse_tensor": (22, "SparseTensor"),
        "sparse_tensors": (23, "SparseTensor*"),
    },
    "Tensor": {
        "name": (8, "string"),
        "external_data": (13, "Opaque*"),
        "data_location": (14, "int32"),
    },
    "SparseTensor": {"values": (1, "Tensor"), "indices": (2, "Tensor")},
    "Value": {"name": (1, "string"), "type": (2, "Type")},
    "Type": {
        "tensor_type": (1, "TensorType"),
        "sequence_type": (4, "SequenceType"),
        "map_type": (5, "MapType"),
    },
    "TensorType": {"elem_type": (1, "int32"), "shape": (2, "Shape")},
    "SequenceType": {"elem_type": (1, "Type")},
    "MapType": {"key_type": (1, "int32"), "value_type": (2, "Type")},
    "Shape": {"dim": (1, "Dimension*")},
    "Dimension": {"dim_value": (1, "int64"), "dim_param": (2, "string")},
    "Opaque": {},
}
"""A star marks what may be there several times."""


def read_model(content: bytes) -> Any:
    """A message with the fields of ``Model``. Raises ValueError."""
    from google.protobuf.message import DecodeError  # noqa: PLC0415 - as below

    try:
        return _model_class().FromString(content)
    except DecodeError as error:
        raise ValueError("no such message") from error


@cache
def _model_class() -> Any:
    # 20 ms to import, and most services never see a graph.
    from google.protobuf import (  # noqa: PLC0415 - as said
        descriptor_pb2,
        descriptor_pool,
        message_factory,
    )

    file = descriptor_pb2.FileDescriptorProto(
        name="ml_service_onnx.proto", package=_PACKAGE, syntax="proto2"
    )
    for message, fields in _MESSAGES.items():
        described = file.message_type.add(name=message)
        for name, (number, kind) in fields.items():
            _describe(described.field.add(name=name, number=number), kind)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.Model"))


def _describe(field: Any, kind: str) -> None:
    bare = kind.removesuffix("*")
    field.label = field.LABEL_REPEATED if kind.endswith("*") else field.LABEL_OPTIONAL
    if bare in _SCALARS:
        field.type = getattr(field, f"TYPE_{bare.upper()}")
    else:
        field.type = field.TYPE_MESSAGE
        field.type_name = f".{_PACKAGE}.{bare}"

"""What a row of a table has to hold for a plain graph, and what the graph's answers mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args, runtime_checkable

from ml_service.domain.tensors import Datatype, TensorFunction, TensorSpec

FeatureType = Literal["number", "integer", "text", "flag"]
FEATURE_TYPES: tuple[FeatureType, ...] = get_args(FeatureType)

FLOATS: frozenset[Datatype] = frozenset({"FP16", "FP32", "FP64"})
INTEGERS: frozenset[Datatype] = frozenset(
    {"UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64"}
)
_TAKES: Mapping[FeatureType, frozenset[Datatype]] = {
    "number": FLOATS,
    "integer": INTEGERS | FLOATS,
    "text": frozenset({"BYTES"}),
    "flag": INTEGERS | FLOATS | {"BOOL"},
}


@dataclass(frozen=True, slots=True)
class Feature:
    """One field of a row. An ``optional`` one may be null or absent: the graph then sees NaN, or
    an empty text. Where ``values`` are given, a text is one of them.
    """

    name: str
    type: FeatureType
    optional: bool = False
    values: tuple[str, ...] = ()

    def fits(self, datatype: Datatype) -> bool:
        if self.optional and self.type != "text" and datatype not in FLOATS:
            return False
        return datatype in _TAKES[self.type]


@dataclass(frozen=True, slots=True)
class Answers:
    """Which output says what; None where no output does."""

    label: str | None = None
    probabilities: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class RowSchema:
    """``features`` fill the columns of ``inputs`` in their order. ``classes`` are the labels as
    the graph says them, ``labels`` as people read them, in the order of the probabilities.
    """

    inputs: tuple[TensorSpec, ...]
    features: tuple[Feature, ...]
    answers: Answers
    labels: tuple[str, ...]
    classes: tuple[str, ...]

    @property
    def one_at_a_time(self) -> bool:
        """Whether the graph was exported for a single row."""
        return any(spec.shape[0] == 1 for spec in self.inputs)


@runtime_checkable
class RowModel(TensorFunction, Protocol):
    """A plain graph that may take rows of a table."""

    @property
    def rows(self) -> RowSchema | None: ...


def n_columns(spec: TensorSpec) -> int | None:
    """Of an input that takes rows; -1 where the graph leaves it open, None where it takes none."""
    if not spec.shape or spec.shape[0] not in {-1, 1} or len(spec.shape) > 2:
        return None
    return 1 if len(spec.shape) == 1 else spec.shape[1]


def derived_features(inputs: Sequence[TensorSpec]) -> tuple[Feature, ...]:
    """Named after the inputs; empty where one of them takes no rows or leaves its width open."""
    features: list[Feature] = []
    for spec in inputs:
        width = n_columns(spec)
        if width is None or width < 1:
            return ()
        kind = _type_of(spec.datatype)
        names = [spec.name] if width == 1 else [f"{spec.name}_{at}" for at in range(width)]
        features.extend(Feature(name, kind) for name in names)
    return tuple(features)


def columns_of(
    inputs: Sequence[TensorSpec], features: Sequence[Feature]
) -> tuple[tuple[TensorSpec, tuple[Feature, ...]], ...]:
    """Each input with its features. Raises ValueError where they do not add up."""
    left = list(features)
    split = []
    for spec in inputs:
        width = n_columns(spec)
        if width is None:
            raise ValueError(spec.name)
        taken = left[: len(left) if width == -1 else width]
        if len(taken) < max(1, width):
            raise ValueError(spec.name)
        del left[: len(taken)]
        split.append((spec, tuple(taken)))
    if left:
        raise ValueError(left[0].name)
    return tuple(split)


def row_schema(manifest: Mapping[str, Any]) -> RowSchema | None:
    """None where the graph takes no rows. Raises KeyError, TypeError or ValueError for a manifest
    that this service has not written.
    """
    features = tuple(
        Feature(**{**told, "values": tuple(told.get("values", ()))})
        for told in manifest["features"]
    )
    if not features:
        return None
    inputs = tuple(read_spec(told) for told in manifest["inputs"])
    columns_of(inputs, features)
    return RowSchema(
        inputs=inputs,
        features=features,
        answers=Answers(**manifest["answers"]),
        labels=tuple(manifest["labels"]),
        classes=tuple(manifest["classes"]),
    )


def read_spec(told: Mapping[str, Any]) -> TensorSpec:
    """Raises KeyError, TypeError or ValueError."""
    name, datatype, shape = told["name"], told["datatype"], told["shape"]
    if not isinstance(name, str) or datatype not in get_args(Datatype):
        raise ValueError(name)
    return TensorSpec(name, datatype, tuple(int(length) for length in shape))


def told_spec(spec: TensorSpec) -> dict[str, Any]:
    return {"name": spec.name, "datatype": spec.datatype, "shape": list(spec.shape)}


def _type_of(datatype: Datatype) -> FeatureType:
    if datatype in FLOATS:
        return "number"
    if datatype in INTEGERS:
        return "integer"
    return "text" if datatype == "BYTES" else "flag"

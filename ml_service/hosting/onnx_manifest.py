"""The manifest of a plain graph: what the graph says of itself, and what its sender adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ml_service.domain.errors import ModelRefused
from ml_service.domain.tensors import TensorSpec
from ml_service.hosting.model_files import REVISION_LENGTH, Manifest
from ml_service.hosting.onnx_graph import GraphFacts
from ml_service.hosting.row_schema import (
    FEATURE_TYPES,
    FLOATS,
    INTEGERS,
    Answers,
    Feature,
    columns_of,
    derived_features,
    told_spec,
)

ONNX = "onnx"
MOST_FEATURES = 2_000
MOST_LABELS = 10_000
_LONGEST_NAME = 200
_OF_THE_SERVICE = ("inputs", "outputs", "classes", "weights_sha256", "revision", "kind")
"""A sender may repeat what follows from the graph; it has to be the same."""
_FREE = ("title", "trained_at", "trained_on", "metrics", "about", "example")
_KNOWN = frozenset({*_OF_THE_SERVICE, *_FREE, "model_id", "features", "answers", "labels",
                    "classes"})  # fmt: skip


def onnx_manifest(
    facts: GraphFacts, stated: Mapping[str, Any], *, model_id: str, sha256: str
) -> Manifest:
    """The same for the same graph and words. Raises ModelRefused naming what does not fit."""
    _refuse_odd(stated)
    labels = _labels(facts, stated)
    classes = facts.labels or labels
    answers = _answers(facts, stated, labels)
    if not labels and answers.probabilities is not None:
        labels = classes = _numbered(facts, answers.probabilities)
    whole = {
        "kind": ONNX,
        "model_id": model_id,
        "revision": sha256[:REVISION_LENGTH],
        "weights_sha256": sha256,
        "title": stated.get("title") or model_id,
        "trained_at": stated.get("trained_at"),
        "trained_on": stated.get("trained_on"),
        "inputs": [told_spec(spec) for spec in facts.inputs],
        "outputs": [told_spec(spec) for spec in facts.outputs],
        "features": [_told_feature(feature) for feature in _features(facts, stated)],
        "answers": asdict(answers),
        "labels": list(labels),
        "classes": list(classes),
        "example": stated.get("example"),
        "metrics": stated.get("metrics", {}),
        "about": stated.get("about", {}),
    }
    for name in _OF_THE_SERVICE:
        if name in stated and stated[name] != whole[name]:
            raise ModelRefused(f"The manifest's {name!r} is not what follows from the graph.")
    return whole


def _refuse_odd(stated: Mapping[str, Any]) -> None:
    unknown = sorted(set(stated) - _KNOWN)
    if unknown:
        raise ModelRefused(f"The manifest holds {unknown[0][:64]!r}, which means nothing here.")
    for name, fits in _SHAPES.items():
        if stated.get(name) is not None and not fits(stated[name]):
            raise ModelRefused(f"The manifest's {name!r} has the wrong form.")


def _is_line(said: object) -> bool:
    return isinstance(said, str) and 0 < len(said) <= _LONGEST_NAME and said.isprintable()


def _is_names(said: object) -> bool:
    return (
        isinstance(said, list)
        and len(said) <= MOST_LABELS
        and all(map(_is_line, said))
        and len(set(said)) == len(said)
    )


def _is_table(said: object) -> bool:
    return isinstance(said, dict)


def _is_figures(said: object) -> bool:
    return isinstance(said, dict) and all(map(_is_table, said.values()))


def _is_paragraphs(said: object) -> bool:
    return isinstance(said, dict) and all(
        isinstance(words, str)
        or (isinstance(words, list) and all(isinstance(w, str) for w in words))
        for words in said.values()
    )


def _is_answers(said: object) -> bool:
    return (
        isinstance(said, dict)
        and set(said) <= {"label", "probabilities", "value"}
        and all(name is None or isinstance(name, str) for name in said.values())
    )


def _is_features(said: object) -> bool:
    return isinstance(said, list) and len(said) <= MOST_FEATURES and all(map(_is_feature, said))


def _is_feature(said: object) -> bool:
    return (
        isinstance(said, dict)
        and set(said) <= {"name", "type", "optional", "values"}
        and _is_line(said.get("name"))
        and said.get("type") in FEATURE_TYPES
        and isinstance(said.get("optional", False), bool)
        and _is_names(said.get("values", []))
    )


_SHAPES: Mapping[str, Callable[[object], bool]] = {
    "title": _is_line,
    "trained_at": _is_line,
    "trained_on": _is_line,
    "labels": _is_names,
    "classes": _is_names,
    "features": _is_features,
    "answers": _is_answers,
    "metrics": _is_figures,
    "about": _is_paragraphs,
}


def _labels(facts: GraphFacts, stated: Mapping[str, Any]) -> tuple[str, ...]:
    labels = tuple(stated.get("labels") or facts.labels)
    if facts.labels and len(labels) != len(facts.labels):
        raise ModelRefused(
            f"The manifest names {len(labels)} labels, and the graph knows {len(facts.labels)}."
        )
    return labels


def _features(facts: GraphFacts, stated: Mapping[str, Any]) -> tuple[Feature, ...]:
    """Those of the manifest have to fill the graph's inputs, column by column."""
    if not stated.get("features"):
        return derived_features(facts.inputs)
    features = tuple(
        Feature(**{**told, "values": tuple(told.get("values", ()))}) for told in stated["features"]
    )
    if len({feature.name for feature in features}) < len(features):
        raise ModelRefused("The manifest names two features alike.")
    try:
        columns = columns_of(facts.inputs, features)
    except ValueError as error:
        raise ModelRefused(
            f"The manifest names {len(features)} features, and they do not fill the inputs of the "
            f"graph: see {str(error)[:64]!r}."
        ) from error
    for spec, taken in columns:
        for feature in taken:
            if not feature.fits(spec.datatype):
                raise ModelRefused(
                    f"Feature {feature.name!r} is {_kind_in_words(feature)} and the graph takes "
                    f"{spec.datatype} there."
                )
    return features


def _kind_in_words(feature: Feature) -> str:
    return f"an optional {feature.type}" if feature.optional else f"a {feature.type}"


def _told_feature(feature: Feature) -> dict[str, Any]:
    return {**asdict(feature), "values": list(feature.values)}


def _answers(facts: GraphFacts, stated: Mapping[str, Any], labels: Sequence[str]) -> Answers:
    """As the manifest says it, else by types and shapes."""
    if stated.get("answers"):
        return _stated_answers(facts, stated["answers"])
    label = _first(facts.outputs, _is_label)
    shares = _first(
        facts.outputs,
        lambda spec: _is_matrix(spec) and _may_be_shares(spec, labels, known=label is not None),
    )
    value = None
    if label is None and shares is None:
        value = _first(facts.outputs, _is_value)
    return Answers(label=label, probabilities=shares, value=value)


def _stated_answers(facts: GraphFacts, said: Mapping[str, Any]) -> Answers:
    outputs = {spec.name: spec for spec in facts.outputs}
    fits = {"label": _is_label, "probabilities": _is_matrix, "value": _is_value}
    for what, name in said.items():
        if name is not None and (name not in outputs or not fits[what](outputs[name])):
            raise ModelRefused(f"The manifest's answers: no output {name!r} can be the {what}.")
    return Answers(**said)


def _first(specs: Sequence[TensorSpec], fits: Callable[[TensorSpec], bool]) -> str | None:
    return next((spec.name for spec in specs if fits(spec)), None)


def _is_label(spec: TensorSpec) -> bool:
    is_column = len(spec.shape) == 1 or (len(spec.shape) == 2 and spec.shape[1] == 1)
    return is_column and spec.datatype in INTEGERS | {"BYTES", "BOOL"}


def _is_matrix(spec: TensorSpec) -> bool:
    return len(spec.shape) == 2 and spec.datatype in FLOATS


def _is_value(spec: TensorSpec) -> bool:
    return len(spec.shape) in {1, 2} and spec.datatype in FLOATS


def _may_be_shares(spec: TensorSpec, labels: Sequence[str], *, known: bool) -> bool:
    """Whether there is a column a label; ``known``: another output names the label."""
    width = spec.shape[1]
    if labels:
        return width in {-1, len(labels)}
    return known and width > 1


def _numbered(facts: GraphFacts, name: str) -> tuple[str, ...]:
    """Where nothing names the labels, their places do. Raises ModelRefused."""
    width = next(spec.shape[1] for spec in facts.outputs if spec.name == name)
    if width < 1:
        raise ModelRefused(
            "The graph does not say how many labels it knows: list them as 'labels'."
        )
    return tuple(str(at) for at in range(width))

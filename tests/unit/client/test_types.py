"""The client's types say what docs/openapi.json says: no field missing, none invented."""

from __future__ import annotations

import json
import types
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from backend_client import _requests, _scoring_requests
from backend_client import types as client_types
from backend_client._calls import Call

OPENAPI = json.loads(
    (Path(__file__).parents[3] / "docs" / "openapi.json").read_text(encoding="utf-8")
)
SCHEMAS = OPENAPI["components"]["schemas"]


def schema_of_answer(call: Call[Any]) -> dict[str, Any]:
    """By method and path, whatever stands in the path's places."""
    steps = call.path.strip("/").split("/")
    for path, methods in OPENAPI["paths"].items():
        wanted = path.strip("/").split("/")
        is_it = len(steps) == len(wanted) and all(
            w.startswith("{") or w == s for w, s in zip(wanted, steps, strict=True)
        )
        if is_it and call.method.lower() in methods:
            answers = methods[call.method.lower()]["responses"]
            return dict(answers["200"]["content"]["application/json"]["schema"])
    raise AssertionError(f"no route {call.method} {call.path}")


CALLS: list[Call[Any]] = [
    _requests.get_prediction("1"),
    _requests.list_predictions({}, limit=None, cursor=None),
    _requests.user_predictions("u", limit=None, cursor=None),
    _requests.search_predictions("q", {}, limit=None, cursor=None),
    _requests.update_prediction("1", {}, if_match=None),
    _requests.rescore("1", None, form={}, idempotency_key="k", if_match=None),
    _requests.resume("1"),
    _requests.text("1"),
    _requests.explanation("1"),
    _requests.prediction_jobs("1"),
    _requests.export_user("u"),
    _requests.search_jobs("q", {}, limit=None, cursor=None),
    _requests.career_paths(None, limit=None, cursor=None),
    _requests.career_path("15-1252.00"),
    _requests.ats_rubric(),
    _requests.models(),
    _requests.model("m"),
    _requests.health(),
    _requests.ready(),
    _requests.live(),
    _scoring_requests.analyze_interview(
        [],
        interview_id=None,
        user_id=None,
        rubric=None,
        job=None,
        candidate=None,
        idempotency_key="k",
    ),
    _scoring_requests.get_interview("i"),
    _scoring_requests.user_interviews("u", limit=None, cursor=None),
    _scoring_requests.interview_rubric(),
    _scoring_requests.interview_services(),
    _scoring_requests.classify_intent("t", model=None, user_id=None),
    _scoring_requests.classify_intents(["t"], model=None, user_id=None),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.path)
def test_a_type_has_the_fields_of_its_schema(call: Call[Any]) -> None:
    differences = list(differing(call.answers, schema_of_answer(call), call.answers.__name__))

    assert differences == []


def differing(annotation: Any, schema: dict[str, Any], where: str) -> Any:
    """Sentences on every difference, all the way down."""
    schema, schema_null = without_null(resolved(schema))
    annotation, own_null = without_none(annotation)
    if schema_null and not own_null:
        yield f"{where} may be null"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from differing_fields(annotation, schema, where)
    elif get_origin(annotation) is list:
        if schema.get("type") != "array":
            yield f"{where} is no array"
        else:
            yield from differing(get_args(annotation)[0], schema["items"], f"{where}[]")


def differing_fields(model: type[BaseModel], schema: dict[str, Any], where: str) -> Any:
    model.model_rebuild()
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    described = schema.get("properties", {})
    for name in fields.keys() ^ described.keys():
        yield f"{where}.{name} stands only in {'the type' if name in fields else 'the schema'}"
    for name in fields.keys() & described.keys():
        if fields[name].is_required() and name not in schema.get("required", []):
            yield f"{where}.{name} may be missing"
        yield from differing(fields[name].annotation, described[name], f"{where}.{name}")


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return dict(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    return schema


def without_null(schema: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    options = schema.get("anyOf", [])
    left = [option for option in options if option.get("type") != "null"]
    if len(left) < len(options):
        return resolved(left[0]), True
    return schema, False


def without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) not in {Union, types.UnionType}:
        return annotation, False
    left = [option for option in get_args(annotation) if option is not type(None)]
    return left[0], len(left) < len(get_args(annotation))


def test_the_comparison_sees_a_difference() -> None:
    schema = {
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": {}}, "extra": {}},
    }

    found = set(differing(client_types.ModelList, schema, "M"))

    assert "M.extra stands only in the schema" in found
    assert "M.unreadable stands only in the type" in found
    assert any(sentence.startswith("M.data[]") for sentence in found)

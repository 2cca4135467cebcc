"""docs/client/api.md, the clients and docs/openapi.json say the same, in every direction."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backend_client import AsyncResumeClient, Breaker, ResumeClient, Retries, Timeouts, _requests

PROJECT = Path(__file__).parents[3]
OPENAPI = json.loads((PROJECT / "docs" / "openapi.json").read_text(encoding="utf-8"))["paths"]
PAGE = (PROJECT / "docs" / "client" / "api.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| `([A-Z]+) ([^`]+)`[^|]* \| `([^`]+)` \| (.*) \|$", re.MULTILINE)
NO_ROUTE = {"with_options", "close", "aclose", "base_url", "outbox"}
OPERATORS = ("/api/v1/", "/v2", "/inference")
"""Routes that host models, which this client leaves to operators and to tools of their own."""
CALLERS = ("/api/v1/scoring/", "/api/v1/intents/")
"""Routes beside them that are not about hosting."""
OURS = {"file", "filename", "on_progress", "on_stage", "documents", "prediction"}
"""Parameters that are the client's own."""


@dataclass(frozen=True)
class Row:
    method: str
    verb: str
    path: str
    answers: str
    takes: list[str]


ROWS = [
    Row(method, verb, path, answers, re.findall(r"`(\w+)`", takes))
    for method, verb, path, answers, takes in ROW.findall(PAGE)
]


def public(client: type) -> set[str]:
    return {name for name in vars(client) if not name.startswith("_")} - NO_ROUTE


def taken(client: type, method: str) -> list[str]:
    names: list[str] = []
    for parameter in list(inspect.signature(getattr(client, method)).parameters.values())[1:]:
        if parameter.kind is parameter.VAR_KEYWORD:
            named = re.fullmatch(r"Unpack\[(\w+)\]", str(parameter.annotation))
            assert named is not None
            names.extend(getattr(_requests, named[1]).__annotations__)
        else:
            names.append(parameter.name)
    return names


def test_every_method_stands_on_the_page_once() -> None:
    named = [row.method for row in ROWS]

    assert set(named) == public(ResumeClient) == public(AsyncResumeClient)
    assert len(named) == len(set(named))


def test_every_route_has_a_method() -> None:
    routes = {
        (verb.upper(), path)
        for path, verbs in OPENAPI.items()
        for verb in verbs
        if path.startswith(CALLERS) or not path.startswith(OPERATORS)
    }

    assert {(row.verb, row.path) for row in ROWS} == routes


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.method)
def test_a_row_says_what_the_methods_take_and_answer(row: Row) -> None:
    answers = inspect.signature(getattr(ResumeClient, row.method)).return_annotation
    own = str(inspect.signature(getattr(AsyncResumeClient, row.method)).return_annotation)

    assert row.answers == answers
    assert own.removeprefix("Async") == answers
    assert row.takes == taken(ResumeClient, row.method) == taken(AsyncResumeClient, row.method)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.method != "sync"], ids=lambda r: r.method
)
def test_a_method_takes_what_its_route_takes(row: Row) -> None:
    operation = OPENAPI[row.path][row.verb.lower()]
    described = {parameter["name"] for parameter in operation.get("parameters", [])}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        described |= set(fields_of(content["schema"]))
    if row.method == "refresh":  # the one that sends If-None-Match, from what it is given
        assert described == {"prediction_id", "If-None-Match"}
        return
    described -= {"If-None-Match", "X-Model"}  # the client sends the field model

    own = set(row.takes) - OURS
    assert own == {name.lower().replace("-", "_") for name in described} - OURS


def fields_of(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        named = schema["$ref"].rpartition("/")[2]
        whole = json.loads((PROJECT / "docs" / "openapi.json").read_text(encoding="utf-8"))
        return dict(whole["components"]["schemas"][named]["properties"])
    return dict(schema["properties"])


def test_the_page_names_the_defaults_that_there_are() -> None:
    breaker = inspect.signature(Breaker).parameters
    for named, settings in (
        ("Timeouts", vars_of(Timeouts())),
        ("Retries", vars_of(Retries())),
        ("Breaker", {name: breaker[name].default for name in ("opens_after", "open_s")}),
    ):
        written = ", ".join(f"{name}={value:g}" for name, value in settings.items())
        assert f"`{named}({written})`" in PAGE


def vars_of(settings: Any) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}

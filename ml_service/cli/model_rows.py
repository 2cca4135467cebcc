"""Rows for a hosted model: of a file, or the example that it brings along."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ml_service.domain.errors import InvalidRequest

RESUME = (
    "Registered nurse\n\nExperience\nIntensive care nurse, City Hospital, 2016 to 2024. Looked "
    "after ventilated patients, gave medication, trained new colleagues.\nWard nurse, "
    "County Hospital, 2012 to 2016. Surgical ward, wound care, discharge planning.\n\nEducation\n"
    "Bachelor of Science in Nursing, State University, 2012\n\nSkills\nIntensive care, triage, "
    "medication, electronic health records"
)
"""An invented one, for models of career paths."""

_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def rows_of_file(file: Path, features: Sequence[Mapping[str, Any]]) -> list[Any]:
    """JSON, JSON Lines or CSV; cells of a CSV are read as the model's features want them.

    Raises InvalidRequest.
    """
    text = file.read_text(encoding="utf-8-sig")
    try:
        if file.suffix == ".csv":
            return _csv_rows(text, {told["name"]: told["type"] for told in features})
        if file.suffix == ".jsonl":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        read = json.loads(text)
    except (ValueError, csv.Error) as error:
        raise InvalidRequest(
            f"{file.name} cannot be read as its ending says.", field="input"
        ) from (error)
    return list(read) if isinstance(read, list) else [read]


def example_row(card: Mapping[str, Any]) -> Any:
    """Of the manifest, else one made of its features."""
    if card["kind"] == "career":
        return {"text": RESUME}
    return card.get("example") or {told["name"]: _made_up(told) for told in card["features"]}


def _csv_rows(text: str, types: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = csv.DictReader(text.splitlines())
    return [
        {name: _cell(said, types.get(name, "text")) for name, said in row.items() if name in types}
        for row in rows
    ]


def _cell(said: str, kind: str) -> Any:
    """What is no number stays as it is: the model's refusal then names row and field."""
    if said == "":
        return None
    if kind == "flag":
        return _WORDS.get(said.lower(), said)
    if kind == "text":
        return said
    try:
        return int(said) if kind == "integer" else float(said)
    except ValueError:
        return said


def _made_up(told: Mapping[str, Any]) -> Any:
    if told["type"] == "text":
        return (told.get("values") or [""])[0]
    return False if told["type"] == "flag" else 0

"""The answer that the README shows is what the sample really gets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

PROJECT = Path(__file__).parents[2]
SAMPLE = PROJECT / "data" / "samples" / "software_engineer.pdf"
CHANGES_WITH_TIME = {"prediction_id", "years_experience"}

Json = Any  # whatever a JSON document holds


def shown_answer() -> Json:
    """The first block that begins with a prediction, without its dots."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```\n(\{\n \"prediction_id\".*?)```", readme, re.DOTALL)
    assert block is not None
    without_dots = re.sub(r",?\s*\.\.\.(?=\s*[\]}\n])", "", block[1])
    return json.loads(without_dots)


def assert_shown(shown: Json, real: Json, at: str = "") -> None:
    """All that is shown is there; of a list its beginning, of checks those that are named."""
    if isinstance(shown, dict):
        for name in shown.keys() - CHANGES_WITH_TIME:
            assert_shown(shown[name], real[name], f"{at}.{name}")
    elif isinstance(shown, list):
        named = {entry["id"]: entry for entry in real if isinstance(entry, dict) and "id" in entry}
        for number, entry in enumerate(shown):
            other = named[entry["id"]] if named else real[number]
            assert_shown(entry, other, f"{at}[{number}]")
    elif isinstance(shown, float):
        assert real == pytest.approx(shown, abs=0.01), at
    else:
        assert real == shown, at


async def test_the_answer_in_the_readme_is_what_the_sample_gets(api: httpx.AsyncClient) -> None:
    answer = await api.post("/predict", files={"file": (SAMPLE.name, SAMPLE.read_bytes())})

    assert answer.status_code == 201
    assert_shown(shown_answer(), answer.json())

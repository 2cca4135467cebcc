"""A model of one kind that is asked as if it were of another says where to ask it."""

from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLASSIFY = "/api/v1/intents/classify"


async def test_a_model_of_intents_takes_no_rows_and_says_what_it_takes(
    api: httpx.AsyncClient,
) -> None:
    asked = {"model_name": "intents", "input_data": {"text": "show me jobs"}}
    answer = await api.post("/api/v1/predict", json=asked)

    assert answer.status_code == 422
    assert CLASSIFY in answer.json()["errors"][0]["detail"]


async def test_it_is_none_of_the_models_that_take_tensors(api: httpx.AsyncClient) -> None:
    listed = (await api.post("/v2/repository/index")).json()
    described = await api.get("/v2/models/intents")

    assert {"occupations", "all-MiniLM-L6-v2"} <= {entry["name"] for entry in listed}
    assert "intents" not in {entry["name"] for entry in listed}
    assert described.status_code == 404
    assert CLASSIFY in described.json()["error"]


async def test_a_text_that_is_too_long_is_told_in_characters(api: httpx.AsyncClient) -> None:
    answer = await api.post(CLASSIFY, json={"text": "jobs " * 401})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"] == "This must have at most 2000 characters."

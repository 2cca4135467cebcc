"""The route that scores, as tests call it."""

from __future__ import annotations

from typing import Any

import httpx

from tests.interviews import an_interview

PATH = "/api/v1/scoring"
ANALYZE = f"{PATH}/analyze"


async def analyzed(client: httpx.AsyncClient, interview_id: str, **fields: Any) -> dict[str, Any]:
    answer = await client.post(ANALYZE, json=an_interview(interview_id, **fields))
    assert answer.status_code == 201, answer.text
    interview: dict[str, Any] = answer.json()
    return interview

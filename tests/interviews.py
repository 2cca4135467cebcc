"""Invented interviews, as they are sent."""

from __future__ import annotations

from typing import Any

PROBLEM = (
    "Our nightly billing job in Python and PostgreSQL took six hours because every row was "
    "updated one at a time. I profiled it, found a missing index, and chose batched updates over "
    "a rewrite since the risk was lower. As a result it ran in 20 minutes, and I wrote tests that "
    "check the totals."
)
DISAGREEMENT = (
    "When a colleague wanted to rewrite our scheduler, I asked what hurt him most and listened to "
    "the whole team. We agreed to measure for a week, paired on a small prototype, and then "
    "decided together to keep it. He thanked me for not making it about who was right."
)
QUESTIONS_AND_ANSWERS = (
    ("Tell me about a hard technical problem you solved.", PROBLEM),
    ("How do you work with others when you disagree?", DISAGREEMENT),
)

ONE_ANSWER = {"speaker": "Candidate", "content": QUESTIONS_AND_ANSWERS[0][1]}

QUOTED = "Our nightly billing job in Python and PostgreSQL took six hours"


def turns(
    *pairs: tuple[str, str], interviewer: str = "Interviewer", candidate: str = "Candidate"
) -> list[dict[str, str]]:
    """Each question and its answer; the invented ones where none is given."""
    return [
        {"speaker": speaker, "content": content}
        for pair in pairs or QUESTIONS_AND_ANSWERS
        for speaker, content in zip((interviewer, candidate), pair, strict=True)
    ]


def an_interview(interview_id: str, **fields: Any) -> dict[str, Any]:
    return {"interview_id": interview_id, "transcript": turns(), **fields}

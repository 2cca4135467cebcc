"""What a caller's type checker sees; mypy checks this file, nothing runs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import assert_type
from uuid import UUID

from backend_client import (
    AsyncResumeClient,
    NotFoundError,
    Prediction,
    ResumeClient,
    SyncReport,
    Turn,
)
from backend_client.types import (
    Health,
    Intent,
    IntentList,
    Interview,
    InterviewRubric,
    InterviewServices,
    InterviewSummary,
    JsonResume,
    Occupation,
    OccupationSummary,
    Posting,
    PredictionList,
    PredictionSummary,
    Rescored,
    UserExport,
)


def uses_it(client: ResumeClient) -> None:
    prediction = client.predict(Path("resume.pdf"), user_id="marta", on_progress=print)
    assert_type(prediction, Prediction)
    assert_type(prediction.prediction_id, UUID | None)
    assert_type(prediction.confidence, float)
    assert_type(prediction.request_id, str | None)
    for summary in client.list_predictions(tag="hired", created_after=datetime.now(UTC)):
        assert_type(summary, PredictionSummary)
    assert_type(client.user_predictions("marta").pages(), Iterator[PredictionList])
    assert_type([posting.title for posting in client.search_jobs("nurse", remote=True)], list[str])
    for posting in client.search_jobs("nurse", employment_types=["FULLTIME"]):
        assert_type(posting, Posting)
    for occupation in client.career_paths("nurse"):
        assert_type(occupation, OccupationSummary)
    assert_type(client.career_path("15-1252.00"), Occupation)
    assert_type(client.update_prediction("id", tags=["a"], notes=None), Prediction)
    assert_type(client.rescore("id"), Rescored)
    assert_type(client.resume("id"), JsonResume)
    assert_type(client.export_user("marta").read(), UserExport)
    assert_type(client.health(), Health)
    assert_type(client.with_options(max_retries=0), ResumeClient)
    said: list[Turn] = [{"speaker": "Candidate", "content": "I measured it first."}]
    interview = client.analyze_interview(said, rubric={"communication": 2}, job="A developer")
    assert_type(interview, Interview)
    assert_type(interview.overall, float | None)
    assert_type(client.get_interview("interview"), Interview)
    for held in client.user_interviews("marta"):
        assert_type(held, InterviewSummary)
    assert_type(client.interview_rubric(), InterviewRubric)
    assert_type(client.interview_services(), InterviewServices)
    assert_type(client.classify_intent("nurse jobs in Graz"), Intent)
    assert_type(client.classify_intents(["nurse jobs", "hello"]), IntentList)
    assert_type(client.sync(), SyncReport)
    try:
        client.delete_prediction("id")
    except NotFoundError as error:
        assert_type(error.code, str)
        assert_type(error.status, int)


async def awaits_it(client: AsyncResumeClient) -> None:
    prediction = await client.predict(b"%PDF-", filename="resume.pdf")
    assert_type(prediction, Prediction)
    async for summary in client.search_predictions("python", min_confidence=0.5):
        assert_type(summary, PredictionSummary)
    async for page in client.user_predictions("marta").pages():
        assert_type(page, PredictionList)
    assert_type(await client.export_user("marta").read(), UserExport)
    assert_type(await client.sync(lambda _: None), SyncReport)
    assert_type(await client.classify_intent("nurse jobs in Graz"), Intent)
    async for held in client.user_interviews("marta"):
        assert_type(held, InterviewSummary)


def is_refused(client: ResumeClient) -> None:
    client.predict(7)  # type: ignore[arg-type]  # no document
    client.list_predictions(colour="red")  # type: ignore[call-arg]  # no such filter
    client.update_prediction("id", feedback="maybe")  # type: ignore[arg-type]  # right or wrong
    client.search_jobs("nurse", date_posted="year")  # type: ignore[arg-type]  # no such span
    client.analyze_interview("Interviewer: Why?")  # type: ignore[arg-type]  # no turns

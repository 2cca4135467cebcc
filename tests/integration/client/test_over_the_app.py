"""Every method of the client against the real service."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from backend_client import (
    AsyncResumeClient,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PreconditionFailedError,
    Prediction,
    Stage,
    Turn,
    UnavailableError,
    UnsupportedTypeError,
)
from tests.documents import PEOPLE, resume_docx, resume_pdf
from tests.interviews import QUOTED, turns

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOBODY = UUID("01a1fc88-66d0-7014-90f3-04d67247e391")


async def uploaded(client: AsyncResumeClient, user_id: str, number: int = 0) -> Prediction:
    return await client.predict(
        resume_pdf(PEOPLE[number]), filename=f"{number}.pdf", user_id=user_id
    )


async def test_an_upload_and_all_that_is_kept_of_it(client: AsyncResumeClient) -> None:
    stages: list[Stage] = []
    told: list[tuple[int, int]] = []

    prediction = await client.predict(
        resume_docx(PEOPLE[0]),
        filename="Lebenslauf Jürgen.docx",
        user_id="ada/7 ü",
        job_description="Requirements: Python, PostgreSQL and COBOL.",
        document_date=date(2026, 1, 31),
        job_location="Graz",
        job_country="at",
        model="occupations",
        on_stage=stages.append,
        on_progress=lambda sent, total: told.append((sent, total)),
    )
    held = await client.get_prediction(prediction.prediction_id or NOBODY)

    assert held == prediction
    assert prediction.model_extra == {}
    assert prediction.source == "ml-service"
    assert prediction.request_id
    assert prediction.resume_filename == "Lebenslauf Jürgen.docx"
    assert prediction.document_date == date(2026, 1, 31)
    assert prediction.match is not None
    assert "extract" in {stage.stage for stage in stages}
    assert told[-1][0] == told[-1][1] > 0
    summaries = [summary async for summary in client.user_predictions("ada/7 ü")]
    assert [summary.prediction_id for summary in summaries] == [prediction.prediction_id]
    await client.erase_user("ada/7 ü")
    assert [summary async for summary in client.user_predictions("ada/7 ü")] == []


async def test_one_key_makes_one_prediction(client: AsyncResumeClient) -> None:
    document = resume_pdf(PEOPLE[1])

    first = await client.predict(document, user_id="twice", force=True, idempotency_key="click")
    again = await client.predict(document, user_id="twice", force=True, idempotency_key="click")
    stored = await client.predict(document, user_id="twice", filename="other.pdf")

    assert (first.replayed, again.replayed, stored.replayed) == (False, True, False)
    assert first == again
    assert first.prediction_id == stored.prediction_id
    with pytest.raises(InvalidRequestError) as raised:
        await client.predict(document, user_id="another", force=True, idempotency_key="click")
    assert raised.value.code == "idempotency_key_reused"


async def test_a_history_is_walked_searched_and_filtered(client: AsyncResumeClient) -> None:
    made = [await uploaded(client, "history", number) for number in range(5)]
    ids = [prediction.prediction_id for prediction in reversed(made)]
    since = datetime.now(UTC) - timedelta(hours=1)

    walked = [s.prediction_id async for s in client.list_predictions(user_id="history", limit=2)]
    pages = [page async for page in client.user_predictions("history", limit=2).pages()]
    recent = [s async for s in client.list_predictions(user_id="history", created_after=since)]
    wanted = made[3].resume_filename
    found = [s async for s in client.search_predictions(f'"{wanted}"', user_id="history")]
    second = await client.user_predictions("history", limit=2, cursor=pages[0].next_cursor).page()

    assert walked == ids
    assert [len(page.data) for page in pages] == [2, 2, 1]
    assert all(page.request_id for page in pages)
    assert len(recent) == 5
    assert [summary.prediction_id for summary in found] == [made[3].prediction_id]
    assert [summary.prediction_id for summary in second.data] == ids[2:4]


async def test_changes_name_the_state_they_are_meant_for(client: AsyncResumeClient) -> None:
    prediction = await uploaded(client, "changes")
    key = prediction.prediction_id or NOBODY

    changed = await client.update_prediction(
        key, tags=["hired"], notes="calm", feedback="right", if_match=prediction.etag
    )
    cleared = await client.update_prediction(key, notes=None)
    same = await client.refresh(cleared)

    assert (changed.tags, changed.notes, changed.feedback) == (["hired"], "calm", "right")
    assert (cleared.tags, cleared.notes) == (["hired"], None)
    assert same is cleared
    assert await client.refresh(prediction) == cleared
    with pytest.raises(PreconditionFailedError):
        await client.update_prediction(key, notes="late", if_match=prediction.etag)
    with pytest.raises(PreconditionFailedError):
        await client.delete_prediction(key, if_match=prediction.etag)
    await client.delete_prediction(key, if_match=cleared.etag)
    with pytest.raises(NotFoundError) as raised:
        await client.get_prediction(key)
    assert raised.value.code == "prediction_not_found"


async def test_all_that_hangs_on_a_prediction(client: AsyncResumeClient) -> None:
    prediction = await uploaded(client, "parts", 2)
    key = prediction.prediction_id or NOBODY

    resume = await client.resume(key)
    text = await client.text(key)
    explanation = await client.explanation(key)
    jobs = await client.prediction_jobs(key)
    stored = await client.rescore(key)
    changed = await client.rescore(key, resume_docx(PEOPLE[2]), filename="new.docx")

    assert resume.basics.name == PEOPLE[2].name
    assert str(resume.as_json()["$schema"]).endswith("schema.json")
    assert [line.order for line in text.lines] == sorted(line.order for line in text.lines)
    assert explanation.lines
    assert jobs.jobs_status == prediction.jobs_status
    assert (stored.changed.resume, changed.changed.resume) == (False, True)
    for answer in (resume, text, explanation, jobs, stored, changed):
        assert answer.model_extra == {}


async def test_an_export_holds_what_an_erasure_takes(
    client: AsyncResumeClient, tmp_path: Path
) -> None:
    user_id = "export/me"
    made = {(await uploaded(client, user_id, number)).prediction_id for number in (0, 3)}

    export = await client.export_user(user_id).read()
    n_bytes = await client.export_user(user_id).write_to(tmp_path / "export.json")
    await client.erase_user(user_id)
    after = await client.export_user(user_id).read()

    assert {one.prediction.prediction_id for one in export.predictions} == made
    assert all(one.lines for one in export.predictions)
    written = json.loads((tmp_path / "export.json").read_bytes())
    assert len(written["predictions"]) == 2
    assert n_bytes == (tmp_path / "export.json").stat().st_size
    assert after.predictions == []


async def test_what_the_service_knows_and_how_it_is(client: AsyncResumeClient) -> None:
    nurses = [one async for one in client.career_paths("registered nurse", limit=100)]
    nurse = await client.career_path("29-1141.00")
    everything = [page async for page in client.career_paths(limit=100).pages()]
    listed = await client.models()
    model = await client.model(listed.data[0].model_id)
    rubric = await client.ats_rubric()
    health, ready, live = await client.health(), await client.ready(), await client.live()

    assert nurses[0].soc_code == nurse.soc_code == "29-1141.00"
    assert sum(len(page.data) for page in everything) == 1_016
    assert model.labels
    assert rubric.checks
    assert (health.is_ready, ready.is_ready, live.status) == (True, True, "live")
    assert "# HELP" in await client.metrics()
    for answer in (nurse, listed, model, rubric, health):
        assert answer.model_extra == {}


@pytest.mark.parametrize(
    ("document", "error", "code"),
    [
        (b"", InvalidRequestError, "empty_document"),
        (b"plain words", UnsupportedTypeError, "unsupported_type"),
        (b"%PDF-1.7 and nothing else", InvalidRequestError, "corrupt"),
    ],
)
async def test_a_refusal_comes_as_its_own_class(
    client: AsyncResumeClient, document: bytes, error: type[Exception], code: str
) -> None:
    for watched in (None, print):
        with pytest.raises(error) as raised:
            await client.predict(document, on_stage=watched)
        assert raised.value.code == code  # type: ignore[attr-defined]  # of every error of ours


async def test_other_refusals(client: AsyncResumeClient) -> None:
    unknown: dict[str, Any] = {"colour": "red"}

    with pytest.raises(NotFoundError) as no_model:
        await client.predict(resume_pdf(PEOPLE[0]), model="none-such")
    with pytest.raises(InvalidRequestError) as no_field:
        await client.list_predictions(**unknown).page()
    with pytest.raises(NotFoundError):
        await client.get_prediction("no-uuid")
    with pytest.raises(UnavailableError) as no_board:
        await client.search_jobs("nurse").page()

    assert no_model.value.code == "model_not_found"
    assert no_field.value.errors[0].pointer == "/colour"
    assert no_board.value.code == "jobs_not_configured"


async def test_an_interview_and_all_that_is_kept_of_it(client: AsyncResumeClient) -> None:
    said = [Turn(speaker=turn["speaker"], content=turn["content"]) for turn in turns()]

    report = await client.analyze_interview(
        said, user_id="ada/8 ü", rubric={"problem_solving": 2, "communication": 1}, job="Developer"
    )
    held = await client.get_interview(report.interview_id)
    summaries = [summary async for summary in client.user_interviews("ada/8 ü")]
    export = await client.export_user("ada/8 ü").read()

    assert held == report
    assert held.etag == report.etag
    assert report.model_extra == {}
    assert report.overall is not None
    assert {one.criterion: one.asked_weight for one in report.criteria} == pytest.approx(
        {"problem_solving": 2 / 3, "communication": 1 / 3}
    )
    quoted = [told.text for one in report.criteria for told in one.evidence]
    assert any(QUOTED in (text or "") for text in quoted)
    assert [one.interview_id for one in summaries] == [report.interview_id]
    assert export.interviews[0].interview == report
    with pytest.raises(ConflictError) as other:
        await client.analyze_interview(said[:2], interview_id=report.interview_id)
    assert other.value.code == "interview_exists"
    await client.delete_interview(report.interview_id)
    with pytest.raises(NotFoundError):
        await client.get_interview(report.interview_id)


async def test_one_key_makes_one_interview(client: AsyncResumeClient) -> None:
    said = [Turn(speaker=turn["speaker"], content=turn["content"]) for turn in turns()]
    asked: dict[str, Any] = {"interview_id": "once", "idempotency_key": "once-only"}

    first = await client.analyze_interview(said, **asked)
    again = await client.analyze_interview(said, **asked)

    assert again == first
    assert (first.replayed, again.replayed) == (False, True)


async def test_how_interviews_are_scored_and_by_whom(client: AsyncResumeClient) -> None:
    rubric = await client.interview_rubric()
    services = await client.interview_services()

    assert {one.name for one in rubric.criteria} >= {"communication", "technical_depth"}
    assert all(part.signals for one in rubric.criteria for part in one.assessed_by)
    assert (services.status, services.all_services_healthy) == ("healthy", True)
    assert rubric.model_extra == services.model_extra == {}

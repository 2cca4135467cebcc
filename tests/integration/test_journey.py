"""One upload all the way, over the app's HTTP interface, and found again."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.documents import resume_docx, resume_pdf, resume_text
from tests.people import PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")

PERSON = PEOPLE[0]


async def upload(
    api: httpx.AsyncClient, content: bytes, filename: str, **fields: str
) -> httpx.Response:
    return await api.post("/predict", files={"file": (filename, content)}, data=fields)


async def uploaded(api: httpx.AsyncClient, user_id: str) -> dict[str, Any]:
    answer = await upload(api, resume_pdf(PERSON), "resume.pdf", user_id=user_id)
    assert answer.status_code == 201, answer.text
    prediction: dict[str, Any] = answer.json()
    return prediction


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("one_column.pdf", resume_pdf(PERSON)),
        ("two_columns.pdf", resume_pdf(PERSON, columns=2)),
        ("resume.docx", resume_docx(PERSON)),
    ],
)
async def test_a_resume_is_analysed_and_found_again(
    api: httpx.AsyncClient, filename: str, content: bytes
) -> None:
    answer = await upload(api, content, filename, user_id="found-again")

    assert answer.status_code == 201, answer.text
    prediction = answer.json()
    stored = await api.get(answer.headers["location"])
    assert stored.json() == prediction
    assert prediction["profile"]["contact"]["email"] == PERSON.email
    assert prediction["career_path"] == prediction["career_paths"][0]["title"]
    assert len(prediction["career_paths"]) == 5
    assert sum(path["confidence"] for path in prediction["career_paths"]) <= 1
    assert prediction["explanation"]
    assert prediction["next_steps"]
    assert 0 < prediction["ats_score"] <= 100


async def test_the_next_best_paths_are_near_the_best(api: httpx.AsyncClient) -> None:
    """A software engineer is no construction manager, however many of those were trained on."""
    prediction = await uploaded(api, "near")

    codes = [path["soc_code"] for path in prediction["career_paths"]]
    assert codes[0] == "15-1252.00"
    assert sum(code.startswith("15-") for code in codes) >= 3


async def test_the_ats_score_is_the_sum_of_its_checks(api: httpx.AsyncClient) -> None:
    prediction = await uploaded(api, "ats")

    ats = prediction["ats"]
    earned = sum(check["earned"] for check in ats["checks"])
    limit = ats["cap"]["limit"] if ats["cap"] else 100
    assert prediction["ats_score"] == round(min(earned, limit), 1)
    assert sum(check["weight"] for check in ats["checks"]) == pytest.approx(100)
    assert all(check["weight"] == 0 for check in ats["checks"] if check["status"] == "skipped")


async def test_evidence_quotes_the_document(api: httpx.AsyncClient) -> None:
    prediction = await uploaded(api, "evidence")

    document = " ".join(resume_text(PERSON).split())
    quoted = [item["text"] for check in prediction["ats"]["checks"] for item in check["evidence"]]
    assert len(quoted) > 5
    assert [text for text in quoted if text.lstrip("• ") not in document] == []


async def test_the_same_upload_is_answered_from_the_store(api: httpx.AsyncClient) -> None:
    first = await upload(api, resume_pdf(PERSON), "resume.pdf", user_id="twice")
    second = await upload(api, resume_pdf(PERSON), "resume.pdf", user_id="twice")
    other = await upload(api, resume_pdf(PERSON), "resume.pdf", user_id="somebody-else")
    forced = await api.post(
        "/predict?force=true",
        files={"file": ("resume.pdf", resume_pdf(PERSON))},
        data={"user_id": "twice"},
    )

    assert [answer.status_code for answer in (first, second, other, forced)] == [201, 200, 201, 201]
    assert second.json() == first.json()
    ids = {answer.json()["prediction_id"] for answer in (first, other, forced)}
    assert len(ids) == 3


async def test_the_same_upload_many_times_at_once_is_analysed_once(
    api: httpx.AsyncClient,
) -> None:
    answers = await asyncio.gather(
        *(upload(api, resume_pdf(PERSON), "resume.pdf", user_id="at-once") for _ in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["prediction_id"] for answer in answers}) == 1


async def test_a_prediction_given_to_another_user_answers_no_upload_of_the_first(
    api: httpx.AsyncClient,
) -> None:
    first = await uploaded(api, "first-owner")
    path = f"/predictions/{first['prediction_id']}"
    await api.patch(path, json={"user_id": "second-owner", "notes": "private"})

    again = await upload(api, resume_pdf(PERSON), "resume.pdf", user_id="first-owner")

    assert again.status_code == 201
    assert (again.json()["user_id"], again.json()["notes"]) == ("first-owner", None)


async def test_a_user_id_may_hold_a_slash(api: httpx.AsyncClient) -> None:
    prediction = await uploaded(api, "team/7")

    history = await api.get("/predictions/user/team%2F7")

    assert [row["prediction_id"] for row in history.json()["data"]] == [prediction["prediction_id"]]


async def test_a_users_history_is_paged_newest_first(api: httpx.AsyncClient) -> None:
    made = []
    for person in PEOPLE[:3]:
        answer = await upload(api, resume_pdf(person), "resume.pdf", user_id="pages")
        made.append(answer.json()["prediction_id"])

    first = await api.get("/predictions/user/pages", params={"limit": 2})
    second = await api.get(first.links["next"]["url"])

    found = [row["prediction_id"] for page in (first, second) for row in page.json()["data"]]
    assert found == made[::-1]
    assert first.json()["has_more"] is True
    assert second.json()["has_more"] is False
    assert "link" not in second.headers


async def test_a_prediction_is_found_by_its_words(api: httpx.AsyncClient) -> None:
    prediction = await uploaded(api, "searched")
    await api.patch(
        f"/predictions/{prediction['prediction_id']}", json={"notes": "quaternary xylophone"}
    )

    by_phrase = await api.get("/predictions/search", params={"q": '"quaternary xylophone"'})
    turned = await api.get("/predictions/search", params={"q": '"xylophone quaternary"'})
    by_prefix = await api.get("/predictions/search", params={"q": "xyloph*"})
    harmless = await api.get("/predictions/search", params={"q": 'AND "( NEAR* OR -'})
    wordless = await api.get("/predictions/search", params={"q": '"( * -'})

    for found in (by_phrase, by_prefix):
        ids = [row["prediction_id"] for row in found.json()["data"]]
        assert ids == [prediction["prediction_id"]]
    assert turned.json()["data"] == []
    assert "xylophone" in by_prefix.json()["data"][0]["snippet"]
    assert (harmless.status_code, harmless.json()["data"]) == (200, [])
    assert (wordless.status_code, wordless.json()["code"]) == (422, "invalid_request")


async def test_a_prediction_is_annotated(api: httpx.AsyncClient) -> None:
    prediction = await uploaded(api, "annotated")
    path = f"/predictions/{prediction['prediction_id']}"
    patch = {
        "notes": "call back",
        "tags": ["spring", "spring", "nurse"],
        "feedback": "wrong",
        "corrected_soc_code": "29-1141.00",
    }

    changed = await api.patch(path, json=patch)
    cleared = await api.patch(path, json={"notes": None})

    assert changed.status_code == 200
    assert changed.json()["tags"] == ["spring", "nurse"]
    assert changed.json()["corrected_soc_code"] == "29-1141.00"
    assert cleared.json()["notes"] is None
    assert cleared.json()["feedback"] == "wrong"


async def test_a_deleted_prediction_is_gone_from_everywhere(api: httpx.AsyncClient) -> None:
    prediction = await uploaded(api, "deleted")
    path = f"/predictions/{prediction['prediction_id']}"
    await api.patch(path, json={"notes": "zanzibarian"})

    assert (await api.delete(path)).status_code == 204
    assert (await api.get(path)).status_code == 404
    assert (await api.delete(path)).status_code == 404
    assert (await api.get("/predictions/user/deleted")).json()["data"] == []
    assert (await api.get("/predictions/search", params={"q": "zanzibarian"})).json()["data"] == []


async def test_a_job_description_is_matched(api: httpx.AsyncClient) -> None:
    skill = PERSON.skills[0]
    answer = await upload(
        api,
        resume_pdf(PERSON),
        "resume.pdf",
        user_id="matched",
        job_description=f"Requirements:\n- {skill}\n- Kubernetes\nNice to have:\n- Tableau",
    )

    assert answer.status_code == 201, answer.text
    match = answer.json()["match"]
    assert "Tableau" in " ".join(match["preferred"]["missing"])
    assert 0 <= match["score"] <= 100


async def test_without_a_board_or_postings_jobs_are_not_configured(
    api: httpx.AsyncClient,
) -> None:
    prediction = await uploaded(api, "no-jobs")
    search = await api.get("/jobs/search", params={"query": "nurse"})

    assert (prediction["jobs_status"], prediction["jobs"]) == ("not_configured", [])
    assert (search.status_code, search.json()["code"]) == (503, "jobs_not_configured")

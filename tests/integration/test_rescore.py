"""Scoring a recorded resume again: the same gives the same, and what changed is named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select, update

from ml_service.bootstrap.clock import utc_now
from ml_service.domain.prediction import Analysis, ModelRef
from ml_service.storage.check import check
from ml_service.storage.database import Database
from ml_service.storage.serialisation import ANALYSIS, from_json, to_json
from ml_service.storage.tables import audit_events, idempotency_keys, predictions
from tests.documents import resume_docx, resume_pdf
from tests.people import PEOPLE
from tests.unit.storage.examples import jobs_found
from tests.unit.storage.stores import a_store

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAME = {"resume": False, "rubric": False, "parser": False, "model": False}
DOCUMENTS = {
    "one_column.pdf": resume_pdf(PEOPLE[0]),
    "two_columns.pdf": resume_pdf(PEOPLE[1], columns=2),
    "plain.docx": resume_docx(PEOPLE[2]),
    "table.docx": resume_docx(PEOPLE[3], "table"),
    "header.docx": resume_docx(PEOPLE[0], "header_footer"),
    "text_box.docx": resume_docx(PEOPLE[1], "text_box"),
}


@pytest_asyncio.fixture(loop_scope="session")
async def database(api: httpx.AsyncClient, data_dir: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{data_dir / 'predictions.db'}")
    await database.open()
    yield database
    await database.close()


class Unseen:
    def started(self, n_rows: int) -> None: ...

    def advanced(self, n_rows: int) -> None: ...


async def upload(
    api: httpx.AsyncClient, content: bytes, *, filename: str = "resume.pdf", **fields: str
) -> dict[str, Any]:
    answer = await api.post("/predict?force=true", files={"file": (filename, content)}, data=fields)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def path_of(made: dict[str, Any]) -> str:
    return f"/predictions/{made['prediction_id']}"


async def make_older(database: Database, made: dict[str, Any], **older: Any) -> None:
    """As if the analysis came from an earlier version: ``older`` fields replace those of it."""
    where = predictions.c.id == UUID(made["prediction_id"])
    async with database.writing() as connection:
        text = await connection.scalar(select(predictions.c.prediction_data).where(where))
        analysis: Analysis = replace(from_json(ANALYSIS, text or ""), **older)
        model, best = analysis.career.model, analysis.career.career_paths[0]
        columns = {
            "prediction_data": to_json(ANALYSIS, analysis),
            "model_revision": model.revision,
            "career_path": best.title,
            "ats_score": analysis.ats.ats_score,
        }
        await connection.execute(update(predictions).where(where).values(**columns))


async def analysis_of(database: Database, made: dict[str, Any]) -> Analysis:
    return (await a_store(database).get(UUID(made["prediction_id"]))).analysis


@pytest.mark.parametrize("filename", sorted(DOCUMENTS))
async def test_an_unchanged_resume_gets_exactly_what_it_had(
    api: httpx.AsyncClient, database: Database, filename: str
) -> None:
    made = await upload(api, DOCUMENTS[filename], filename=filename)
    former = await analysis_of(database, made)

    answer = await api.post(f"{path_of(made)}/rescore")

    assert answer.status_code == 200, answer.text
    rescored = answer.json()
    assert rescored["old"] == rescored["new"]
    assert (rescored["changed"], rescored["checks"], rescored["caveats"]) == (SAME, [], [])
    assert rescored["jobs"] == "kept"
    now = await analysis_of(database, made)
    assert replace(now, rescoring=None, read_by=None) == former
    read = (await api.get(path_of(made))).json()
    assert read == made | {"updated_at": read["updated_at"]}
    assert read["updated_at"] > made["updated_at"]
    assert answer.headers["etag"] == (await api.get(path_of(made))).headers["etag"]


async def test_the_pages_of_a_document_are_kept(api: httpx.AsyncClient, database: Database) -> None:
    made = await upload(api, DOCUMENTS["one_column.pdf"])
    assert (await analysis_of(database, made)).n_pages == 1
    await make_older(database, made, n_pages=None, parser_version="0")

    for _ in range(2):
        rescored = (await api.post(f"{path_of(made)}/rescore")).json()
        assert rescored["caveats"] == ["page_count_unknown", "read_by_former_parser"]
    exact = await api.post(
        f"{path_of(made)}/rescore", files={"file": ("resume.pdf", DOCUMENTS["one_column.pdf"])}
    )

    assert rescored["changed"] == SAME
    assert (exact.json()["changed"], exact.json()["caveats"]) == (SAME, [])


async def test_what_changed_since_is_named_with_its_points(
    api: httpx.AsyncClient, database: Database
) -> None:
    made = await upload(api, DOCUMENTS["one_column.pdf"])
    former = await analysis_of(database, made)
    first, *rest = former.ats.checks
    dropped = replace(rest[0], id="of-old")
    poorer = replace(first, status="fail", earned=0.0, points_available=first.weight)
    ats = replace(former.ats, ats_score=1.5, rubric_version="0", checks=(poorer, dropped, *rest))
    career = replace(former.career, model=ModelRef("occupations", "of-old"))
    await make_older(database, made, ats=ats, career=career, parser_version="0")

    rescored = (await api.post(f"{path_of(made)}/rescore")).json()

    assert rescored["changed"] == {"resume": False, "rubric": True, "parser": True, "model": True}
    assert (rescored["old"]["ats_score"], rescored["old"]["rubric_version"]) == (1.5, "0")
    assert rescored["old"]["model"]["revision"] == "of-old"
    assert rescored["new"]["model"] == made["model"]
    assert rescored["new"]["ats_score"] == made["ats_score"]
    assert [check["id"] for check in rescored["checks"]] == [first.id, "of-old"]
    assert (rescored["checks"][0]["old"]["earned"], rescored["checks"][0]["old"]["status"]) == (
        0.0,
        "fail",
    )
    assert rescored["checks"][0]["new"]["earned"] == first.earned
    assert rescored["checks"][1]["new"] is None
    read = (await api.get(path_of(made))).json()
    assert read["ats"] == made["ats"]
    (listed,) = [
        summary
        for summary in (await api.get("/predictions")).json()["data"]
        if summary["prediction_id"] == made["prediction_id"]
    ]
    assert listed["model"] == made["model"]


async def test_a_changed_resume_takes_the_place_of_the_former(
    api: httpx.AsyncClient, database: Database
) -> None:
    """Its lines, what a search finds, its jobs and its match; not what callers added."""
    made = await upload(
        api,
        resume_pdf(PEOPLE[0]),
        filename="engineer.pdf",
        user_id="changed",
        document_date="2024-05-06",
        job_description="Required: Python, PostgreSQL and Kubernetes.",
    )
    noted = {"notes": "kept", "tags": ["a", "b"], "feedback": "right"}
    await api.patch(path_of(made), json=noted)
    await a_store(database).record_jobs(
        UUID(made["prediction_id"]), jobs_found("job-1"), at=utc_now()
    )
    changed = resume_docx(PEOPLE[1])

    answer = await api.post(f"{path_of(made)}/rescore", files={"file": ("nurse.docx", changed)})

    assert answer.status_code == 200, answer.text
    rescored, read = answer.json(), (await api.get(path_of(made))).json()
    assert rescored["changed"] == SAME | {"resume": True}
    assert (rescored["jobs"], rescored["jobs_status"]) == ("matched_again", "not_configured")
    assert rescored["old"]["career_path"] == made["career_path"] != read["career_path"]
    assert rescored["new"]["document_sha256"] == read["document_sha256"]
    anew = await upload(api, changed, filename="nurse.docx", document_date="2024-05-06")
    own = {"prediction_id", "user_id", "created_at", "updated_at", *noted}
    assert {name: value for name, value in read.items() if name not in own} == {
        name: value for name, value in anew.items() if name not in own
    }
    assert read["created_at"] == made["created_at"]
    assert (read["user_id"], read["jobs"]) == ("changed", [])
    assert {name: read[name] for name in noted} == noted
    texts = [(await api.get(f"{path_of(one)}/text")).json()["lines"] for one in (made, anew)]
    assert texts[0] == texts[1]
    found = await api.get("/predictions/search", params={"q": "engineer.pdf", "user_id": "changed"})
    assert found.json()["data"] == []
    for words in ("nurse.docx", PEOPLE[1].name, read["career_path"], "kept"):
        found = await api.get("/predictions/search", params={"q": words, "user_id": "changed"})
        assert [row["prediction_id"] for row in found.json()["data"]] == [made["prediction_id"]]
    (listed,) = (await api.get("/predictions/user/changed")).json()["data"]
    assert (listed["resume_filename"], listed["tags"]) == ("nurse.docx", ["a", "b"])
    assert (listed["ats_score"], listed["career_path"]) == (read["ats_score"], read["career_path"])
    assert [finding for finding in await check(database, watch=Unseen()) if not finding.ok] == []
    # What an upload states is not kept: the former one must not be found by the former file.
    again = await api.post(
        "/predict",
        files={"file": ("engineer.pdf", resume_pdf(PEOPLE[0]))},
        data={"user_id": "changed", "document_date": "2024-05-06"},
    )
    assert again.status_code == 201


async def test_a_match_stays_as_long_as_the_resume_does(api: httpx.AsyncClient) -> None:
    wanted = {"job_description": "Required: Python and PostgreSQL."}
    made = await upload(api, resume_pdf(PEOPLE[0]), **wanted)
    assert made["match"] is not None
    path, file = path_of(made), {"file": ("r.pdf", resume_pdf(PEOPLE[1]))}

    await api.post(f"{path}/rescore")
    kept = (await api.get(path)).json()["match"]
    other = {"job_description": (None, "Required: PostgreSQL and Kubernetes.")}
    await api.post(f"{path}/rescore", files=other)
    asked = (await api.get(path)).json()["match"]
    await api.post(f"{path}/rescore", files=file)
    gone = (await api.get(path)).json()["match"]
    await api.post(f"{path}/rescore", files=file, data=wanted)
    anew = (await api.get(path)).json()["match"]

    assert kept == made["match"]
    named = {name for group in asked["required"].values() for name in group}
    assert "kubernetes" in {name.lower() for name in named}
    assert gone is None
    assert anew not in (None, kept)


async def test_a_stale_if_match_changes_nothing(api: httpx.AsyncClient) -> None:
    made = await upload(api, resume_pdf(PEOPLE[0]))
    path = path_of(made)
    before = (await api.get(path)).headers["etag"]
    now = (await api.patch(path, json={"notes": "x"})).headers["etag"]

    refused = await api.post(f"{path}/rescore", headers={"If-Match": before})
    unchanged = (await api.get(path)).headers["etag"]
    done = await api.post(f"{path}/rescore", headers={"If-Match": now})

    assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")
    assert unchanged == now
    assert done.status_code == 200
    assert done.headers["etag"] not in {before, now}
    assert (await api.get(path)).json()["notes"] == "x"


async def test_a_change_meanwhile_is_neither_lost_nor_in_the_way(api: httpx.AsyncClient) -> None:
    made = await upload(api, resume_pdf(PEOPLE[0]))
    path = path_of(made)

    answers = await asyncio.gather(
        api.post(f"{path}/rescore"),
        api.patch(path, json={"notes": "written meanwhile"}),
        api.post(f"{path}/rescore", files={"file": ("b.pdf", resume_pdf(PEOPLE[1]))}),
    )

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    read = (await api.get(path)).json()
    text = (await api.get(f"{path}/text")).json()["lines"]
    assert read["notes"] == "written meanwhile"
    assert read["profile"]["contact"]["name"] == PEOPLE[1].name
    assert any(PEOPLE[1].name in line["text"] for line in text)


async def test_the_same_key_gets_the_first_answer_and_scores_once(
    api: httpx.AsyncClient, database: Database
) -> None:
    made = await upload(api, resume_pdf(PEOPLE[0]))
    path, key = f"{path_of(made)}/rescore", {"Idempotency-Key": "once"}
    file = {"file": ("b.pdf", resume_pdf(PEOPLE[1]))}

    first = await api.post(path, headers=key, files=file)
    second = await api.post(path, headers=key, files=file)
    other = await api.post(path, headers=key)
    async with database.writing() as connection:
        await connection.execute(
            update(idempotency_keys)
            .where(idempotency_keys.c.prediction_id == UUID(made["prediction_id"]))
            .values(answer=None)
        )
    after_a_crash = await api.post(path, headers=key, files=file)

    assert first.status_code == 200, first.text
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert (second.content, after_a_crash.content) == (first.content, first.content)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    async with database.reading() as connection:
        actions = await connection.scalars(
            select(audit_events.c.action).where(
                audit_events.c.subject_id == UUID(made["prediction_id"])
            )
        )
        assert list(actions) == ["created", "rescored"]


async def test_the_profile_is_given_as_json_resume(api: httpx.AsyncClient) -> None:
    made = await upload(api, resume_pdf(PEOPLE[0]))
    path, profile = f"{path_of(made)}/resume", made["profile"]

    answer = await api.get(path)
    etag = answer.headers["etag"]
    held = await api.get(path, headers={"If-None-Match": etag})

    resume = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert etag == (await api.get(path_of(made))).headers["etag"]
    assert (held.status_code, held.content) == (304, b"")
    assert resume["basics"]["name"] == PEOPLE[0].name == profile["contact"]["name"]
    assert resume["basics"]["email"] == PEOPLE[0].email
    assert [entry["position"] for entry in resume["work"]] == [
        job.position for job in PEOPLE[0].jobs
    ]
    assert [entry["highlights"] for entry in resume["work"]] == [
        entry["highlights"] for entry in profile["work"]
    ]
    assert [entry["institution"] for entry in resume["education"]] == [
        entry["institution"] for entry in profile["education"]
    ]
    assert [skill["name"] for skill in resume["skills"]] == [s["name"] for s in profile["skills"]]

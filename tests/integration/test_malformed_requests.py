"""Malformed ids, cursors, filters and bodies: 4xx, naming the field."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.documents import resume_pdf
from tests.people import PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")

UNKNOWN = "01900000-0000-7000-8000-000000000000"


def names(answer: httpx.Response) -> set[str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["request_id"] == answer.headers["x-request-id"]
    return {error["pointer"].lstrip("/") for error in problem["errors"]}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/predictions?limit=0", "limit"),
        ("/predictions?limit=101", "limit"),
        ("/predictions?limit=ten", "limit"),
        ("/predictions?cursor=%00garbage", "cursor"),
        ("/predictions?cursor=eyJhIjoxfQ", "cursor"),
        ("/predictions?min_confidence=2", "min_confidence"),
        ("/predictions?min_ats_score=-1", "min_ats_score"),
        ("/predictions?created_after=yesterday", "created_after"),
        ("/predictions?created_after=2026-01-01T00:00:00", "created_after"),
        ("/predictions?soc_code=15-1252", "soc_code"),
        ("/predictions?colour=blue", "colour"),
        ("/predictions/user/" + "x" * 129, "user_id"),
        ("/predictions/user/me?colour=blue", "colour"),
        ("/predictions/search", "q"),
        ("/predictions/search?q=", "q"),
        ("/predictions/search?q=x&cursor=nonsense", "cursor"),
        ("/jobs/search", "query"),
        ("/jobs/search?query=x&country=usa", "country"),
        ("/jobs/search?query=x&date_posted=never", "date_posted"),
        ("/career-paths/15-1252", "soc_code"),
        ("/career-paths?limit=1000", "limit"),
        ("/health?verbose=1", "verbose"),
    ],
)
async def test_a_malformed_get_names_its_field(
    api: httpx.AsyncClient, path: str, field: str
) -> None:
    answer = await api.get(path)

    assert answer.status_code == 422
    assert field in names(answer)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"tags": "spring"}, "tags"),
        ({"tags": [""]}, "tags/0"),
        ({"feedback": "maybe"}, "feedback"),
        ({"corrected_soc_code": "99-9999.99"}, "corrected_soc_code"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": "  "}, "user_id"),
        ({"notes": "a\u0000b"}, "notes"),
        ({"tags": [" "]}, "tags/0"),
        ({"career_path": "Astronaut"}, "career_path"),
        ({"notes": 7}, "notes"),
        ([], "body"),
    ],
)
async def test_a_malformed_patch_names_its_field(
    api: httpx.AsyncClient, body: Any, field: str
) -> None:
    answer = await api.patch(f"/predictions/{UNKNOWN}", json=body)

    assert answer.status_code == 422
    assert field in names(answer)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"user_id": ""}, "user_id"),
        ({"user_id": "x" * 129}, "user_id"),
        ({"user_id": "a\x00b"}, "user_id"),
        ({"document_date": "31.01.2026"}, "document_date"),
        ({"document_date": "9999-12-31"}, "document_date"),
        ({"document_date": "0001-01-01"}, "document_date"),
        ({"job_country": "Germany"}, "job_country"),
        ({"job_description": "x" * 20_001}, "job_description"),
        ({"colour": "blue"}, "colour"),
    ],
)
async def test_a_malformed_form_names_its_field(
    api: httpx.AsyncClient, fields: dict[str, str], field: str
) -> None:
    file = {"file": ("resume.pdf", resume_pdf(PEOPLE[0]))}

    answer = await api.post("/predict", files=file, data=fields)

    assert answer.status_code == 422
    assert field in names(answer)


async def test_a_body_that_is_no_json_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.patch(
        f"/predictions/{UNKNOWN}", content=b"{", headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 422
    assert names(answer)


async def test_a_form_that_is_cut_off_is_refused(api: httpx.AsyncClient) -> None:
    """Its last field may be the user: a resume must not be saved for nobody."""
    whole = b"\r\n".join(
        [
            b"--b",
            b'Content-Disposition: form-data; name="file"; filename="resume.pdf"',
            b"",
            resume_pdf(PEOPLE[0]),
            b"--b",
            b'Content-Disposition: form-data; name="user_id"',
            b"",
            b"me",
            b"--b--",
            b"",
        ]
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}

    accepted = await api.post("/predict", content=whole, headers=headers)
    answers = [
        await api.post("/predict", content=whole[:end], headers=headers)
        for end in (whole.index(b"me"), whole.rindex(b"--b--"), len(whole) - 4)
    ]

    assert accepted.status_code == 201
    assert [answer.status_code for answer in answers] == [422] * 3
    assert all("body" in names(answer) for answer in answers)


async def test_words_of_a_library_never_reach_the_caller(api: httpx.AsyncClient) -> None:
    answers = [
        await api.get("/predictions/12"),
        await api.get("/predictions?limit=x&min_confidence=y&created_after=z"),
        await api.patch(f"/predictions/{UNKNOWN}", json=[]),
        await api.patch(f"/predictions/{UNKNOWN}", content=b"[" * 100_000),
    ]

    for answer in answers:
        assert 400 <= answer.status_code < 500
        for word in ("Input should", "pydantic", "dictionary", "Traceback", "JSON decode"):
            assert word not in answer.text


async def test_an_unknown_model_is_not_replaced_by_another(api: httpx.AsyncClient) -> None:
    file = {"file": ("resume.pdf", resume_pdf(PEOPLE[0]))}

    answer = await api.post("/predict", files=file, data={"model": "no-such-model"})

    assert (answer.status_code, answer.json()["code"]) == (404, "model_not_found")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", f"/predictions/{UNKNOWN}", 404, "prediction_not_found"),
        ("DELETE", f"/predictions/{UNKNOWN}", 404, "prediction_not_found"),
        ("GET", "/career-paths/99-9999.99", 404, "occupation_not_found"),
        ("GET", "/nowhere", 404, "not_found"),
        ("PUT", "/predict", 405, "method_not_allowed"),
        ("POST", "/predict", 400, "no_file"),
    ],
)
async def test_a_refusal_is_a_problem_with_its_code(
    api: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await api.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    names(answer)


async def test_a_form_without_a_file_says_so(api: httpx.AsyncClient) -> None:
    as_text = await api.post("/predict", files={"file": (None, "just text")})
    without = await api.post("/predict", files={"user_id": (None, "me")})

    assert (as_text.status_code, as_text.json()["code"]) == (400, "no_file")
    assert (without.status_code, without.json()["code"]) == (400, "no_file")

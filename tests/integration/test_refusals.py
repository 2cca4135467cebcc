"""Invented texts that are no resume, and resumes in other languages, uploaded as documents."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.bad_documents import resume_like_docx, text_pdf
from tests.integration.test_journey import upload
from tests.written_texts import read_texts

pytestmark = pytest.mark.asyncio(loop_scope="session")

NO_RESUMES = read_texts("no_resumes") | read_texts("no_resumes_held_out")
OTHER_LANGUAGES = read_texts("other_languages") | read_texts("other_languages_held_out")
NAMED = ("recipe", "invoice", "source-code", "lorem-ipsum", "advert")
UNDER_HEADINGS = "lorem-ipsum-2"  # doubtful, not refused
TAKEN_FOR_RESUMES = {"timeline-1", "certificate-2", "directory-2", "sports-1"}  # decision 16
LINES_A_PAGE = 55


def first_of_each_kind(texts: dict[str, str]) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for name in texts:
        kinds.setdefault(name.rpartition("-")[0], name)
    return {name: texts[name] for name in kinds.values()}


def pdf_of(text: str) -> bytes:
    """Wrapped as on a page; only Latin letters have a glyph in the font."""
    lines = [piece for line in text.splitlines() for piece in re.findall(r".{1,95}(?:\s|$)", line)]
    return text_pdf([lines[at : at + LINES_A_PAGE] for at in range(0, len(lines), LINES_A_PAGE)])


@pytest.mark.parametrize(
    "name",
    [name for name in NO_RESUMES if name.rpartition("-")[0] in NAMED and name != UNDER_HEADINGS],
)
async def test_what_the_contract_names_is_refused(api: httpx.AsyncClient, name: str) -> None:
    answer = await upload(api, pdf_of(NO_RESUMES[name]), f"{name}.pdf")

    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_resume")


@pytest.mark.parametrize(
    "name", [*sorted(first_of_each_kind(NO_RESUMES).keys() - TAKEN_FOR_RESUMES), UNDER_HEADINGS]
)
async def test_one_of_each_kind_is_refused_or_not_answered(
    api: httpx.AsyncClient, name: str
) -> None:
    answer = await upload(api, resume_like_docx(NO_RESUMES[name]), f"{name}.docx")

    if answer.status_code == 422:
        assert answer.json()["code"] == "not_a_resume"
    else:
        assert answer.json()["abstained"], answer.json()["career_paths"][0]
        assert answer.json()["confidence"] <= 0.5


@pytest.mark.parametrize("name", OTHER_LANGUAGES)
async def test_a_resume_in_another_language_abstains_for_that(
    api: httpx.AsyncClient, name: str
) -> None:
    answer = await upload(api, resume_like_docx(OTHER_LANGUAGES[name]), f"{name}.docx")

    assert answer.status_code == 201, answer.text
    prediction = answer.json()
    assert (prediction["abstained"], prediction["abstain_reason"]) == (True, "language")
    assert prediction["confidence"] <= 0.5
    assert all(path["confidence"] <= 0.5 for path in prediction["career_paths"])

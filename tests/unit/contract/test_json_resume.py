from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_service.contract.json_resume import json_resume
from ml_service.domain.resume import (
    Contact,
    Education,
    Highlight,
    ResumeProfile,
    Skill,
    SpokenLanguage,
    Work,
)
from tests.unit.storage.examples import a_prediction, a_profile, an_analysis

DATE = re.compile(r"([1-2][0-9]{3}-[0-1][0-9]-[0-3][0-9]|[1-2][0-9]{3}-[0-1][0-9]|[1-2][0-9]{3})")
"""As the schema has it."""


def as_sent(profile: ResumeProfile) -> dict[str, Any]:
    prediction = a_prediction(analysis=replace(an_analysis(), profile=profile))
    text = json_resume(prediction).model_dump_json(by_alias=True, exclude_none=True)
    sent: dict[str, Any] = json.loads(text)
    return sent


def with_contact(**contact: Any) -> dict[str, Any]:
    basics: dict[str, Any] = as_sent(replace(a_profile(), contact=Contact(**contact)))["basics"]
    return basics


def test_every_part_of_a_profile_is_there() -> None:
    full = replace(
        a_profile(),
        summary="Builds.",
        certificates=("CKA",),
        skills=(Skill("Python", 7), Skill("PostgreSQL", 7, "Postgres 16")),
        languages=("German", "French"),
        spoken_languages=(SpokenLanguage("German", "C2"),),
    )

    sent = as_sent(full)

    assert sent == {
        "$schema": sent["$schema"],
        "basics": {
            "name": "Ada Exämple",
            "email": "ada@example.com",
            "url": "https://a.example",
            "summary": "Builds.",
            "profiles": [],
        },
        "work": [
            {
                "name": "Acme",
                "position": "Engineer",
                "startDate": "2021-03",
                "highlights": ["Built “it”"],
            }
        ],
        "education": [{"institution": "ETH", "studyType": "BSc", "endDate": "2019"}],
        "skills": [{"name": "Python"}, {"name": "PostgreSQL", "keywords": ["Postgres 16"]}],
        "certificates": [{"name": "CKA"}],
        "languages": [{"language": "German", "fluency": "C2"}, {"language": "French"}],
        "meta": {"version": "v1.0.0", "lastModified": "2026-03-01T12:00:00"},
    }


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (
            "linkedin.com/in/ada",
            {"network": "LinkedIn", "username": "ada", "url": "https://linkedin.com/in/ada"},
        ),
        (
            "https://www.github.com/ada/repo",
            {"network": "GitHub", "username": "ada", "url": "https://www.github.com/ada/repo"},
        ),
        (
            "https://stackoverflow.com/users/7/ada",
            {
                "network": "Stack Overflow",
                "username": "7",
                "url": "https://stackoverflow.com/users/7/ada",
            },
        ),
    ],
)
def test_links_of_networks_are_profiles(link: str, expected: dict[str, str]) -> None:
    basics = with_contact(links=(link, "ada.example.com", "blog.example.org"))

    assert basics["profiles"] == [
        expected,
        {"network": "blog.example.org", "url": "https://blog.example.org"},
    ]
    assert basics["url"] == "https://ada.example.com"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("example.com/zürich 100%", "https://example.com/z%C3%BCrich%20100%25"),
        ("HTTP://Example.com/a%20b", "HTTP://Example.com/a%20b"),
        ("https://example.com:99999/", None),
        ("https://user@example.com/", None),
        ("no host", None),
        ("https://[::1]/", None),
        ("https://example.com/[x]", None),
    ],
)
def test_an_address_is_a_uri_or_left_out(link: str, url: str | None) -> None:
    assert with_contact(links=(link,)).get("url") == url


@pytest.mark.parametrize(
    ("email", "kept"),
    [
        ("ada.l+cv@mail.example.com", True),
        ("ada@example", False),
        ("ada..l@example.com", False),
        ("äda@example.com", False),
        ("ada@-example.com", False),
        ("two words@example.com", False),
        ("@example.com", False),
        ("a" * 65 + "@example.com", False),
    ],
)
def test_an_email_is_one_or_left_out(email: str, kept: bool) -> None:
    assert with_contact(email=email).get("email") == (email if kept else None)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (
            "Portland, OR 97201",
            {"address": "Portland, OR 97201", "city": "Portland", "region": "OR"},
        ),
        ("Berlin, Germany", {"address": "Berlin, Germany"}),
        ("Remote", {"address": "Remote"}),
    ],
)
def test_a_place_is_kept_as_it_is_named(place: str, expected: dict[str, str]) -> None:
    assert with_contact(location=place)["location"] == expected


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("2021", "2021"),
        ("2021-03", "2021-03"),
        ("2024-02-29", "2024-02-29"),
        ("2023-02-29", None),
        ("2021-13", None),
        ("21", None),
        ("3021", None),
        ("2021-03\n", None),
        ("٢٠٢١", None),
        ("March 2021", None),
    ],
)
def test_a_date_is_one_or_left_out(written: str, sent: str | None) -> None:
    entry = Education("ETH", None, None, written, None)

    (education,) = as_sent(replace(a_profile(), education=(entry,)))["education"]

    assert education.get("startDate") == sent


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
some = st.none() | texts
dates = st.none() | texts | st.from_regex(r"\A[0-3]\d{3}(-[01]\d(-[0-3]\d)?)?\Z")
emails = st.none() | texts | st.emails()
links = st.lists(
    texts | st.from_regex(r"\A(https?://)?(www\.)?[a-zü-]{1,8}\.[a-z]{1,3}(:\d+)?(/[ -~]{0,9})?\Z"),
    max_size=4,
)
works = st.builds(
    Work,
    position=some,
    name=some,
    start_date=dates,
    end_date=dates,
    current=st.booleans(),
    highlights=st.lists(st.builds(Highlight, texts, st.just(1)), max_size=3).map(tuple),
    start_line=st.just(0),
    end_line=st.just(1),
)
educations = st.builds(Education, some, some, some, dates, dates)
profiles = st.builds(
    ResumeProfile,
    language=st.just("en"),
    contact=st.builds(Contact, some, emails, some, some, links.map(tuple)),
    summary=some,
    sections=st.just(()),
    work=st.lists(works, max_size=3).map(tuple),
    education=st.lists(educations, max_size=3).map(tuple),
    skills=st.lists(st.builds(Skill, texts, st.none(), some), max_size=3).map(tuple),
    certificates=st.lists(texts, max_size=2).map(tuple),
    languages=st.lists(texts, max_size=2).map(tuple),
    years_experience=st.none(),
    spoken_languages=st.lists(st.builds(SpokenLanguage, texts, some), max_size=2).map(tuple),
)


@given(profiles)
def test_any_profile_is_written_as_the_schema_wants_it(profile: ResumeProfile) -> None:
    """Types, dates and addresses here; the published schema itself is asked where it is at hand."""
    sent = as_sent(profile)

    assert None not in list(values_of(sent))
    for entry in (*sent["work"], *sent["education"]):
        assert all(DATE.fullmatch(entry.get(name, "2000")) for name in ("startDate", "endDate"))
    basics = sent["basics"]
    for url in [basics.get("url", "https://a.example"), *(p["url"] for p in basics["profiles"])]:
        assert url.isascii()
        assert urlsplit(url).hostname
        assert not re.search(r"[\s<>\"{}|\\^`]", url)
    assert "@" in basics.get("email", "@")
    assert len(sent["work"]) == len(profile.work)


def values_of(part: Any) -> Any:
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for value in below:
        yield value
        yield from values_of(value)

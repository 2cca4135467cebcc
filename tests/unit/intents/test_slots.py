"""What is understood of a request for jobs."""

from __future__ import annotations

import random
import time

import pytest

from ml_service.domain.posting import JobQuery
from ml_service.intents.slots.understanding import (
    MAX_READ_CHARACTERS,
    job_query_of,
    understood_of,
)
from tests.unit.intents.slot_cases import ALL, SlotCase


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.text)
def test_request_is_read_into_its_query(case: SlotCase) -> None:
    assert job_query_of(case.text) == case.job_query


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.text)
def test_what_is_understood_is_told_by_its_characters(case: SlotCase) -> None:
    understood = understood_of(case.text)
    end = 0
    for span in understood.spans:
        assert end <= span.start < span.end <= len(case.text)
        end = span.end
    slots = {span.slot for span in understood.spans}
    query = understood.job_query
    assert ("query" in slots) == bool(query.query)
    assert ("location" in slots) == (query.location is not None)
    assert ("employment_types" in slots) == bool(query.employment_types)
    assert query.remote is None or "remote" in slots
    assert query.date_posted == "all" or "date_posted" in slots


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.text)
def test_query_and_place_are_the_person_s_own_words(case: SlotCase) -> None:
    query = job_query_of(case.text)
    said = case.text.lower()
    assert all(word.strip(",") in said for word in query.query.split())
    assert query.location is None or query.location in " ".join(case.text.split())


def test_spans_name_the_words_of_the_request() -> None:
    text = "remote python jobs in Berlin or Bonn since last week"
    spans = understood_of(text).spans
    assert [(span.slot, text[span.start : span.end]) for span in spans] == [
        ("remote", "remote"),
        ("query", "python"),
        ("location", "in Berlin"),
        ("set_aside", "or Bonn"),
        ("date_posted", "since last week"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nurse near me", "near me"),
        ("lawyer, no internships", "no internships"),
        ("welder, anywhere", "anywhere"),
        ("cook in  anywhere", "anywhere"),
        ("python jobs, not in Berlin", "not in Berlin"),
        ("remote python jobs outside the US", "outside the US"),
        ("anywhere but London", "anywhere but London"),
        ("nurse, except in Leeds", "except in Leeds"),
        ("cook, not in London or Bath", "not in London or Bath"),
        ("show me jobs but not in sales", "but not in sales"),
        ("jobs since 1 May", "since 1 May"),
        ("jobs older than a month", "older than a month"),
        ("improve my resume and find me jobs in Dublin", "improve my resume"),
        ("I live in Ghent but want to work in Madrid", "I live in Ghent"),
        ("don't show me my history, only baker jobs", "don't show me my history"),
    ],
)
def test_what_cannot_be_asked_is_set_aside_visibly(text: str, words: str) -> None:
    aside = [span for span in understood_of(text).spans if span.slot == "set_aside"]
    assert [text[span.start : span.end] for span in aside] == [words]


def test_no_place_reaches_over_what_others_took() -> None:
    text = "joiner in (remote, York)"
    spans = [(span.slot, text[span.start : span.end]) for span in understood_of(text).spans]
    assert spans == [("query", "joiner"), ("remote", "remote"), ("location", "York")]


@pytest.mark.parametrize("text", ["", "   ", "?!", "\x00", "\x00 jobs \x00", "...", "\n\t"])
def test_nothing_said_is_an_empty_query(text: str) -> None:
    assert understood_of(text).job_query == JobQuery(query="")
    assert understood_of(text).spans == ()


def test_long_query_ends_with_a_whole_word() -> None:
    query = job_query_of("carpenter " * 60).query
    assert len(query) <= 200
    assert set(query.split()) == {"carpenter"}


def test_one_long_word_is_cut() -> None:
    assert job_query_of("x" * 1_000).query == "x" * 200


def test_hostile_length_is_read_in_bounded_time() -> None:
    texts = ["in " * 20_000, "a" * 60_000, "last " * 20_000, "not " * 20_000, "Berlin, " * 9_000]
    texts += ["now then also " * 200, "and please find " * 200, "improve my " * 300]
    started = time.monotonic()
    for text in texts:
        spans = understood_of(text).spans
        assert all(span.end <= MAX_READ_CHARACTERS for span in spans)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Разработчик Python", "разработчик python"),
        ("東京 エンジニア", "東京 エンジニア"),
        ("İstanbulİ aşçı", "i̇stanbuli̇ aşçı"),
    ],
)
def test_other_scripts_stay_in_the_query(text: str, query: str) -> None:
    assert job_query_of(text).query == query


def test_curly_apostrophes_are_apostrophes() -> None:
    assert job_query_of("I’m looking for today’s baker jobs") == JobQuery(
        query="baker", date_posted="today"
    )


def test_words_in_any_order_keep_spans_apart() -> None:
    chance = random.Random(11)
    words = [word for case in ALL for word in case.text.split()]
    for _ in range(400):
        text = chance.choice([" ", "  ", ", "]).join(chance.choices(words, k=25))
        end = 0
        for span in understood_of(text).spans:
            assert end <= span.start < span.end <= len(text), text
            end = span.end

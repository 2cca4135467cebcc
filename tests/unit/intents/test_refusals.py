"""What a text says is not wanted, and what is left of it then."""

from __future__ import annotations

import time

import pytest

from ml_service.intents.refusals import refusals_of, rest_of


@pytest.mark.parametrize(
    ("text", "wish", "rest"),
    [
        ("I never want to erase my profile", "erase my profile", ""),
        ("please don't wipe anything, simply export it", "wipe anything", "simply export it"),
        ("I do not wish to compare things", "compare things", ""),
        ("We don’t need interview practice", "interview practice", ""),
        ("stop sending me vacancies", "sending me vacancies", ""),
        ("no need to call me back", "call me back", ""),
        ("there's no need to compare my two resumes", "compare my two resumes", ""),
        ("I'm not interested in salaries but in courses", "salaries", "but in courses"),
        ("I'd rather not delete it; show me my results", "delete it", "show me my results"),
        ("export my profile without deleting it", "deleting it", "export my profile"),
        ("instead of comparing, improve my CV", "comparing", "improve my CV"),
        ("no more vacancies please", "vacancies please", ""),
        ("Do not close my account! What do you store?", "close my account", "What do you store"),
        ("don't erase my CV, my letter, or my photo", "erase my CV, my letter, or my photo", ""),
        ("you must not remove my records", "remove my records", ""),
        ("I am not looking for a job", "a job", ""),
        ("I'm no longer looking for work", "work", ""),
        ("I have no intention of exporting my data", "exporting my data", ""),
        ("I would prefer not to erase my CV", "erase my CV", ""),
        ("stop the search and don't show me jobs", "show me jobs", "stop the search and"),
    ],
)
def test_a_refused_wish_is_told_from_what_is_wanted(text: str, wish: str, rest: str) -> None:
    refusals = refusals_of(text)
    assert [refusal.wish for refusal in refusals] == [wish]
    assert rest_of(text, refusals) == rest


def test_each_refused_wish_counts() -> None:
    text = "don't delete my data, don't export it, just compare"
    assert [one.wish for one in refusals_of(text)] == ["delete my data", "export it"]
    assert rest_of(text, refusals_of(text)) == "just compare"


@pytest.mark.parametrize(
    "text",
    [
        "I don't know which careers fit me",
        "why can't I find jobs",
        "delete my data, I don't want it stored",
        "jobs without a degree",
        "no remote please",
        "don't forget to delete my profile",
        "don't keep my resume",
        "stop storing my resume",
        "I don't want my CV on your servers",
        "I no longer need my account",
        "I don't want my details on this site",
        "I don't want to talk to a bot",
        "jobs that do not need experience",
        "which career suits people who do not want to talk all day",
        "why don't you show me jobs",
        "don't you have openings in York?",
        "I can't stop looking at adverts",
        "I never had an interview before",
        "I don't want to be a nurse any more",
        "I don't want to work nights any more, what else could I do",
        "I don't want to miss any openings",
        "I don't just want a job",
        "I don't want anything but remote work",
        "my resume does not show my skills, fix it",
        "don't",
        "",
    ],
)
def test_a_denial_of_something_else_refuses_nothing(text: str) -> None:
    assert refusals_of(text) == ()
    assert rest_of(text, ()) == text.strip(" .,?!") or not text


def test_hostile_length_is_read_in_bounded_time() -> None:
    started = time.monotonic()
    for text in ("don't delete " * 160, "I don't want " * 160, "not really " * 180, "i am " * 400):
        refusals_of(text)
    assert time.monotonic() - started < 2

"""Plain words of somebody who may be about to hurt themselves."""

from __future__ import annotations

import pytest

from ml_service.intents.self_harm import speaks_of_self_harm


@pytest.mark.parametrize(
    "text",
    [
        "sometimes I think about killing myself",
        "I am going to end my life",
        "I WANT TO DIE",
        "I wish I was dead",
        "i don't want to live anymore",
        "I’m suicidal",
        "ready to end it all",
        "after this rejection there is nothing to live for",
        "I work as a nurse and I want to hurt myself",
    ],
)
def test_plain_words_are_heard(text: str) -> None:
    assert speaks_of_self_harm(text)


@pytest.mark.parametrize(
    "text",
    [
        "suicide prevention counsellor jobs in Hull",
        "self-harm nurse specialist vacancies",
        "this resume is killing me",
        "I'd kill for a remote job",
        "I would rather die than write another cover letter",
        "I shot myself in the foot in the interview",
        "kill my account",
        "I want to take my life in a new direction",
        "I don't want to live in London any more",
        "end my subscription",
    ],
)
def test_figures_of_speech_and_lines_of_work_are_not(text: str) -> None:
    assert not speaks_of_self_harm(text)

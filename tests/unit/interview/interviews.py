"""Invented interviews, and both services over an encoder that knows words alone."""

from __future__ import annotations

from collections.abc import Sequence

from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.domain.interview import CriterionReading, Turn
from ml_service.interview.answers import Answer, answers_of
from ml_service.interview.material import Material
from ml_service.use_cases.read_transcript import ReadTranscript, lexicon_of
from tests.unit.use_cases.training_parts import WordEncoder

VOCABULARY = SkillVocabulary(
    ["Python", "PostgreSQL", "Docker", "Oracle Java", "Microsoft Excel", "Jenkins CI", "Iris"]
)
LEXICON = lexicon_of(VOCABULARY)
JOB = (
    "We are looking for an engineer who builds data pipelines in Python and PostgreSQL. You will "
    "write unit tests, deploy with Docker and explain trade-offs, because others depend on them."
)

ABOUT_YOU = (
    "Tell me about yourself.",
    (
        "I am a software engineer. I studied statistics in Leeds, and for four years I have worked "
        "on data pipelines with a team of six people."
    ),
)
CHALLENGE = (
    "Tell me about a time your team faced a challenge.",
    (
        "Last year we had a problem with a slow database. My task was to find the cause. I "
        "measured the queries in PostgreSQL and compared two options, because a new index would "
        "slow down writes. Then she asked me to explain it, so I discussed the trade-off with "
        "the team and we chose the index. I wrote a unit test in Python and checked the latency "
        "for two weeks. As a result, the page loaded three times faster."
    ),
)
WEAKNESS = (
    "What is your greatest weakness?",
    (
        "I find it hard to say no, and I used to take on too many tasks. I asked my manager for "
        "feedback and learned to set priorities. He helped me to share the work with colleagues. "
        "In the end, I finished every project of that year on time."
    ),
)
EXCHANGES = (ABOUT_YOU, CHALLENGE, WEAKNESS)


def turns_of(*exchanges: tuple[str, str]) -> tuple[Turn, ...]:
    return tuple(
        turn
        for question, answer in exchanges
        for turn in (Turn(False, question), Turn(True, answer))
    )


INTERVIEW = turns_of(*EXCHANGES)


def answering(answer: str, *, question: str = CHALLENGE[0]) -> tuple[Turn, ...]:
    return turns_of((question, answer))


def answers(turns: Sequence[Turn], *, job: str | None = None) -> tuple[Answer, ...]:
    return answers_of(turns, job=job, lexicon=LEXICON)


def material(answer: str, *, job: str | None = None) -> Material:
    return Material(answers(answering(answer), job=job), {}, LEXICON, job)


async def readings_of(
    turns: Sequence[Turn], *, job: str | None = None
) -> dict[str, CriterionReading]:
    """By criterion and service."""
    services = (
        ReadTranscript(WordEncoder(), VOCABULARY, "communication"),
        ReadTranscript(WordEncoder(), VOCABULARY, "technical"),
    )
    found = [await service.read(turns, job=job) for service in services]
    return {
        f"{criterion.criterion}/{reading.service}": criterion
        for reading in found
        for criterion in reading.criteria
    }


async def scores_of(turns: Sequence[Turn], *, job: str | None = None) -> dict[str, float | None]:
    readings = await readings_of(turns, job=job)
    return {name: reading.score for name, reading in readings.items()}

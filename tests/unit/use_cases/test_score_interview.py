from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from ml_service.domain.errors import (
    InterviewExists,
    InterviewServiceUnavailable,
    InvalidRequest,
    ModelUnavailable,
    Overloaded,
    TooLarge,
)
from ml_service.domain.interview import (
    CriterionReading,
    SaidThere,
    ServiceReading,
    ServiceState,
    Turn,
)
from ml_service.storage.database import Database
from ml_service.use_cases.browse_interviews import BrowseInterviews
from ml_service.use_cases.score_interview import (
    AskedInterview,
    InterviewToKeep,
    ReadInterview,
    ScoreInterview,
)
from tests.interviews import QUESTIONS_AND_ANSWERS
from tests.unit.storage.examples import NOON
from tests.unit.storage.interviews import interviews_of

SAID = tuple(
    turn
    for question, answer in QUESTIONS_AND_ANSWERS
    for turn in (("Interviewer", question), ("Candidate", answer))
)
FRENCH = (
    "J'ai travaillé pendant trois ans dans une équipe qui développait des services pour les "
    "hôpitaux. Nous avons remplacé l'ancien système et réduit les délais de moitié."
)
KNOWN = {
    "communication": ("communication", "culture_and_collaboration"),
    "technical": ("technical_depth", "problem_solving"),
}


@dataclass
class KnownService:
    """Gives every criterion that it knows the same score; fails as it is told."""

    name: str
    score: float = 4.0
    fails_with: Exception | None = None
    meets: asyncio.Barrier | None = None
    n_asked: int = 0

    async def read(self, transcript: Sequence[Turn], *, job: str | None) -> ServiceReading:
        self.n_asked += 1
        if self.meets is not None:
            await self.meets.wait()
        if self.fails_with is not None:
            raise self.fails_with
        evidence = (SaidThere(1, transcript[1].content[:10]),)
        criteria = tuple(
            CriterionReading(name, self.score, evidence, "Go on.") for name in KNOWN[self.name]
        )
        return ServiceReading(self.name, "1", criteria)

    async def state(self) -> ServiceState:
        return "ok" if self.fails_with is None else "unavailable"


@pytest.fixture
def communication() -> KnownService:
    return KnownService("communication")


@pytest.fixture
def technical() -> KnownService:
    return KnownService("technical", score=2.0)


@pytest.fixture
def read(communication: KnownService, technical: KnownService) -> ReadInterview:
    return ReadInterview([communication, technical])


@pytest.fixture
def score(database: Database, read: ReadInterview) -> ScoreInterview:
    return ScoreInterview(read=read, store=interviews_of(database), clock=lambda: NOON)


def wanted(interview_id: str = "one", /, **changes: object) -> InterviewToKeep:
    asked = replace(AskedInterview(said=SAID), **changes)  # type: ignore[arg-type]  # by name
    return InterviewToKeep(interview_id, "ada", asked, begun_at=NOON)


async def test_both_services_are_asked_at_once(
    read: ReadInterview, communication: KnownService, technical: KnownService
) -> None:
    communication.meets = technical.meets = asyncio.Barrier(2)

    async with asyncio.timeout(10):
        report = await read(AskedInterview(said=SAID))

    assert {one.criterion: one.score for one in report.criteria} == {
        "communication": 4.0,
        "culture_and_collaboration": 4.0,
        "technical_depth": 2.0,
        "problem_solving": 2.0,
    }
    assert report.overall == 50.0


@pytest.mark.parametrize("failure", [InterviewServiceUnavailable("away"), ModelUnavailable()])
async def test_with_one_service_away_the_report_is_partial_and_says_so(
    read: ReadInterview, technical: KnownService, failure: Exception
) -> None:
    technical.fails_with = failure

    report = await read(AskedInterview(said=SAID))

    assert report.services == {"communication": "ok", "technical": "unavailable"}
    assert report.overall == 75.0
    assert {one.criterion for one in report.criteria if one.score is None} == {
        "technical_depth",
        "problem_solving",
    }
    assert any("'technical' did not answer" in sentence for sentence in report.missing)


async def test_with_both_away_nothing_is_said(
    read: ReadInterview, communication: KnownService, technical: KnownService
) -> None:
    communication.fails_with = technical.fails_with = InterviewServiceUnavailable("away")

    with pytest.raises(InterviewServiceUnavailable, match=r"^Neither .* later\. away$"):
        await read(AskedInterview(said=SAID))


async def test_a_service_that_is_too_busy_is_told_as_such(
    read: ReadInterview, technical: KnownService
) -> None:
    technical.fails_with = Overloaded(retry_after_s=7)

    with pytest.raises(Overloaded) as refused:
        await read(AskedInterview(said=SAID))
    assert refused.value.retry_after_s == 7


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        (AskedInterview(said=()), InvalidRequest),
        (AskedInterview(said=SAID, rubric={"charm": 1.0}), InvalidRequest),
        (AskedInterview(said=SAID, candidate="Tom"), InvalidRequest),
        (
            AskedInterview(said=(("Interviewer", "Parlez-moi de vous."), ("Candidate", FRENCH))),
            InvalidRequest,
        ),
        (AskedInterview(said=(("Candidate", "word " * 50_000),)), TooLarge),
    ],
    ids=["empty", "unknown criterion", "nobody", "French", "long"],
)
async def test_no_service_is_asked_for_what_cannot_be_scored(
    read: ReadInterview,
    communication: KnownService,
    asked: AskedInterview,
    refused: type[Exception],
) -> None:
    with pytest.raises(refused):
        await read(asked)
    assert communication.n_asked == 0


async def test_the_same_again_asks_nobody(score: ScoreInterview, technical: KnownService) -> None:
    first = await score(wanted(rubric={"communication": 1.0, "technical_depth": 3.0}))
    again = await score(wanted(rubric={"technical_depth": 0.75, "communication": 0.25}))

    assert (first.created, again.created) == (True, False)
    assert again.shown == first.shown
    assert technical.n_asked == 1


@pytest.mark.parametrize(
    "other",
    [
        {"said": (*SAID, ("Candidate", "One more thing."))},
        {"rubric": {"communication": 1.0}},
        {"job": "A developer."},
        {"candidate": "candidate"},
    ],
    ids=str,
)
async def test_an_id_names_one_interview(score: ScoreInterview, other: dict[str, object]) -> None:
    await score(wanted())

    with pytest.raises(InterviewExists, match="Delete it first"):
        await score(wanted(**other))
    with pytest.raises(InterviewExists):
        await score(replace(wanted(), user_id="bob"))


async def test_of_two_that_come_at_once_one_is_made(score: ScoreInterview) -> None:
    both = await asyncio.gather(score(wanted()), score(wanted()))

    assert sorted(one.created for one in both) == [False, True]
    assert both[0].kept == both[1].kept


async def test_another_one_that_was_faster_is_not_taken_for_it(score: ScoreInterview) -> None:
    outcomes = await asyncio.gather(
        score(wanted()), score(wanted(job="A developer.")), return_exceptions=True
    )

    assert sum(isinstance(outcome, InterviewExists) for outcome in outcomes) == 1


async def test_a_partial_report_is_made_whole_when_the_service_is_back(
    score: ScoreInterview, communication: KnownService, technical: KnownService
) -> None:
    technical.fails_with = InterviewServiceUnavailable("away")
    partial = await score(wanted())

    still = await score(wanted())
    communication.fails_with, technical.fails_with = technical.fails_with, None
    other_half = await score(wanted())
    technical.fails_with = InterviewServiceUnavailable("away")
    none = await score(wanted())
    communication.fails_with = technical.fails_with = None
    whole = await score(wanted())
    n_asked = technical.n_asked
    again = await score(wanted())

    assert still.shown == other_half.shown == none.shown == partial.shown
    assert set(whole.shown.report.services.values()) == {"ok"}
    assert whole.shown.report.overall == 50.0
    assert (whole.created, whole.shown.created_at) == (False, partial.shown.created_at)
    assert (again.shown, technical.n_asked) == (whole.shown, n_asked)


async def test_without_stored_text_the_first_answer_alone_quotes(
    database: Database, read: ReadInterview
) -> None:
    store = interviews_of(database, store_text=False)
    score = ScoreInterview(read=read, store=store, clock=lambda: NOON)

    first, again = await score(wanted()), await score(wanted())

    assert first.shown.report.criteria[0].evidence[0].text == SAID[1][1][:10]
    assert first.kept.interview.report.criteria[0].evidence[0].text == ""
    assert again.shown == first.kept.interview


async def test_records_leave_out_what_became_anothers_meanwhile(
    database: Database, score: ScoreInterview, read: ReadInterview
) -> None:
    """Between a page and a record of it an id may be freed and taken by somebody else."""
    store = interviews_of(database)
    browse = BrowseInterviews(store=store, services=read.services)
    for n, name in enumerate(("first", "second", "third")):
        made = replace(wanted(name), begun_at=NOON + timedelta(minutes=n))
        await score(made)

    records = browse.records("ada")
    seen = [(await anext(records)).interview.interview_id]
    left = {"first", "second", "third"} - set(seen)
    deleted, taken = sorted(left)
    await store.delete(deleted)
    await store.delete(taken)
    await score(replace(wanted(taken), user_id="bob"))
    seen += [record.interview.interview_id async for record in records]

    assert len(seen) == 1


async def test_states_stand_in_the_order_of_the_services(
    database: Database, read: ReadInterview, communication: KnownService
) -> None:
    browse = BrowseInterviews(store=interviews_of(database), services=read.services)
    communication.fails_with = InterviewServiceUnavailable("away")

    assert await browse.states() == ("unavailable", "ok")

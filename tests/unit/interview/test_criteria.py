from __future__ import annotations

import pytest

from ml_service.domain.interview import Turn
from ml_service.interview import technical, telling
from ml_service.interview.relevance import KnownKinds, compared, known_texts
from tests.unit.interview.interviews import (
    CHALLENGE,
    INTERVIEW,
    JOB,
    answering,
    answers,
    material,
    readings_of,
    scores_of,
)
from tests.unit.use_cases.training_parts import WordEncoder


async def test_all_evidence_stands_in_the_candidates_turns() -> None:
    for reading in (await readings_of(INTERVIEW, job=JOB)).values():
        assert reading.evidence
        for said in reading.evidence:
            assert INTERVIEW[said.turn].by_candidate
            assert said.text in INTERVIEW[said.turn].content


async def test_without_evidence_nothing_is_invented() -> None:
    reading = await readings_of(
        answering(
            "It was a nice day. " * 3 + "The sky over the sea "
            "was blue and the wind came from the west, and the air was warm all day long."
        )
    )
    for name in ("technical_depth/technical", "ownership/technical", "problem_solving/technical"):
        assert reading[name].score is None
        assert reading[name].evidence == ()
        assert reading[name].advice


async def test_a_few_words_are_not_assessed_but_for_relevance() -> None:
    scores = await scores_of(answering("I fixed a bug."))
    assessed = {name for name, score in scores.items() if score is not None}
    assert assessed == {"relevance/communication", "relevance/technical"}


async def test_without_a_question_relevance_is_not_assessed() -> None:
    scores = await scores_of((Turn(True, CHALLENGE[1]),))
    assert scores["relevance/communication"] is scores["relevance/technical"] is None
    assert scores["communication/communication"] is not None


def test_a_story_with_all_its_parts_in_order() -> None:
    finding = telling.parts_in_order(material(CHALLENGE[1]))
    assert finding is not None
    assert finding.value == 1.0


def test_a_story_told_backwards_has_its_parts_but_not_their_order() -> None:
    sentences = CHALLENGE[1].split(". ")
    backwards = material(". ".join(reversed(sentences)).replace("faster.", "faster"))
    told, in_order = telling.parts_told(backwards), telling.parts_in_order(backwards)
    assert told is not None
    assert in_order is not None
    assert in_order.value < told.value


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        ("I built it and we tested it.", 0.5),
        ("I quickly built it. I then tested it.", 1.0),
        ("We built it.", 0.0),
    ],
)
def test_deeds_told_with_i_and_with_we(answer: str, share: float) -> None:
    finding = telling.own_share(material(answer))
    assert finding is not None
    assert finding.value == share


def test_states_are_no_deeds() -> None:
    assert telling.own_share(material("I wanted it. I was tired. We needed more.")) is None


def test_terms_count_once_and_with_a_deed() -> None:
    told = "I wrote it in Python because it was quick. I tested the Python code. Docker is nice."
    assert technical.terms_in_use(material(told)).value == 2  # python, code
    assert technical.terms_explained(material(told)).value == 2


def test_technologies_written_small_are_known() -> None:
    assert technical.terms_in_use(material("i wrote the whole thing in python one day")).value == 1


def test_terms_are_held_against_the_job() -> None:
    told = material(
        "I wrote a long program in Python that counted birds.", job="Python and Docker."
    )
    finding = technical.job_terms(told)
    assert finding is not None
    assert finding.value == 0.5
    assert technical.job_terms(material("I wrote it in Python.", job="Be nice.")) is None


def test_a_problem_counts_when_something_was_done() -> None:
    assert technical.tackled(material("There was a problem. I asked why.")).value == 1
    assert technical.tackled(material("I asked why. There was a problem.")).value == 0


async def test_an_answer_is_nearer_to_its_own_question() -> None:
    encoder = WordEncoder()
    known = KnownKinds((await encoder.embed_documents(known_texts())).vectors)

    async def relevance(question: str, answer: str) -> float:
        (found,) = answers(answering(answer, question=question))
        texts = compared(found)
        assert texts is not None
        vectors = (await encoder.embed_documents([texts.question, *texts.passages])).vectors
        both = known.relevance(vectors[0], vectors[1:])
        return both.by_kind + both.by_subject

    asked = "What is your greatest weakness?"
    weak = "My weakness is that I take on too many things and find it hard to say no."
    assert await relevance(asked, weak) > await relevance(asked, "I play in a band and travel.")

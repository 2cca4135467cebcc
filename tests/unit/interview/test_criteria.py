from __future__ import annotations

import pytest

from ml_service.domain.interview import CriterionReading, Turn
from ml_service.interview import technical, telling
from ml_service.interview.criteria import read_criteria
from ml_service.interview.material import Material
from ml_service.interview.relevance import KnownKinds, Relevance, compared, known_texts
from ml_service.interview.rubric import NOTHING_TO_ADD
from tests.unit.interview.interviews import (
    CHALLENGE,
    INTERVIEW,
    JOB,
    LEXICON,
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


def test_more_of_a_result_never_breaks_the_order() -> None:
    early = CHALLENGE[1].replace(" My task", " In the end it was solved. We were glad. My task")
    finding = telling.parts_in_order(material(early))
    assert finding is not None
    assert finding.value == 1.0


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


def test_deeds_are_told_in_the_present_as_well() -> None:
    assert telling.own_deeds(material("I build boats. I always test them first.")).value == 2
    for said in ("I can build boats.", "I'll build boats.", "I like boats.", "I would test them."):
        assert telling.own_deeds(material(said)).value == 0


NOT_DONE = (
    "I never talked with the team of the yard",
    "I did not listen to my colleagues or help them",
    "I refused to share the feedback with the group",
    "We didn't measure or test anything in Python for two years",
    "I built nothing with the database",
)


@pytest.mark.parametrize("said", NOT_DONE)
def test_what_was_not_done_is_no_evidence(said: str) -> None:
    told = material(f"{said}.")
    for measure in (
        telling.ways_of_working,
        telling.working_with_others,
        telling.details,
        technical.terms_in_use,
        technical.checks,
    ):
        assert measure(told).value == 0, measure
    assert telling.own_share(told) is None or said.startswith("I built")


@pytest.mark.parametrize(
    "said",
    [
        "I did not wait, I asked the team for advice.",
        "I could not sleep, because I helped a colleague with the test.",
        "I never stopped asking the team for advice.",
        "I did not only ask the team, I listened.",
        "Nobody knew why, so I asked the whole team.",
    ],
)
def test_a_negation_ends_with_its_clause(said: str) -> None:
    assert telling.ways_of_working(material(said)).value >= 2


def test_a_quarrel_is_settled_only_by_settling_it() -> None:
    quarrel = "I argued with the mill, and I disagreed in that conflict."
    assert telling.ways_of_working(material(quarrel)).value == 0
    assert telling.ways_of_working(material(f"{quarrel} We found a compromise.")).value == 1


@pytest.mark.parametrize("tool", ["Go", "Rust", "R", "Jenkins", "Kafka", "Spring", "Next.js"])
@pytest.mark.parametrize(
    "said",
    [
        "I built the whole ticket office of the zoo with {} because it is quick.",
        "I wrote the ticket office of the zoo in {} because it is quick.",
        "Using {} I moved the ticket office because it is quick.",
        "We moved the {} service of the zoo because it was slow.",
        "I wrote the ticket office in Python and {} because it is quick.",
    ],
)
def test_a_tool_with_the_name_of_something_else_is_known_by_its_context(
    said: str, tool: str
) -> None:
    used = technical.terms_in_use(material(said.format(tool))).value
    assert used == technical.terms_in_use(material(said.format("Docker"))).value > 0


@pytest.mark.parametrize("name", ["Jenkins", "Swift", "Ruby", "Julia", "Cassandra", "Spring"])
@pytest.mark.parametrize(
    "said",
    [
        "{} built the ticket office with me because it was slow.",
        "My colleague {} and I built it because it was slow.",
        "I built it with Maria {} because it was slow.",
        "I built it together with {} because it was slow.",
        "I built it and discussed it with {} because it was slow.",
        "I built it in Python, and {} helped me because it was slow.",
        "Then {} and I wrote the letter because it was slow.",
    ],
)
def test_elsewhere_the_same_word_is_a_name(said: str, name: str) -> None:
    told, of_maria = (material(said.format(one)) for one in (name, "Maria"))
    assert [one.plain for one in told.told] == [one.plain for one in of_maria.told]
    assert technical.terms_in_use(told).value == technical.terms_in_use(of_maria).value


def test_states_are_no_deeds() -> None:
    assert telling.own_share(material("I wanted it. I was tired. We needed more.")) is None


def test_terms_count_once_and_with_a_deed() -> None:
    told = "I wrote it in Python because it was quick. I tested the Python code. Docker is nice."
    assert technical.terms_in_use(material(told)).value == 2  # python, code
    assert technical.terms_explained(material(told)).value == 2


ADVERT = "You have experience with Python, Docker and PostgreSQL, and you build data pipelines."


@pytest.mark.parametrize(
    "said",
    [
        "I have a lot of experience with Python, Docker and PostgreSQL.",
        "I used Python. I used Docker. I used PostgreSQL.",
        "I have worked with Python and I build data pipelines in PostgreSQL.",
        "I am very familiar with Python.",
    ],
)
def test_an_advert_in_the_first_person_is_no_depth(said: str) -> None:
    told = material(said, job=ADVERT)
    assert technical.terms_in_use(told).value == 0
    assert technical.job_terms(told) is not None
    assert technical.job_terms(told) == technical.job_terms(material("I am here.", job=ADVERT))


def test_what_was_done_with_the_adverts_terms_counts() -> None:
    said = "I moved our nightly billing from Docker to Python and PostgreSQL."
    assert technical.terms_in_use(material(said, job=ADVERT)).value == 3
    assert technical.terms_in_use(material("I used Python because it is quick.")).value == 1


def test_filler_rates_of_a_few_words_are_not_dense() -> None:
    assert telling.fillers(material("Um, I built it.")).value == 1


async def test_faults_are_quoted_as_faults() -> None:
    hedged = f"Um, I built it. Maybe it helped. {CHALLENGE[1]}"
    reading = (await readings_of(answering(hedged)))["communication/communication"]
    assert {said.text for said in reading.evidence} == {"I built it.", "Maybe it helped."}
    assert reading.advice.startswith("Quoted are sentences with fillers and hedges. ")
    only_hedged = await readings_of(answering(f"Maybe it helped. {CHALLENGE[1]}"))
    advice = only_hedged["communication/communication"].advice
    assert advice.startswith("Quoted are sentences with hedges. ")


async def test_without_faults_the_openings_are_quoted() -> None:
    reading = (await readings_of(answering(CHALLENGE[1])))["communication/communication"]
    assert [said.text for said in reading.evidence] == [
        "Last year we had a problem with a slow database."
    ]
    assert reading.advice.startswith("Quoted is how answers begin. ")


async def test_at_full_marks_there_is_nothing_to_add() -> None:
    readings = await readings_of(answering(f"I built it. I tested it. I sold it. {CHALLENGE[1]}"))
    reading = readings["ownership/technical"]
    assert (reading.score, reading.advice) == (5.0, NOTHING_TO_ADD)


def test_a_question_of_no_known_kind_is_left_out_and_that_is_said() -> None:
    def reading(*by_kind: float | None) -> CriterionReading:
        relevance = {at: Relevance(kind, 0.3) for at, kind in enumerate(by_kind)}
        told = Material(answers(INTERVIEW), relevance, LEXICON)
        found = {one.criterion: one for one in read_criteria("communication", told, INTERVIEW)}
        return found["relevance"]

    said = "1 question of no known kind could not be compared with the answer."
    assert reading(None) == CriterionReading("relevance", None, (), said)
    assert reading(0.4, None).score == reading(0.4).score
    assert reading(0.4, None).advice == f"{said} {reading(0.4).advice}"


async def test_a_question_unlike_all_known_ones_has_no_kind() -> None:
    vectors = (await WordEncoder().embed_documents(known_texts())).vectors
    known = KnownKinds(vectors)
    assert known.relevance(vectors[0], vectors[-2:]).by_kind is not None
    assert known.relevance(-vectors[0] * 0, vectors[-2:]).by_kind is None


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
        assert both.by_kind is not None
        return both.by_kind + both.by_subject

    asked = "What is your greatest weakness?"
    weak = "My weakness is that I take on too many things and find it hard to say no."
    assert await relevance(asked, weak) > await relevance(asked, "I play in a band and travel.")

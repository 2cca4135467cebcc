"""What must not move a score, exactly."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from ml_service.domain.interview import Turn
from tests.unit.interview.interviews import (
    CHALLENGE,
    EXCHANGES,
    INTERVIEW,
    JOB,
    WEAKNESS,
    scores_of,
    turns_of,
)

NAMES = """
John|Mary|Wei|Xiaoming|Fatima|Mohammed|Priya|Rajesh|Aisha|Kwame|Chidi|Ngozi|Yuki|Hiroshi|Min-jun|
Thuy|Olga|Dmitri|Agnieszka|Björn|Søren|Zoë|José|Guadalupe|João|Giulia|Ahmet|Elif|Siobhan|O'Neill|
DeShawn|Latoya|Leilani|Mark|Grace|Will|May|Rose|Sam|Iris|Jenkins|Cassandra|Ruby|Mary Lou Smith|
Jean-Luc de la Cruz|Vincent van Dyke|Abdul al-Rashid|J. P. Brown|Dr. Okafor|An Nguyen|王伟|Иван|محمد
""".replace("\n", "").split("|")
FILLERS = (
    "um",
    "uh",
    "er",
    "like",
    "you know",
    "I mean",
    "sort of",
    "kind of",
    "basically",
    "I guess",
)

Scores = dict[str, float | None]


def changed(change: Callable[[str], str], turns: tuple[Turn, ...] = INTERVIEW) -> tuple[Turn, ...]:
    return tuple(
        replace(turn, content=change(turn.content)) if turn.by_candidate else turn for turn in turns
    )


def rises(before: Scores, after: Scores) -> list[str]:
    return [name for name, score in after.items() if (score or 0.0) > (before[name] or 0.0)]


async def test_the_interview_is_assessed_in_every_criterion() -> None:
    scores = await scores_of(INTERVIEW, job=JOB)
    assert None not in scores.values()
    assert all(1 <= score <= 5 for score in scores.values() if score is not None)


async def test_the_same_transcript_gets_the_same_scores() -> None:
    assert await scores_of(INTERVIEW, job=JOB) == await scores_of(INTERVIEW, job=JOB)


@pytest.mark.parametrize(
    "said",
    [
        "{name} asked me why, and I explained it.",
        "I asked {name} why, and then {name} helped me.",
        "We discussed it with {name}.",
        "So {name}'s idea was tested first.",
        "My name is {name} and I built it.",
        "Um, {name} and I, uh, built it.",
    ],
)
async def test_no_name_moves_a_score(said: str) -> None:
    def told_of(name: str) -> tuple[Turn, ...]:
        return changed(lambda text: f"{said.format(name=name)} {text} {said.format(name=name)}")

    expected = await scores_of(told_of("Maria"))
    moved = [name for name in NAMES if await scores_of(told_of(name)) != expected]
    assert moved == []


@pytest.mark.parametrize("name", NAMES)
async def test_the_name_of_whom_the_interviewer_greets_moves_nothing(name: str) -> None:
    def greeting(called: str) -> tuple[Turn, ...]:
        question = f"Thank you, {called}. What is your greatest weakness, {called}?"
        return turns_of(CHALLENGE, (question, WEAKNESS[1]))

    assert await scores_of(greeting(name)) == await scores_of(greeting("Maria"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("She asked him, and he gave her his notes.", "He asked her, and she gave him her notes."),
        ("He was late and has left.", "They were late and have left."),
        ("She leads the group and plans it.", "They lead the group and plan it."),
        ("He's glad, and he likes it himself.", "She's glad, and she likes it herself."),
        ("I asked if he or she agreed.", "I asked if they agreed."),
        ("Mr. Brown and his wife helped me.", "Ms. Brown and her husband helped me."),
    ],
)
async def test_pronouns_and_genders_move_nothing(one: str, other: str) -> None:
    with_one = await scores_of(changed(lambda text: f"{text} {one}"))
    assert with_one == await scores_of(changed(lambda text: f"{text} {other}"))


@pytest.mark.parametrize("seed", range(8))
async def test_fillers_lower_communication_and_nothing_else(seed: int) -> None:
    chance = random.Random(seed)

    def filled(text: str) -> str:
        words = text.split(" ")
        return " ".join(
            f"{chance.choice(FILLERS)}, {word}" if chance.random() < 0.2 else word for word in words
        )

    before, after = await scores_of(INTERVIEW, job=JOB), await scores_of(changed(filled), job=JOB)
    assert {name for name in before if before[name] != after[name]} == {
        "communication/communication"
    }
    assert rises(before, after) == []


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (CHALLENGE, " As a result, the page loaded three times faster."),
        (WEAKNESS, " In the end, I finished every project of that year on time."),
    ],
)
async def test_cutting_a_result_lowers_structure_and_nothing_else(
    answer: tuple[str, str], result: str
) -> None:
    cut = turns_of(*((asked, told.replace(result, "")) for asked, told in EXCHANGES))
    assert cut != INTERVIEW
    before, after = await scores_of(INTERVIEW, job=JOB), await scores_of(cut, job=JOB)
    moved = {name for name in before if before[name] != after[name]}
    assert moved == {"structure/communication", "structure/technical"}
    assert rises(before, after) == []
    assert result.strip() in answer[1]


async def test_a_result_inside_a_sentence_is_cut_as_well() -> None:
    def told(end: str) -> tuple[Turn, ...]:
        without_result = CHALLENGE[1].rpartition(" As a")[0]
        return turns_of((CHALLENGE[0], f"{without_result} I deployed it{end}."))

    before = await scores_of(told(", and in the end we saved 20 percent"))
    after = await scores_of(told(""))
    moved = {name.partition("/")[0] for name in before if before[name] != after[name]}
    assert moved == {"structure"}
    assert rises(before, after) == []


async def test_repeating_answers_raises_nothing() -> None:
    before = await scores_of(INTERVIEW, job=JOB)
    last = INTERVIEW[-1]
    at_once = tuple(
        again for turn in INTERVIEW for again in (turn,) * (1 + bool(turn.by_candidate))
    )
    variants = {
        "in the turn": changed(lambda text: f"{text} {text}"),
        "at once": at_once,
        "all at the end": (*INTERVIEW, *INTERVIEW),
        "to another question": (*INTERVIEW, Turn(False, "What else did you do?"), last),
        "nearly the same": (
            *INTERVIEW,
            replace(last, content=last.content.replace("hard", "difficult")),
        ),
    }
    for name, turns in variants.items():
        assert rises(before, await scores_of(turns, job=JOB)) == [], name


@pytest.mark.parametrize("read", [JOB, JOB.lower(), f"Your advert says: {JOB}", JOB.split(". ")[1]])
async def test_reading_the_advert_back_does_not_raise_technical_depth(read: str) -> None:
    before = await scores_of(INTERVIEW, job=JOB)
    after = await scores_of(
        (*INTERVIEW, Turn(False, "What do you know of this job?"), Turn(True, read)), job=JOB
    )
    assert rises(before, after) == []


async def test_reading_the_question_back_raises_nothing() -> None:
    asked = Turn(
        False, "Have you tested Python code with Docker because of a slow PostgreSQL query?"
    )
    told = Turn(True, "I have tested Python code with Docker because of a slow PostgreSQL query.")
    before, after = await scores_of((*INTERVIEW, asked)), await scores_of((*INTERVIEW, asked, told))
    assert rises(before, after) == []


async def test_a_bare_list_of_terms_is_no_depth() -> None:
    before = await scores_of(INTERVIEW)
    listed = changed(lambda text: text + " I used Docker, Java, Excel, Python.")
    after = await scores_of(listed)
    assert after["technical_depth/technical"] == before["technical_depth/technical"]


async def test_the_order_of_unrelated_answers_does_not_matter() -> None:
    expected = await scores_of(INTERVIEW, job=JOB)
    for order in permutations(EXCHANGES):
        assert await scores_of(turns_of(*order), job=JOB) == expected


async def test_what_others_say_is_not_scored() -> None:
    more = (Turn(None, "I built it all in Python because it was measured."), *INTERVIEW)
    assert await scores_of(more) == await scores_of(INTERVIEW)


async def test_nods_of_the_interviewer_change_nothing() -> None:
    first, second = CHALLENGE[1].split(" Then ")
    nodding = (
        Turn(False, CHALLENGE[0]),
        Turn(True, first),
        Turn(False, "Mm-hmm. Great!"),
        Turn(True, f"Then {second}"),
    )
    assert await scores_of(nodding) == await scores_of(turns_of(CHALLENGE))

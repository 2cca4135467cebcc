from __future__ import annotations

import pytest

from ml_service.domain.interview import Turn
from ml_service.interview.answers import quote_of
from tests.unit.interview.interviews import CHALLENGE, INTERVIEW, JOB, answering, answers, turns_of


def told(answer: str, *, job: str | None = None) -> list[str]:
    return [
        " ".join(sentence.plain)
        for found in answers(answering(answer), job=job)
        for sentence in found.told
    ]


def test_a_nod_does_not_end_an_answer() -> None:
    turns = (
        Turn(False, "What did you build?"),
        Turn(True, "I built a bridge."),
        Turn(False, "Mm-hmm, great!"),
        Turn(True, "It holds."),
        Turn(False, "And why?"),
        Turn(True, "Because I was asked to."),
    )
    first, second = answers(turns)
    assert [" ".join(one.plain) for one in first.told] == ["i built a bridge", "it hold"]
    assert [" ".join(one.plain) for one in second.question] == ["and why"]


def test_an_answer_before_any_question_has_none() -> None:
    (answer,) = answers((Turn(True, "I am here."),))
    assert answer.question == ()


def test_questions_asked_one_after_the_other_belong_together() -> None:
    turns = (
        Turn(False, "One thing."),
        Turn(None, "Hm."),
        Turn(False, "Why?"),
        Turn(True, "Hm so."),
    )
    assert answers(turns) == ()
    (answer,) = answers((*turns, Turn(True, "We had to.")))
    assert len(answer.question) == 2


def test_the_result_stands_apart_with_the_sentence_behind_it() -> None:
    said = "I built it. As a result, it was faster. Everybody was glad. Then I left."
    (answer,) = answers(answering(said))
    assert [" ".join(one.plain) for one in answer.told] == ["i built it", "then i left"]
    assert len(answer.result) == 2


@pytest.mark.parametrize(
    "behind",
    [
        "Then the others looked at the plan of the yard.",
        "I drew the whole plan of the yard again.",
        "I did this by talking with each of the guards.",
    ],
)
@pytest.mark.parametrize(
    "result", ["As a result, we grew.", "We cut the waste by 30 percent.", "It paid off."]
)
def test_what_goes_on_behind_a_result_is_told(result: str, behind: str) -> None:
    without = answers(answering(f"I built it. {behind}"))[0]
    (answer,) = answers(answering(f"I built it. {result} {behind}"))
    assert [one.plain for one in answer.told] == [one.plain for one in without.told]
    assert len(answer.result) == 1


def test_behind_a_change_all_but_a_result_is_told() -> None:
    said = "I built it. We cut the waste by 30 percent. The yard was clean."
    assert told(said) == ["i built it", "the yard were clean"]


def test_how_it_was_after_a_result_is_not_told() -> None:
    assert told("I built it. It paid off. We worked with a smile that day.") == ["i built it"]


@pytest.mark.parametrize(
    "said",
    [
        "I planted the trees with Maria.",
        "I took them to the harbour of Bergen!",
        "Mr. Brown asked me for them.",
        "I gave it to her, you know.",
    ],
)
def test_a_sentence_is_quoted_with_the_name_at_its_end(said: str) -> None:
    content = f"I built it. {said} It was late."
    (answer,) = answers(answering(content))
    assert quote_of(answer.told[1], content, max_characters=300) == said


def test_a_name_in_front_of_a_result_is_quoted() -> None:
    content = "I built it. I drove it with Olga to Bergen, and in the end it ran."
    (answer,) = answers(answering(content))
    assert quote_of(answer.told[1], content, max_characters=300) == (
        "I drove it with Olga to Bergen"
    )


def test_a_change_is_a_result_only_with_an_amount() -> None:
    assert len(told("I built it. It reduced the load.")) == 2
    assert len(told("I built it. It reduced the load by 40 percent.")) == 1


def test_the_first_sentence_is_never_the_result() -> None:
    assert told("In the end it worked.") == ["in the end it worked"]


@pytest.mark.parametrize("left", ["So, um,", "And it", "It", "Um, but that", ""])
def test_what_leads_to_a_result_is_not_told(left: str) -> None:
    """Whether the result is cut from its cue on, or with the whole sentence."""
    once = answers(answering("I built it. I tested it."))[0].told
    for end in (".", " ended up in the museum.", " in the end ran for years."):
        (answer,) = answers(answering(f"I built it. I tested it. {left}{end}"))
        assert [one.plain for one in answer.told] == [one.plain for one in once]
        assert [one.n_fillers for one in answer.told] == [0, 0]


def test_a_result_said_again_later_in_the_answer_is_not_told() -> None:
    said = "I built it. As a result, it was faster. Everybody was glad."
    assert told(f"{said} Then I left. Everybody was glad.") == ["i built it", "then i left"]


def test_a_turn_of_phrase_is_no_repetition() -> None:
    turns = turns_of(
        ("Are you a leader?", "I do think that I am a leader."),
        ("Are you a team player?", "Yes, I do think that I am a team player."),
    )
    assert [len(answer.told) for answer in answers(turns)] == [1, 1]


def test_what_was_said_before_is_left_out() -> None:
    long = "I measured every query of the slow database and wrote down how long it took"
    assert told(f"{long}. We met. {long}. We met.") == [
        "i measured every query of the slow database and wrote down how long it took",
        "we met",
    ]


def test_short_words_said_again_in_another_answer_stay() -> None:
    turns = turns_of(("Are you well?", "I am fine."), ("Is it cold?", "Yes. I am fine."))
    assert len(answers(turns)) == 2


def test_the_adverts_words_are_left_out() -> None:
    assert told(f"I build bridges. {JOB}", job=JOB) == ["i build bridge"]
    assert len(told(f"I build bridges. {JOB}")) > 1


def test_evidence_is_what_stands_in_the_turn() -> None:
    for answer in answers(INTERVIEW):
        for sentence in (*answer.told, *answer.result):
            content = INTERVIEW[sentence.turn].content
            assert quote_of(sentence, content, max_characters=300) in content


def test_a_sentence_that_is_a_little_longer_is_quoted_whole() -> None:
    content = "I measured every query, and wrote a list of the slow ones for the others. We met."
    (answer,) = answers(answering(content))
    quote = quote_of(answer.told[0], content, max_characters=50)
    assert quote == content.removesuffix(" We met.")


def test_a_long_quotation_ends_behind_a_word() -> None:
    content = CHALLENGE[1].replace(".", ",")
    (answer,) = answers(answering(content))
    assert len(content) > 100
    quote = quote_of(answer.told[0], content, max_characters=50)
    assert len(quote) <= 50
    assert content.startswith(quote)
    assert not content[len(quote)].isalnum()

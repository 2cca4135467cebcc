from __future__ import annotations

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


def test_a_change_is_a_result_only_with_an_amount() -> None:
    assert len(told("I built it. It reduced the load.")) == 2
    assert len(told("I built it. It reduced the load by 40 percent.")) == 1


def test_the_first_sentence_is_never_the_result() -> None:
    assert told("In the end it worked.") == ["in the end it worked"]


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
            assert quote_of(sentence.words, content, max_characters=300) in content


def test_a_sentence_that_is_a_little_longer_is_quoted_whole() -> None:
    content = "I measured every query, and wrote a list of the slow ones for the others. We met."
    (answer,) = answers(answering(content))
    quote = quote_of(answer.told[0].words, content, max_characters=50)
    assert quote == content.removesuffix(" We met.")


def test_a_long_quotation_ends_behind_a_word() -> None:
    content = CHALLENGE[1].replace(".", ",")
    (answer,) = answers(answering(content))
    assert len(content) > 100
    quote = quote_of(answer.told[0].words, content, max_characters=50)
    assert len(quote) <= 50
    assert content.startswith(quote)
    assert not content[len(quote)].isalnum()

from __future__ import annotations

import pytest

from ml_service.interview.speech import Sentence, sentences_of


def spoken(text: str) -> tuple[Sentence, ...]:
    return sentences_of(text, turn=0, is_term=lambda word: word in {"Python", "SQL"})


def plain(text: str) -> list[str]:
    return [" ".join(sentence.plain) for sentence in spoken(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I built it. Then I tested it.", ["i built it", "then i tested it"]),
        ("We paid 3.5 dollars. Dr. Brown left.", ["we paid 3.5 dollar", "left"]),
        ("So, um, I, you know, built it.", ["i built it"]),
        ("It worked, you know. then I left", ["it worked", "then i left"]),
        ("I think I think we we built", ["i think we built"]),
        ("I was uh... going- going home [laughs] (inaudible)", ["i were going home"]),
        ("you, you know, know it", ["it"]),
        ("He told Maria about Python in Leeds", ["told about python in"]),
        ("Maria Lopez called", ["called"]),
        ("van Gogh painted", ["painted"]),
        ("my name is maria lopez and i build", ["my name is and i build".replace("is", "are")]),
        ("I BUILT THE ENGINE IN MY GARAGE", ["i built the engine in my garage"]),
        ("<b>bold</b> & {{x}} \x00\x1b", ["bold"]),
        ("... !!! ???", []),
        ("I built it so, um, that it runs, so we left.", ["i built it so that it run we left"]),
        ("<p>I left that evening.</p><p>I was tired</p>", ["i left that evening", "i were tired"]),
        (
            "I left that evening.I was tired.With ASP.NET.",
            ["i left that evening", "i were tired", "with"],
        ),
        ("x < 3 and List<String> > 2", ["x 3 and 2"]),
        ("I am 52 years old and built it", ["i am and built it"]),
        ("I am 52, um, years, you know, old and built it", ["i am and built it"]),
        ("I am a fifty-two-year-old mother of three girls", ["i am a"]),
        ("with 3 kids I built 4 engines", ["i built 4 engine"]),
    ],
)
def test_words_are_made_plain(text: str, expected: list[str]) -> None:
    assert [one for one in plain(text) if one] == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("I built it", 0),
        ("So I built it", 0),
        ("um I built uh it", 2),
        ("it was, like, basically done", 1),
        ("I like it", 0),
        ("I built it, you know.", 1),
        ("we we built it", 1),
        ("it went well", 0),
        ("It broke, so I changed it.", 0),
        ("It took just two weeks with tools like Docker, and it was really well tested.", 0),
        ("That kind of problem is right for me.", 0),
        ("So, I built it.", 1),
        ("it was, kind of, odd", 1),
        ("it was like like odd", 1),
        ("I mean it was, you know, um, er, odd", 4),
        ("it was odd, like.", 1),
        ("Um. Okay. It was odd. Mm-hmm.", 0),
        ("I met Maria Maria Lopez", 0),
        ("I built it and. I built it and I left", 0),
    ],
)
def test_fillers_are_counted(text: str, count: int) -> None:
    assert sum(sentence.n_fillers for sentence in spoken(text)) == count


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("I built it, um, and left", ["it"]),
        ("Um, I built it. Uh, and left", ["i", "and"]),
        ("I built it, you know. I left", ["it"]),
    ],
)
def test_a_filler_counts_at_the_word_in_front_of_it(text: str, beside: list[str]) -> None:
    words = [word for sentence in spoken(text) for word in sentence.words]
    assert [word.plain for word in words if word.fillers] == beside


@pytest.mark.parametrize("times", [2, 3, 4])
@pytest.mark.parametrize(
    "text", ["I built it and went-", "You know, it was odd. Yes. Um,", "I LOVE SQL"]
)
def test_a_turn_said_over_and_over_is_said_once(text: str, times: int) -> None:
    assert spoken(" ".join([text] * times)) == spoken(text)


def test_words_keep_their_places() -> None:
    text = "Um, I …  built — it."
    (sentence,) = spoken(text)
    assert [text[word.start : word.end] for word in sentence.words] == ["I", "built", "it"]


def test_a_long_text_without_marks_is_read() -> None:
    (sentence,) = spoken(" ".join(f"word{n}" for n in range(30_000)))
    assert len(sentence.words) == 30_000

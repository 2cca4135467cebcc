"""Changes to a transcript that must not move its scores, or only one of them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from ml_service.domain.interview import Turn

Turns = tuple[Turn, ...]
Change = Callable[[Turns, random.Random], Turns]

NAMES = (
    "Maria", "John", "Wei", "Xiaoming", "Fatima", "Mohammed", "Priya", "Rajesh", "Aisha", "Kwame",
    "Chidi", "Ngozi", "Yuki", "Hiroshi", "Min-jun", "Ji-woo", "Nguyen", "Thuy", "Olga", "Dmitri",
    "Agnieszka", "Björn", "Søren", "Zoë", "José", "Guadalupe", "João", "Giulia", "Ahmet", "Elif",
    "Siobhan", "O'Neill", "DeShawn", "Latoya", "Tane", "Leilani", "Mark", "Grace", "Will", "Rose",
    "Maria Lopez", "Jean-Luc de la Cruz", "Vincent van Dyke", "Abdul al-Rashid", "J. P. Morgan",
    "王伟", "Иван", "محمد", "Sam", "Iris", "Ruby", "Cassandra",
)  # fmt: skip
FILLERS = ("um", "uh", "like", "you know", "basically", "I mean", "sort of", "er", "kind of")
ADVERTS = (
    (
        "We are looking for a software engineer with three years of experience in Python and "
        "SQL. "
        "You will design and build data pipelines, write unit tests and deploy services with "
        "Docker and Kubernetes. You have worked with machine learning models and cloud databases."
    ),
    (
        "As a laboratory analyst you will prepare samples, run assays and experiments, check "
        "the data for errors and report results in Microsoft Excel. Knowledge of statistics "
        "and MATLAB is required. You tested methods and reduced costs in earlier work."
    ),
    (
        "The analyst will build financial models and forecasts in Excel, query databases with SQL, "
        "prepare the budget, and present options and trade-offs to managers because decisions "
        "depend on them. Experience with Tableau and Salesforce is a plus."
    ),
)
_CAPITAL = re.compile(r"(?<=[a-z,] )(?!I\b)[A-Z][a-z]+\b")
_PRONOUNS = {
    "he": "she", "she": "he", "him": "her", "his": "her", "himself": "herself",
    "her": "his", "hers": "his", "herself": "himself", "He": "She", "She": "He", "His": "Her",
    "Her": "His",
}  # fmt: skip
_PRONOUN = re.compile(rf"\b(?:{'|'.join(_PRONOUNS)})\b")
_NEUTRAL = {"he": "they", "she": "they", "He": "They", "She": "They"}
_SUBJECT = re.compile(r"\b(?:he|she)\b(?!')", re.IGNORECASE)
_QUESTION_WORDS = 5
_LONG_TEXT = 200
_RESULT = re.compile(
    r"[,;.]?\s*\b(?:and |but |so )?(?:as a result|in the end|eventually|which led to|resulted in|"
    r"turned out)\b[^.!?]*[.!?]?[^.!?]*[.!?]?",
    re.IGNORECASE,
)


def names_swapped(known: Collection[str]) -> Change:
    """Whatever has a capital inside a sentence and is not ``known``, a word or a technology."""

    def change(turns: Turns, chance: random.Random) -> Turns:
        def other(found: re.Match[str]) -> str:
            return found[0] if found[0].casefold() in known else chance.choice(NAMES[:40])

        return _each(turns, lambda text: _CAPITAL.sub(other, text))

    return change


def name_told(name: str) -> Change:
    """At the beginning of a sentence, inside one and at its end."""
    said = f" {name} asked me about it. Then {name} and I talked, and I explained it to {name}."

    def change(turns: Turns, chance: random.Random) -> Turns:
        del chance
        return _each(turns, lambda text: text.rstrip() + "." + said)

    return change


def genders_swapped(turns: Turns, chance: random.Random) -> Turns:
    del chance
    return _each(turns, lambda text: _PRONOUN.sub(lambda found: _PRONOUNS[found[0]], text))


def they_said(turns: Turns, chance: random.Random) -> Turns:
    del chance
    return _each(turns, lambda text: _SUBJECT.sub(lambda found: _NEUTRAL[found[0]], text))


def fillers_added(turns: Turns, chance: random.Random) -> Turns:
    """One before every sixth word or so of the candidate."""

    def add(text: str) -> str:
        words = text.split(" ")
        return " ".join(
            f"{chance.choice(FILLERS)}, {word}" if word and chance.random() < 1 / 6 else word
            for word in words
        )

    return _each(turns, add)


def has_result(turns: Turns) -> bool:
    return any(turn.by_candidate and _RESULT.search(turn.content, 40) for turn in turns)


def results_cut(turns: Turns, chance: random.Random) -> Turns:
    """Behind the first 40 characters: from the cue to the end of the next sentence."""
    del chance
    return _each(turns, lambda text: text[:40] + _RESULT.sub(".", text[40:]))


def results_added(turns: Turns, chance: random.Random) -> Turns:
    del chance
    said = " As a result, we finished two weeks early and saved 20 percent."

    def add(text: str) -> str:
        return f"{text.rstrip(' .')}.{said}" if len(text) > _LONG_TEXT else text

    return _each(turns, add)


def repeated_at_once(turns: Turns, chance: random.Random) -> Turns:
    del chance
    return tuple(again for turn in turns for again in (turn, turn)[: 1 + bool(turn.by_candidate)])


def repeated_in_turn(turns: Turns, chance: random.Random) -> Turns:
    del chance
    return _each(turns, lambda text: f"{text} {text}")


def repeated_at_end(turns: Turns, chance: random.Random) -> Turns:
    """The longest answer once more, to another question."""
    del chance
    longest = max((turn for turn in turns if turn.by_candidate), key=lambda turn: len(turn.content))
    return (*turns, Turn(False, "Is there anything that you would like to add?"), longest)


def advert_read(advert: str) -> Change:
    def change(turns: Turns, chance: random.Random) -> Turns:
        del chance
        return (*turns, Turn(False, "What can you tell me about this job?"), Turn(True, advert))

    return change


def exchanges_shuffled(turns: Turns, chance: random.Random) -> Turns:
    """A question of five different words opens an exchange, behind something that the candidate
    said; what comes before the first and after the last stays."""
    starts = [
        at
        for at, turn in enumerate(turns)
        if turn.by_candidate is False
        and len(set(turn.content.casefold().split())) >= _QUESTION_WORDS
        and (at == 0 or turns[at - 1].by_candidate)
        and any(turn.by_candidate for turn in turns[at:])
    ]
    answered = 1 + max(at for at, turn in enumerate(turns) if turn.by_candidate)
    ends = [*starts[1:], answered]
    exchanges = [turns[start:end] for start, end in zip(starts, ends, strict=True)]
    chance.shuffle(exchanges)
    told = (turn for exchange in exchanges for turn in exchange)
    return (*turns[: starts[0] if starts else answered], *told, *turns[answered:])


def _each(turns: Sequence[Turn], change: Callable[[str], str]) -> Turns:
    return tuple(
        replace(turn, content=change(turn.content)) if turn.by_candidate else turn for turn in turns
    )

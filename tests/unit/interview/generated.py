"""Interviews made of invented sentences, with whatever may lead a reader astray."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from ml_service.domain.interview import Turn

_TOLD = """
Last spring I was working at a bakery that wanted to sell online.
My task was to move the orders from paper to a database in PostgreSQL.
I asked the two bakers how they write an order down, because nobody had told me.
There was a problem with cakes that are ordered twice.
We compared three ways, and I chose the slow one since it was safe.
I wrote it in Python and tested it with the orders of a year.
She helped me with the prices, and I taught him how to change them.
I do think I am a good listener.
I do think I am a leader.
Yes, I do think I am a team player.
Perhaps I am a little slow, but I check every figure two times.
Um, I, you know, I measured how long the, the night shift takes.
So, like, we talked about it, like, for weeks, okay?
I met Olga and Olga Lindgren, um, and, uh, Wei.
I told him, er, that the oven, kind of, was not the reason.
It was raining and we were tired, you know.
I left it at that, so that nobody had to stay late.
I am good at planning, right, and at keeping to a plan.
I have two dogs. Children like them.
One thing that I would like to say is that I read a lot.
There is a thing that I would like to learn: how to bake bread.
We met.
It was hard.
Yes.
Thank you.
I waited for an hour. Um. Okay.
""".strip().splitlines()
_BEHIND = """
Everybody was glad.
The bakers still talk about that day, um, with a smile.
She thanked me, and we celebrated with a cake.
It was the first time that I slept well.
""".strip().splitlines()
_ENDS = """
as a result, we sold 40 percent more bread
in the end it worked, like, very well
eventually the bakers used it every day, and we closed the paper book
this led to a second shop in the harbour
we were able to open an hour earlier, um, you know
it turned out that the old oven was fine
""".strip().splitlines()
_LEADS = ("", "So, ", "So um ", "And ", "Um, and uh ", "Okay, ", "But ")
_JOINTS = (", and ", " and um ", ", um, and ", ", but ", " um ", ", like, ", ", and so ")
_CLAUSES = """
I painted the sign myself
we moved the shelves to the other wall, you know
I wrote a letter to the mill
I called every customer of the list, and, um, the mill
""".strip().splitlines()
_UNFINISHED = """
and I was going to ask for-
so I wrote the list again
the mill, you know
and then I, um,
I was able to find out why the mixer stops
because that is what I like
""".strip().splitlines()
QUESTIONS = (
    "Can you tell me about yourself?",
    "Tell me about a time when your team faced a challenge.",
    "What is your greatest weakness?",
    "Do you think that you are a leader? Why?",
    "Why should we hire you for this job?",
    "How does the mixer of a bakery work?",
)


@dataclass(frozen=True)
class Ending:
    """A result as it may stand in an answer, and what is left of it by two ways of cutting."""

    told: str
    whole_cut: str
    cut_at_cue: str


def told_sentences(*, min_size: int = 1, max_size: int = 6) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(_TOLD), min_size=min_size, max_size=max_size, unique=True)


def unfinished() -> st.SearchStrategy[str]:
    """What a turn may break off with."""
    return st.sampled_from(("", *_UNFINISHED))


def _own_sentence(lead: str, end: str, behind: str) -> Ending:
    said = f"{lead}{end}. {behind}" if lead else f"{end[0].upper()}{end[1:]}. {behind}"
    return Ending(told=said, whole_cut="", cut_at_cue=f"{lead.strip()}.")


def _joined(clause: str, joint: str, end: str, behind: str) -> Ending:
    return Ending(
        told=f"{clause}{joint}{end}. {behind}",
        whole_cut=f"{clause}{joint.rstrip().removesuffix('and so').removesuffix('and')}.",
        cut_at_cue=f"{clause}{joint.rstrip()}.",
    )


def endings() -> st.SearchStrategy[Ending]:
    return _endings(_CLAUSES, _ENDS, _BEHIND)


def _endings(
    clauses: Sequence[str], ends: Sequence[str], behind: Sequence[str]
) -> st.SearchStrategy[Ending]:
    """A result in a sentence of its own, or behind a clause; both with the sentence behind it."""
    end, after = st.sampled_from(ends), st.sampled_from(behind)
    clause, joint = st.sampled_from(clauses), st.sampled_from(_JOINTS)
    alone = st.builds(_own_sentence, st.sampled_from(_LEADS), end, after)
    return alone | st.builds(_joined, clause, joint, end, after)


@dataclass(frozen=True)
class Story:
    """An answer: what is told before a result and after it, and how the turn breaks off."""

    before: tuple[str, ...]
    ending: Ending | None
    after: tuple[str, ...]
    last: str

    def said(self, ending: str | None = None) -> str:
        """With ``ending`` in place of the result."""
        end = self.ending.told if self.ending and ending is None else ending or ""
        return " ".join(part for part in (*self.before, end, *self.after, self.last) if part)


Exchange = tuple[str, Story]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    told = draw(told_sentences())
    at = draw(st.integers(1, len(told)))
    ending = draw(st.none() | endings())
    return Story(tuple(told[:at]), ending, tuple(told[at:]), draw(unfinished()))


def interviews() -> st.SearchStrategy[list[Exchange]]:
    """Each question once; answers may share sentences."""
    pairs = st.tuples(st.sampled_from(QUESTIONS), stories())
    return st.lists(pairs, min_size=1, max_size=4, unique_by=lambda pair: pair[0])


@st.composite
def unrelated_answers(draw: st.DrawFn) -> list[Exchange]:
    """Two to four, none of which says a sentence of another one."""
    told, clauses, ends, behind, last = (
        draw(st.permutations(pool)) for pool in (_TOLD, _CLAUSES, _ENDS, _BEHIND, _UNFINISHED)
    )
    made = []
    for at, question in enumerate(draw(st.permutations(QUESTIONS))[: draw(st.integers(2, 4))]):
        begin, end = 6 * at, 6 * at + draw(st.integers(1, 6))
        ending = draw(
            st.none() | _endings(clauses[at : at + 1], ends[at : at + 1], behind[at : at + 1])
        )
        before = tuple(told[begin : end - 1])
        story = Story(before, ending, (told[end - 1],), draw(st.sampled_from(("", last[at]))))
        made.append((question, story))
    return made


def turns_of_stories(interview: list[Exchange]) -> tuple[Turn, ...]:
    return tuple(
        turn
        for question, story in interview
        for turn in (Turn(False, question), Turn(True, story.said()))
    )


def each_answer(turns: tuple[Turn, ...], *contents: str) -> tuple[Turn, ...]:
    """The candidate says ``contents`` instead, in this order."""
    said = iter(contents)
    return tuple(replace(turn, content=next(said)) if turn.by_candidate else turn for turn in turns)

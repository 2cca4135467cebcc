"""What is measured in a transcript, from which value on it counts, and where that comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ml_service.interview import cues, fillers
from ml_service.interview.cues import Cues


@dataclass(frozen=True, slots=True)
class SignalRule:
    """Between ``nothing`` and ``full`` a signal counts in proportion.

    Where ``full`` is None it never runs out: half of it is lost at ``half_at``, two thirds at
    twice that. ``cues`` are the phrases that are looked for.
    """

    id: str
    title: str
    measures: str
    unit: str
    nothing: float | None
    full: float | None
    half_at: float | None
    cues: tuple[str, ...]
    advice: str
    source: str

    def share(self, value: float) -> float:
        """0 to 1."""
        if self.half_at is not None:
            return self.half_at / (self.half_at + value)
        if self.nothing is None or self.full is None:
            raise ValueError(f"{self.id} has no thresholds")
        return min(1.0, max(0.0, (value - self.nothing) / (self.full - self.nothing)))


_STAR = (
    "National Careers Service, The STAR method "
    "(https://nationalcareers.service.gov.uk/careers-advice/interview-advice/the-star-method): "
    "situation, task, action, result."
)
_FILLED_PAUSES = (
    "Clark and Fox Tree, Using uh and um in spontaneous speaking, Cognition 84 (2002): fillers "
    "announce delays, and everybody uses them."
)
_RELEVANCE = (
    "Our choice, measured by scripts/measure_interviews.py: what tells an answer from one to "
    "another question."
)


def _rule(
    name: str,
    title: str,
    measures: str,
    *,
    unit: str,
    advice: str,
    source: str,
    between: tuple[float, float],
    looks_for: tuple[Cues, ...] = (),
) -> SignalRule:
    said = tuple(phrase for kind in looks_for for phrase in kind.said)
    nothing, full = between
    return SignalRule(name, title, measures, unit, nothing, full, None, said, advice, source)


_FILLER_PHRASES = tuple(" ".join(phrase) for phrase in fillers.PHRASES)

_ALL = (
    SignalRule(
        id="fillers",
        title="Few fillers",
        measures="Sounds such as 'um', 'you know' and 'I mean', words begun twice, and the "
        "other words where commas or the end of the sentence set them off on both sides, where "
        "one opens a sentence before a comma, or where it is doubled; for 100 other words. Names "
        "said twice and sentences of fillers alone do not count.",
        unit="in 100 words",
        nothing=None,
        full=None,
        half_at=6.0,
        cues=(*sorted(fillers.WORDS), *_FILLER_PHRASES),
        advice="Pause in silence where you would say 'um' or 'like'.",
        source=f"{_FILLED_PAUSES} That six in 100 words keep half is our choice.",
    ),
    _rule(
        "hedges",
        "Few hedges",
        "Phrases that take back what is said, for 100 words.",
        unit="in 100 words",
        between=(5.0, 0.0),
        looks_for=(cues.HEDGE,),
        advice="Say what you know without 'maybe', 'I guess' or 'I think' in front of it.",
        source="Our choice: some doubt is honest, one hedge in twenty words hides what is meant.",
    ),
    _rule(
        "answers_in_kind",
        "Answers what was asked",
        "How near the vectors of an answer's passages and of its first 40 words are to invented "
        "answers to that kind of question, above its mean over all kinds; mean over answers. "
        "Questions that are like no known kind are left out.",
        unit="difference of cosines",
        between=(-0.1, 0.55),
        advice="Take up the question in your first sentence, then give your example.",
        source=_RELEVANCE,
    ),
    _rule(
        "on_the_subject",
        "Stays with the subject",
        "Cosine of the vectors of question and answer, less what all questions and all answers "
        "share; mean over answers.",
        unit="cosine",
        between=(-0.15, 0.5),
        advice="Come back to what was asked before you end an answer.",
        source=_RELEVANCE,
    ),
    _rule(
        "parts_told",
        "Parts of a story",
        "How many of situation, task, action and result an answer of 40 words or more tells, of "
        "20 where a time, an example, a project or a challenge was asked for or a deed is told; "
        "mean over these.",
        unit="share of four parts",
        between=(0.0, 1.0),
        looks_for=(cues.SITUATION, cues.TASK, cues.RESULT, cues.CHANGE),
        advice="End a story with what came of it, in figures where you have them.",
        source=_STAR,
    ),
    _rule(
        "parts_in_order",
        "Parts in order",
        "The longest run of situation, task, action and result that are told in this order; of "
        "several results the last one.",
        unit="share of four parts",
        between=(0.0, 1.0),
        looks_for=(cues.SITUATION, cues.TASK, cues.RESULT, cues.CHANGE),
        advice="Tell a story in order: the situation, your task, what you did, what came of it.",
        source=_STAR,
    ),
    _rule(
        "details",
        "Details",
        "Amounts, times and examples, for 100 words.",
        unit="in 100 words",
        between=(0.0, 3.0),
        looks_for=(cues.TIME,),
        advice="Add how many, how long and when.",
        source=f"{_STAR} The figure is our choice: a detail in every second sentence.",
    ),
    _rule(
        "amounts_and_terms",
        "Amounts and terms",
        "Sentences with an amount, and terms of the field, for 100 words.",
        unit="in 100 words",
        between=(0.0, 4.0),
        looks_for=(cues.METHODS,),
        advice="Name the tool, the size and the amount instead of 'some' and 'things'.",
        source="Our choice: a figure or a term in most sentences.",
    ),
    _rule(
        "own_share",
        "Your part",
        "Of the deeds told with 'I' or 'we', the share told with 'I'.",
        unit="share",
        between=(0.2, 1.0),
        advice="Say which part of the work was yours where you now say 'we'.",
        source=f"{_STAR} The bounds are our choice: work with others is told with 'we' as well.",
    ),
    _rule(
        "own_deeds",
        "Deeds of your own",
        "'I' with a verb of doing, in the past or the present, for 100 words. What was not "
        "done does not count.",
        unit="in 100 words",
        between=(0.0, 3.0),
        advice="Use verbs that say what you did: built, asked, measured, decided.",
        source="Our choice: about one deed in two sentences.",
    ),
    _rule(
        "ways_of_working",
        "Ways of working with others",
        "How many of six kinds are told with 'I' or 'we': in a team, listening, helping, settling "
        "disputes, learning from others, sharing work and credit.",
        unit="kinds",
        between=(0.0, 5.0),
        looks_for=(
            cues.TOGETHER,
            cues.LISTENING,
            cues.HELPING,
            cues.SETTLING,
            cues.LEARNING,
            cues.SHARING,
        ),
        advice="Tell also how you listened, helped or shared the work.",
        source="Our choice: what is told of conduct, not what somebody is like.",
    ),
    _rule(
        "working_with_others",
        "Work with others",
        "Words of these six kinds beside 'I' or 'we', for 100 words.",
        unit="in 100 words",
        between=(0.0, 5.0),
        advice="Give an example of work with others, and your part in it.",
        source="Our choice: about one in a sentence.",
    ),
    _rule(
        "terms_in_use",
        "Terms in use",
        "Different technologies of the catalogue and terms of method, in sentences that say what "
        "was done. A sentence that only lists them does not count, nor one without three more "
        "words of content that are not the advert's, a reason, a choice, a check or an amount.",
        unit="terms",
        between=(0.0, 10.0),
        looks_for=(cues.METHODS,),
        advice="Name the tools and methods you used, each with what you did with it.",
        source="O*NET technologies (https://www.onetcenter.org/database.html); ten are our choice.",
    ),
    _rule(
        "terms_explained",
        "Terms explained",
        "Sentences with such a term and a reason, a choice, a check or an amount.",
        unit="sentences",
        between=(0.0, 4.0),
        advice="Say why you chose a tool or method, and how you knew that it worked.",
        source="Our choice: a name alone is easily dropped, a reason is not.",
    ),
    _rule(
        "job_terms",
        "Terms of the job",
        "Of the technologies and terms that the job names, the share that was told in use.",
        unit="share",
        between=(0.0, 0.6),
        advice="Tell what you did with the tools that the job names.",
        source="Our choice: an interview has no time for all of an advert.",
    ),
    _rule(
        "reasons",
        "Reasons",
        "Words that give a reason, for 100 words.",
        unit="in 100 words",
        between=(0.0, 2.0),
        looks_for=(cues.REASON,),
        advice="Say why: 'because', 'so that', 'which meant'.",
        source="Our choice: one in three sentences.",
    ),
    _rule(
        "trade_offs",
        "Trade-offs",
        "Words that weigh one way against another, for 100 words.",
        unit="in 100 words",
        between=(0.0, 1.2),
        looks_for=(cues.TRADE_OFF, cues.WEIGHING),
        advice="Name the other ways that you considered, and why you left them.",
        source="Our choice: one in five sentences.",
    ),
    _rule(
        "tackled",
        "Problems and what was done",
        "Answers that name a problem, and a deed with 'I' or 'we' there or later.",
        unit="answers",
        between=(0.0, 3.0),
        looks_for=(cues.TROUBLE,),
        advice="Name the problem first, then what you did about it.",
        source=_STAR,
    ),
    _rule(
        "checks",
        "Checks",
        "Words for testing, measuring and finding out, for 100 words.",
        unit="in 100 words",
        between=(0.0, 1.0),
        looks_for=(cues.CHECK,),
        advice="Say how you found the cause, and how you checked that it was solved.",
        source="Our choice: one in five sentences.",
    ),
)

SIGNALS: Mapping[str, SignalRule] = {rule.id: rule for rule in _ALL}

"""Phrases by which a transcript shows what it tells of; published with the rubric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ml_service.interview.word_forms import same_form


@dataclass(frozen=True, slots=True)
class Cues:
    """Phrases of one kind, in the form in which words are compared."""

    said: tuple[str, ...]
    by_first: dict[str, tuple[tuple[str, ...], ...]]

    def starts(self, words: Sequence[str]) -> list[int]:
        """Where a phrase begins, each word in one phrase at most."""
        found, at = list[int](), 0
        while at < len(words):
            phrase = self._at(words, at)
            if phrase:
                found.append(at)
            at += max(1, len(phrase))
        return found

    def among(self, words: Sequence[str]) -> bool:
        return any(self._at(words, at) for at in range(len(words)))

    def begins(self, words: Sequence[str]) -> bool:
        return bool(words) and bool(self._at(words, 0))

    def _at(self, words: Sequence[str], at: int) -> tuple[str, ...]:
        candidates = self.by_first.get(words[at], ())
        return next((one for one in candidates if tuple(words[at : at + len(one)]) == one), ())


def cues(text: str) -> Cues:
    said = tuple(phrase.strip() for phrase in text.split(";") if phrase.strip())
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in said:
        words = tuple(map(same_form, phrase.split()))
        by_first.setdefault(words[0], []).append(words)
    ordered = {
        first: tuple(sorted(phrases, key=len, reverse=True)) for first, phrases in by_first.items()
    }
    return Cues(said, ordered)


RESULT = cues(
    "as a result; as the result; the result was; the results were; in the end; at the end; "
    "ended up; end up; eventually; which led to; this led to; that led to; resulted in; "
    "resulting in; the outcome; turned out; it paid off; paid off; it worked out; worked out; "
    "we won; i won; succeeded; we managed to; i managed to; we were able to; i was able to; "
    "ever since; since then; it was a success; was successful; were successful; successfully; "
    "i ended up; it ended up; we ended up; it turned out; it resulted in; this resulted in; "
    "that resulted in; i succeeded; it succeeded; we succeeded; i was successful; "
    "it was successful; we were successful"
)
NEXT_STEP = cues(
    "then; after that; afterwards; next; later; in addition; besides; also; to get there; "
    "before that; i did this; we did this"
)
CHANGE = cues(
    "increased; reduced; improved; saved; raised; grew; cut; doubled; tripled; halved; "
    "decreased; dropped; rose; fell; faster; fewer"
)
SITUATION = cues(
    "when i was; when we were; last year; last summer; last semester; last spring; last fall; "
    "last winter; last month; last week; last term; in high school; in college; at school; "
    "in my previous; in my last; at my last; at my previous; at my company; at my job; "
    "my freshman year; my sophomore year; my junior year; my senior year; my first year; "
    "this past; this summer; this semester; this year; years ago; months ago; one time; "
    "there was; there were; at the time; we had a; i had a; i was working; we were working; "
    "i worked; i was in; i was on; we were in; in a class; for a class; during; back when; "
    "currently; over the summer; a project"
)
TASK = cues(
    "had to; needed to; my job was; my role; my task; my goal; our goal; the goal; "
    "was responsible; responsible for; in charge of; was asked to; were asked to; supposed to; "
    "the challenge; the problem; a problem; the issue; an issue; a challenge; the task; "
    "assigned; trying to; tried to; wanted to; deadline; requirement; the question was; "
    "conflict"
)
HEDGE = cues(
    "maybe; perhaps; probably; possibly; i suppose; i think; i feel; might; not sure; "
    "somewhat; a bit; a little; hopefully; i don't know; i believe; more or less; "
    "i would say; i'd say; to some extent; pretty much"
)
REASON = cues(
    "because; since; therefore; in order to; which meant; which means; that meant; that means; "
    "the reason; that's why; which is why; due to; based on; given that; it follows; hence; "
    "thus; the cause; so that; depends on; if we; if i; assuming; otherwise"
)
TRADE_OFF = cues(
    "trade-off; trade-offs; tradeoff; tradeoffs; trade off; instead of; instead; rather than; "
    "on the other hand; alternatively; alternative; alternatives; option; options; "
    "pros and cons; the downside; the drawback; at the cost of; versus; either; compromise; "
    "priority; balance"
)
WEIGHING = cues(
    "compared; compare; weighed; we chose; i chose; we decided; i decided; we considered; "
    "i considered; prioritised; prioritized"
)
TROUBLE = cues(
    "problem; problems; challenge; challenges; issue; issues; bug; bugs; error; errors; "
    "difficult; difficulty; conflict; conflicts; failed; failure; broke; wrong; stuck; "
    "trouble; deadline; obstacle; disagreed; disagreement; struggled; missing; slow; "
    "complained; complaint; risk"
)
CHECK = cues(
    "tested; test; tests; testing; measured; measure; checked; verified; debugged; analysed; "
    "analyzed; investigated; compared; experiment; experiments; experimented; simulated; "
    "prototype; prototyped; reviewed; root cause; profiled; benchmark; logs; reproduced; "
    "evaluated; figure out; figured out; found out; looked into; researched; data"
)
TOGETHER = cues(
    "team; teams; teammates; teammate; together; group; groups; colleague; colleagues; "
    "coworker; coworkers; co-workers; collaborated; collaborate; collaboration; club; "
    "committee; partner"
)
LISTENING = cues(
    "listened; listen; listening; asked; discussed; discuss; discussion; talked; sat down; "
    "communicated; communicate; explained; met with; meeting; meetings; agreed; agree; "
    "opinions; perspective; perspectives; understand; understood; ideas"
)
HELPING = cues(
    "helped; help; helping; supported; support; taught; teach; teaching; mentored; mentor; "
    "coached; tutored; tutor; tutoring; volunteered; volunteer; trained; encouraged; "
    "motivated; motivate; guided"
)
SETTLING = cues(
    "compromise; compromised; resolved; resolve; mediated; mediate; common ground; both sides; "
    "settled; voted; consensus; apologised; apologized; we agreed; agreed on; agreed to; "
    "agreement; found a solution; found a way; made up; worked out our differences"
)
LEARNING = cues(
    "feedback; learned; learnt; learn; advice; criticism; improve; improving; mistake; "
    "mistakes; admitted; realised; realized; adapted; adapt"
)
SHARING = cues(
    "delegated; delegate; delegating; divided; split; shared; share; assigned; roles; "
    "everybody; everyone; each person; each of us; thanks to; credit; included; include; "
    "involved; diverse"
)
TIME = cues(
    "last year; last summer; last semester; last spring; last fall; last winter; last month; "
    "last week; years ago; months ago; weeks ago; a year; a month; a week; a day; per day; "
    "per week; per year; every day; every week; every month; hours; days; weeks; months; "
    "freshman year; sophomore year; junior year; senior year; for example; for instance; "
    "specifically"
)
METHODS = cues(
    "algorithm; algorithms; database; databases; api; apis; cache; caching; latency; "
    "throughput; query; queries; schema; deployment; deployed; pipeline; pipelines; unit test; "
    "unit tests; regression; classifier; neural network; machine learning; data structure; "
    "data structures; software; hardware; code; coding; programming; programmed; compiler; "
    "framework; library; server; servers; backend; frontend; architecture; microservice; "
    "microservices; thread; threads; encryption; protocol; version control; simulation; "
    "simulations; model; models; modelling; modeling; statistics; statistical; dataset; "
    "datasets; spreadsheet; spreadsheets; forecast; budget; audit; circuit; circuits; sensor; "
    "sensors; robot; robots; robotics; prototype; prototypes; cad; machining; assay; assays; "
    "protein; proteins; genome; genomics; sequencing; experiment; experiments; hypothesis; "
    "hypotheses; optimisation; optimization; calculus; equation; equations; matrix; fluid; "
    "thermodynamics; control system; signal processing; dosage; care plan; curriculum; "
    "lesson plan; user interface; usability; requirements; specification; root cause; load; "
    "index; indexes; replica; container; containers; cluster"
)

_STATE_LIST = """
needed wanted liked loved seemed hoped wished interested supposed excited used enjoyed tried
believed thought felt assumed graduated majored minored lived decided concerned involved based
related called named looked happened tired scared married bored born passed ended worried hated
preferred mentioned heard
"""
_STATES = frozenset(_STATE_LIST.split())
_IRREGULAR_LIST = """
began bought brought built came caught chose cut did dealt designed drew drove fixed flew found
gave got grew held hired kept knew laid led left made met oversaw paid planned put ran rebuilt
redid rewrote said sat sent set shot showed sold spent split spoke stood swam taught told took
understood went won wrote
"""
_IRREGULAR = frozenset(_IRREGULAR_LIST.split()) - {"got", "knew", "came", "went", "said"}
_NOW_LIST = """
add adjust analyse analyze arrange ask automate build calculate call check choose clean coach
collect compare configure coordinate create debug decide define deliver deploy design develop
discuss document draw edit explain find fix guide handle help hire implement improve inspect
install introduce invite lead listen maintain make manage measure mentor merge model monitor
negotiate observe open operate order organise organize plan prepare present program prototype
publish record reduce refactor remove repair replace report research review rewrite run schedule
sell set share simulate solve sort split study supervise support talk teach test track train
translate treat update verify visit watch write
"""
_NOW = frozenset(_NOW_LIST.split())


def is_done_now(word: str) -> bool:
    """The same in the present, as it stands behind "I" and "we"."""
    return word in _NOW


def is_done(word: str) -> bool:
    """A verb in the past that says what somebody did, and not how it was."""
    if word in _IRREGULAR:
        return True
    return (
        len(word) > 4 and word.endswith("ed") and not word.endswith("eed") and word not in _STATES
    )

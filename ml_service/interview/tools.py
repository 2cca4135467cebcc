"""Tools with the name of somebody or something else (Jenkins, Swift, Go), told by their context.

"With Jenkins" behind a verb of building, "in Rust", "using Spark" and "a Kafka topic" name a tool;
as a subject, behind "my colleague" and beside a family name the same word names somebody. What
people are called by first name needs more: "built it with Ruby" tells of a colleague.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ml_service.interview.cues import is_done

_TOOL_LIST = """
Access Ada Airflow Angular Ansible Athena Azure Bash Beam Blender Boot C Cassandra Celery Cerner
Chef Clojure Consul Cypress Dart Dask Databricks Delphi Django Elixir Ember Epic Erlang Express
FastAPI Flask Flink Flutter Fortran Go Grafana Groovy Gradle Haskell Helm Hive Jenkins Jest Jira
Julia Kafka Keras Kotlin Lambda Laravel Looker Lua Maven Maya Next.js Nginx Node.js Notion Nuxt
Oracle Outlook Pandas Phoenix Polars PowerBI Prometheus Puppet R Rails Ray React Ruby Rust Sage
Scala Selenium Slack Snowflake Spark Spring Sketch Storm Svelte Swift Symfony Teams Trello Unity
Vault Vue Vue.js Word Xero Zapier Zig
"""
TOOLS = frozenset(_TOOL_LIST.split())
_FIRST_NAMES = frozenset(
    {"Ada", "Angular", "Cassandra", "Julia", "Maya", "Ray", "Ruby", "Sage", "Phoenix", "Athena"}
)
_VENDORS = frozenset({"Apache", "Microsoft", "Amazon", "Google", "AWS", "MS", "Apple", "Adobe"})
_VENDORS_IN_SMALL = frozenset(map(str.casefold, _VENDORS))
_IN_A_NAMESAKE = frozenset({"in", "using", "via"})
_IN = frozenset({"in", "using", "via", "use", "used", "uses"})
_SET_UP = frozenset({"installed", "configured", "deployed", "programmed", "coded", "wrote"})
_LEARNED = frozenset({"learned", "learnt", "learning", "chose", "adopted", "write", "writing"})
_WORK_LIST = """
worked work working experience experienced familiar comfortable started began proficient skilled
"""
_AT_WORK = frozenset(_WORK_LIST.split())
_BUILDING_LIST = """
analysed analyzed automated build building built calculated cleaned coded computed configured
containerised containerized created deployed designed developed drew drafted extracted generated
implemented indexed loaded made managed migrated modelled modeled monitored parsed plotted
prepared processed programmed queried rebuilt replaced rewrote rewritten scheduled scripted
simulated solved sped stored streamed tested tracked trained visualised visualized wrote written
"""
_BUILDING = frozenset(_BUILDING_LIST.split())
_NOUN_LIST = """
api app application applications apps backend broker build builds cluster clusters code codebase
component components consumer container dashboard dashboards database developer document documents
engine files framework frontend functions job jobs library macro macros microservice microservices
model models module modules package packages pipeline pipelines plugin process producer program
programs project projects queries query queue report repository script scripts server servers
service services site stack syntax system table tables template templates test tests topic topics
warehouse web website workflow workflows
"""
_NOUNS = frozenset(_NOUN_LIST.split())
_PERSON_LIST = """
assistant boss called coach cofounder colleague coworker co-worker dr friend intern lead manager
mentor met mr mrs ms named partner professor student supervisor teammate
"""
_PEOPLE = frozenset(_PERSON_LIST.split())
_ACTS = frozenset({"who", "whose", "said", "told", "was", "is", "has", "had", "says", "wanted"})
_OPENING_LIST = """
a about after all also although an and another as at because before both but by did each every
finally first for from had have having here how if in instead it later learning like most my next
no not now of on once one only our since so some sometimes that the then there these this those
through to under until use used using via we when where while why with without writing yes
"""
_OPENING = frozenset(_OPENING_LIST.split())
_JOINS = frozenset({"and", "or", "plus", "versus", "vs"})


def tool_flags(words: Sequence[str], *, is_term: Callable[[str], bool]) -> list[bool]:
    """For each of the words of one sentence, as they were written: whether it is such a tool."""
    if TOOLS.isdisjoint(words):
        return [False] * len(words)
    small = [word.casefold() for word in words]
    flags = [
        word in TOOLS and not _is_borne(words, at, is_term) and _is_worked_with(word, small, at)
        for at, word in enumerate(words)
    ]
    known = [flag or is_term(word) for flag, word in zip(flags, words, strict=True)]
    for order in (range(len(words)), range(len(words) - 1, -1, -1)):
        for at in order:
            if _may_join(words, at) and not _is_borne(words, at, is_term):
                flags[at] = flags[at] or _is_beside(known, small, at)
                known[at] = known[at] or flags[at]
    return flags


def _is_borne(words: Sequence[str], at: int, is_term: Callable[[str], bool]) -> bool:
    """Beside another name, or behind what somebody is."""
    before, behind = _at(words, at - 1), _at(words, at + 1)
    if before.casefold() in _PEOPLE or behind in {"who", "whose"} or _is_name(behind, is_term):
        return True
    opens = at == 1 and before.casefold() in _OPENING
    return not opens and before not in _VENDORS and _is_name(before, is_term)


def _is_name(word: str, is_term: Callable[[str], bool]) -> bool:
    return word[:1].isupper() and word != "I" and word not in TOOLS and not is_term(word)


def _is_worked_with(word: str, small: Sequence[str], at: int) -> bool:
    front = at - 1 if _at(small, at - 1) in _VENDORS_IN_SMALL else at
    before, behind = _at(small, front - 1), _at(small, at + 1)
    if behind in _NOUNS or before in (_IN_A_NAMESAKE if word in _FIRST_NAMES else _IN):
        return True
    if word in _FIRST_NAMES or front == 0:
        return False
    if before == "with":
        return _is_built(small[: front - 1])
    return before in _SET_UP | _LEARNED


def _is_built(small: Sequence[str]) -> bool:
    """By the last verb before "with": "built and discussed it with Jenkins" is a talk."""
    if small and small[-1] == "together":
        return False
    verbs = (one for one in reversed(small) if one in _BUILDING | _AT_WORK or is_done(one))
    last = next(verbs, "")
    return last in _BUILDING or last in _AT_WORK


def _may_join(words: Sequence[str], at: int) -> bool:
    behind = _at(words, at + 1).casefold()
    return words[at] in TOOLS - _FIRST_NAMES and behind not in _ACTS and not is_done(behind)


def _is_beside(known: Sequence[bool], small: Sequence[str], at: int) -> bool:
    """``Python, Go and Rust``."""
    for step in (-1, 1):
        beside = at + step
        if _at(small, beside) in _JOINS:
            beside += step
        if 0 <= beside < len(known) and known[beside]:
            return True
    return False


def _at(words: Sequence[str], at: int) -> str:
    return words[at] if 0 <= at < len(words) else ""

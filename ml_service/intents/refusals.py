"""The parts of a text that say what is not wanted: "don't delete anything, just export it".

A part begins where wanting or doing is denied and ends with its clause. Denying something else
refuses nothing: "I don't know which careers fit me", "why can't I find jobs".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ml_service.intents.slots.word_lists import words_listed

# What people ask this service to do, as one asks for it and with "-ing".
_DEEDS = (
    r"(?:delet|eras|remov|improv|compar|giv|tak|shar|prepar|practi[sc]|mak|rewrit|analys|analyz"
    r"|estimat|calculat|clos|purg|updat|chang|rat|scor)(?:e|ing)"
    r"|(?:wip|destroy|clear|cancel+|show|find|search|look|list|send|bring|suggest|recommend|match"
    r"|export|download|e-?mail|edit|fix|review|check|touch|polish|tell|explain|connect|call"
    r"|contact|transfer|talk|speak|chat|interview|ask|help|teach|coach|quiz|hand|forward|offer"
    r"|display|pull|discard|drop|read|open|print)(?:ing)?"
    r"|wipe|putt?(?:ing)?|gett?(?:ing)?|throw(?:ing)?|hid(?:e|ing)|apply(?:ing)?"
)
_MANNER = (
    r"(?: (?:really|actually|ever|even|currently|at all|yet|again|necessarily|certainly|now"
    r"|particularly|at the moment|absolutely|personally))*"
)
_I = (
    r"(?:\b(?:i|we)(?:['’](?:m|d|ve|re|ll)|m)?(?: (?:am|are|was|have|would|had|will|really|"
    r"absolutely|definitely|certainly|honestly|just|still))* )?"
)
_NOT = (
    r"(?:do not|don['’]?t|did not|didn['’]?t|would not|wouldn['’]?t|will not|won['’]?t|never"
    r"|no longer|not)"
)
_WISHES = (
    r"(?:wants?|wanted|wanting|wanna|needs?|needed|wish|care|intend|plan|mean|meant|asked?|asking"
    r"|require|like(?= to)|feel like|interested|looking|searching|seeking|planning|trying|going"
    r"(?= to)|here(?= to| for)|after)"
)
_TOWARDS = r"(?: (?:to|for|in|you to|you guys to|anyone to|anybody to|that you)\b)?"
_REFUSAL = re.compile(
    rf"(?<![\w'’-])(?:(?P<wish>{_I}(?:{_NOT}{_MANNER} {_WISHES}{_TOWARDS}"
    r"|(?:['’]d |would )?rather not|prefer not to|refuse to"
    r"|(?:have|see|got) no (?:need|wish|desire|intention|interest) (?:for|to|of|in))\b)"
    rf"|(?P<deed>(?:please |pls |plz |kindly |you )?(?:do not|don['’]?t|never|must not"
    rf"|mustn['’]?t|should not|shouldn['’]?t|not to)(?: (?:ever|you|dare|please|try to|bother"
    rf"(?: to| with)?|bother))*(?= (?:{_DEEDS})\b))"
    r"|(?P<plain>(?:there(?: is|['’]s) )?no need (?:for|to)(?: you to)?\b|no more\b"
    r"|(?:please )?(?:stop|quit)(?= \w+ing\b)"
    rf"|(?:without|instead of|rather than)(?= (?:{_DEEDS})\b)(?= \w+ing\b)))",
    re.IGNORECASE,
)
# Behind these a denial is a reason or a question, no wish.
_SUBORDINATING = words_listed("""
that which who where if when why because since whether what how whom while unless until although
though as someone people anyone
""")
_SUBJECTS = words_listed("i we they he she it jobs careers roles companies to would you")
_UNSTOPPABLE = words_listed("can't cannot cant don't dont never not non won't couldn't")
_STARTS = (
    r"(?:then|just|please|instead|only|i want|i need|i['’]d|i would|let me|let['’]s|show|find|give"
    r"|tell|get|search|list|look|send|export|download|delete|erase|remove|compare|help|improve|fix"
    r"|talk|connect|call|prepare|keep)"
)
_END = re.compile(
    r"[.!?;:\n()]|\s[-–—]+\s"
    r"|,(?!\s*(?:or|nor|my|any|your|even|not ever|ok|okay|thanks|thank|at all|please\s*$"
    r"|please[.!])\b)"
    r"|(?<!thing)\s(?:but|instead|rather|(?:just|only)(?! yet| now|\s*$))\b(?! of| than)"
    rf"|\s(?:and|so) (?={_STARTS}\b)",
    re.IGNORECASE,
)
# Whoever refuses these does not refuse what else the words say: to have something kept, to miss
# something, to be or to work as somebody; "not just", "nothing but".
_KEPT = re.compile(
    r"\s*(?:(?:to|you|you to|anyone|anyone to|us|any of|have|be) )*(?:keep|kept|stor|sav|hold|held"
    r"|retain|having|have|us(?:e|ing|ed)\b|process|track|collect|host|remember|miss|los(?:e|ing)"
    r"|wast|wait|forget|hesitat|mind|worry|leav|mov\w+ (?:away|from)|be\b|being\b|been\b"
    r"|work(?:ing)? \w"
    r"|just\b|only\b|simply\b|merely\b|anything (?:but|other|except|else)|less\b"
    r"|chang\w+ (?:my )?(?:job|career|city)|becom|stay|end up|go\b|pay|spend|commut|mess|fail"
    r"|look (?:bad|stupid|silly|like)|sound|seem|know\b)",
    re.IGNORECASE,
)
_KEPT_ANYWHERE = re.compile(
    r"\b(?:kept|stored|held|saved|retained|lying around|out there|(?:in|on) your"
    r"|with you|(?:in|on) (?:this|the|these) (?:site|website|servers?|systems?|pages?)"
    r"|chat ?bots?|bots?|robots?|machines?|computers?|ai|automated|algorithms?|recordings?)\b",
    re.IGNORECASE,
)
# "I don't need my account any more" wants it gone.
_GIVEN_UP = re.compile(
    r"\s*(?:(?:it|them|this|that|those|these|you|any of (?:it|this|that|them))\b.*"
    r"|(?:my|an|the|this|that|your|any)(?: \w+){0,3} (?:accounts?|profiles?|data|resumes?|cvs?"
    r"|results?|uploads?|histor(?:y|ies)|records?|service|site|files?)"
    r"(?: here| with you)?(?: any ?more| any longer| now)?)\s*",
    re.IGNORECASE,
)
# They want nothing by themselves.
_EMPTY = words_listed("""
a all also and any anything at but do even for hello hey hi i i'm if instead it just kindly listen
look me mean my no not now of ok okay only or please pls plz possible rather really said so sorry
still thank thanks that the then there to too well with yes yet you
""")
_WORD = re.compile(r"[\w'’]+")
_EDGES = " \t\n,;:.!?-–—"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Characters ``[start, end)``; ``wish`` is what is not wanted, without the denial."""

    start: int
    end: int
    wish: str


def refusals_of(text: str) -> tuple[Refusal, ...]:
    """In the order of the text, none over another."""
    return tuple(_refusals(text))


def rest_of(text: str, refusals: tuple[Refusal, ...]) -> str:
    """What is left when nobody refuses anything; "" where that wants nothing."""
    parts, end = [], 0
    for refusal in refusals:
        parts.append(text[end : refusal.start])
        end = refusal.end
    parts.append(text[end:])
    rest = " ".join(part.strip() for part in parts if part.strip(_EDGES)).strip(_EDGES)
    words = [word.lower().replace("’", "'") for word in _WORD.findall(rest)]
    return rest if set(words) - _EMPTY else ""


def _refusals(text: str) -> Iterator[Refusal]:
    at = 0
    while found := _REFUSAL.search(text, at):
        stop = _END.search(text, found.end())
        end = stop.start() if stop else len(text)
        wish = text[found.end() : end].strip()
        at = found.end()
        if _refuses(text, found) and not _is_kept(wish):
            yield Refusal(found.start(), end, wish)
            at = max(end, at)


def _refuses(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 24) : found.start()].rstrip(" \t")
    words = _WORD.findall(before)
    last = words[-1].lower().replace("’", "'") if words and before[-1] not in ".,;:!?" else ""
    if last in _SUBORDINATING:
        return False
    if found["deed"]:
        return last not in _SUBJECTS or found["deed"].lower().startswith(("you", "please"))
    return found["wish"] is not None or last not in _UNSTOPPABLE


def _is_kept(wish: str) -> bool:
    if not wish or _KEPT.match(wish) or _KEPT_ANYWHERE.search(wish):
        return True
    return _GIVEN_UP.fullmatch(wish) is not None

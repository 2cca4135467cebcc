"""What an advert asks for without a proper name: "experience managing budgets", "patient care".

English only. Read from what stands behind words that ask for ability ("experience in", "ability
to"), before them ("written communication skills"), or as a short item under a heading that
announces requirements. Left out: what a resume does not state (readiness to travel, the right to
work, strength, a driving record), traits of character that anybody claims, what the advert offers,
and phrases of nothing but such words as "relevant role".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ml_service.matching.mentions import stem
from ml_service.matching.phrase_words import EMPTY_WORDS, TRAIT_WORDS, names_activity

MAX_PHRASE_WORDS = 9
MAX_ITEM_WORDS = 8
NEARBY_WORDS = 6

_PRAISE = (
    r"(?:an?|the|good|strong|excellent|effective|sound|solid|proven|demonstrable|demonstrated|"
    r"extensive|significant|previous|prior|relevant|recent|great|exceptional|outstanding|advanced|"
    r"basic|working|expert|in[- ]depth|thorough|deep|broad|high|superior|considerable|appropriate|"
    r"professional|hands[- ]on|practical|clear|detailed|current|post[- ]registration|direct|some|"
    r"well[- ]developed|highly|fully|very|full|both|specific|substantial|successful|consistent)"
)
_BEHIND = re.compile(
    r"\b(?:"
    r"experience[ds]?(?:\s+(?:and|or)\s+\w+)?\s+(?:in|of|with|within|as|working(?:\s+(?:with|in|"
    r"within|as|on))?|for|at)|experience(?=\s+\w+ing\b)|"
    r"(?:knowledge|understanding|appreciation|awareness|command|mastery)\s+(?:of|in|about)|"
    r"(?:ability|able|capacity|capable|aptitude)\s+(?:to|of|for)|abilities\s+(?:to|in)|"
    r"(?:skills?|skilled|expertise|competen(?:ce|cy|t)|proficien(?:cy|t)|background|qualified|"
    r"grounding|track\s+record|record|confident|adept|versed|trained|interest)\s+(?:in|of|with)|"
    r"familiar(?:ity)?\s+with|responsible\s+for|specialis(?:ing|ed)\s+in|specializ(?:ing|ed)\s+in"
    r")\s+",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"((?:[\w'’&/-]+,?\s+){1,5}?)(?:skills?|experience|abilities|expertise|competenc(?:e|y|ies))\b"
    r"(?!\s+(?:in|of|with|within|as|working|for|at|to|\w+ing)\b)",
    re.IGNORECASE,
)
_OFFERED = re.compile(
    r"\b(?:gain(?:ing)?|develop(?:ing)?|offer(?:s|ed|ing)?|opportunit(?:y|ies)|your|our|their|its|"
    r"we|us|benefits?|provid(?:e|es|ed)\s+you|bring|broaden|enhance|improve|building|expand|"
    r"learn|training|depend(?:ing|ent)?|commensurate|based\s+on|patients?\s+with|wealth|"
    r"customers?|user|no|regardless)\b[^.;:]{0,40}$",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"\s*[,(–—-]?\s*\b(?:(?:is|are|would be|will be|to be|being|be)\s+)?(?:an?\s+)?(?:highly\s+|"
    r"strongly\s+|also\s+)?(?:required?|essential|desirable|desired|preferred|necessary|mandatory|"
    r"needed|advantage(?:ous)?|plus|beneficial|helpful|important|a must|must|expected|vital|ideal|"
    r"welcome)\b.*$"
    r"|\s+(?:is|are|was|were|would|will|should|which|that|who|where|when|because|so|if|as well as|"
    r"in order|such as|including|e\.?g|i\.?e|etc|within our|in our|at our|for our|to our|of our|"
    r"you|we|they|our|your)\b.*$",
    re.IGNORECASE,
)
_LEADING = re.compile(
    rf"^(?:{_PRAISE}|and|or|&|in|of|with|to|as|have|has|having|possess(?:es)?|demonstrat(?:e|es|ing)|"
    r"evidence|must|you|will|be|is|are|should|we|need|minimum|at least|all|any|related|similar|"
    r"\d+\+?|one|two|three|four|five|years?['’]?s?|months?|working|"
    r"effectively|successfully|independently|such as|including|through|their|using|following|"
    r"associated|other|various|both|the use of|use of)\s+",
    re.IGNORECASE,
)
_NOT_STATED = re.compile(
    r"\b(?:travel|relocat\w*|commut\w*|shifts?|rota|weekends?|evenings?|nights?|overtime|"
    r"on[- ]call|lift(?:ing)?|pounds?|lbs?|stand(?:ing)?|sit|bend|stoop|kneel|push|pull|climb|"
    r"visas?|sponsor\w*|right to work|citizen\w*|permit|eligib\w*|authori[sz]\w+|background check|"
    r"disclosure|dbs|vaccin\w*|covid\S*|drug|medical clearance|fingerprint\w*|references?|apply|"
    r"application|applicants?|candidates?|vacanc\w+|interview|salary|pension|benefits?|equal|"
    r"disabilit(?:y|ies) act|age|gender|race|religio\w+|vehicle|car|click|email|website|"
    r"phone|hourly|employment|status|department|degrees?|diploma|accommodation|hours?|flexib\w+|job|jobs|role|roles|post|position|positions|this|career|"
    r"opportunit\w+|person specification|see|contact)\b|https?:|@|£|\$|%",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’.&/+-][^\W_]+)*[+#]*")
_SPLIT = re.compile(r"[,;:()]\s*|\s+[-–—]\s+|\s+/\s+|\.(?:\s|$)")
_BEFORE_ITS_OBJECT = re.compile(
    rf"\b(?:with|for|of|in|between|from|have|has|having|to|as|by|possess\w*|demonstrat\w*|"
    rf"include|includes|including|require[sd]?|need|needs|must|{_PRAISE[3:-1]})\b",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|or|&|and/or|as well as)\s+", re.IGNORECASE)
_ABOUT_US = re.compile(
    r"\b(?:we|our|us|you|your|they|please|i|it|is|are|was|were|will|has|have|be|"
    r"this|these|company|trust|inc|llc|ltd)\b",
    re.IGNORECASE,
)


def phrases_in(clause: str, *, headed: bool = False) -> tuple[str, ...]:
    """As they are written, trimmed, each once, in their order.

    ``headed`` says that the clause stands under a heading that announces requirements: then its
    short items ask for something without further words.
    """
    found: dict[str, str] = {}
    for raw in _asked(clause, headed=headed):
        phrase = _trimmed(raw)
        key = " ".join(content_stems(phrase))
        if key and _says_something(phrase):
            found.setdefault(key, phrase)
    return tuple(found.values())


def content_stems(text: str) -> tuple[str, ...]:
    """Stems of the words that carry meaning, in their order, each once."""
    words = (word.casefold() for word in _WORD.findall(text))
    return tuple(dict.fromkeys(stem(word) for word in words if word not in EMPTY_WORDS))


def _asked(clause: str, *, headed: bool) -> Iterator[str]:
    cued = False
    for cue in _BEHIND.finditer(clause):
        cued = True
        if not _OFFERED.search(clause[: cue.start()]):
            yield from _items(clause[cue.end() :])
    for cue in _BEFORE.finditer(clause):
        cued = True
        if not _OFFERED.search(clause[: cue.end(1)]):
            yield from _items(_BEFORE_ITS_OBJECT.split(cue[1])[-1])
    if headed and not cued and not _ABOUT_US.search(clause):
        yield from (item for item in _items(clause) if _is_item(item))


def _is_item(text: str) -> bool:
    """Short, and no name of a person, a school or a street as they stand below such lists."""
    words = text.split()
    named = len(words) > 1 and all(word[:1].isupper() for word in words)
    return len(words) <= MAX_ITEM_WORDS and not (
        named and not any(map(names_activity, text.casefold().split()))
    )


def _items(text: str) -> Iterator[str]:
    """The first piece, and the short ones of a list behind it, each of its parts."""
    for at, piece in enumerate(_SPLIT.split(text)):
        if at and (len(piece.split()) > MAX_ITEM_WORDS or _ABOUT_US.search(piece)):
            return
        if _BEHIND.search(piece):
            return
        yield from _parts(piece)


def _parts(piece: str) -> Iterator[str]:
    """ "Planning lessons and marking homework" asks for two things, "health and safety" for one."""
    parts = _AND.split(piece)
    if all(len(content_stems(part)) > 1 for part in parts):
        yield from parts
    else:
        yield piece


def _trimmed(raw: str) -> str:
    phrase = _TRAILING.sub("", raw.strip(), count=1).strip(" .,;:-–—*•'’\"")
    while (shorter := _LEADING.sub("", phrase, count=1)) != phrase:
        phrase = shorter
    return " ".join(phrase.split()[:MAX_PHRASE_WORDS])


def _says_something(phrase: str) -> bool:
    """A single word must name an activity: "forecasting" says something, "create" too little."""
    if _NOT_STATED.search(phrase):
        return False
    words = [found.casefold() for found in _WORD.findall(phrase)]
    told = [word for word in words if word not in EMPTY_WORDS and word not in TRAIT_WORDS]
    told = [word for word in told if len(word) > 2 and not word.isdigit()]
    if len(content_stems(phrase)) > 1:
        return bool(told)
    return any(map(names_activity, told))


def stems_of(text: str) -> tuple[str, ...]:
    """Of every word, in their order: what ``stands_in`` looks through."""
    return tuple(stem(word) for word in _WORD.findall(text))


def stands_in(phrase: str, stems: Sequence[str]) -> bool:
    """All words of the phrase that carry meaning, as stems, near to each other."""
    wanted = set(content_stems(phrase))
    if not wanted or not wanted.issubset(stems):
        return False
    reach = len(phrase.split()) + NEARBY_WORDS
    return any(wanted.issubset(stems[at : at + reach]) for at in range(len(stems)))

"""The place in a request: behind a preposition, before a state's letters, or a known name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from ml_service.intents.slots.lines_of_work import is_line_of_work
from ml_service.intents.slots.place_cues import (
    AREAS,
    ARTICLES,
    AVOIDED,
    BACKGROUND,
    CENTRES,
    CUE,
    FIRST_OF_TWO,
    NOWHERE,
    PARTS,
    SITES,
    WHOLES,
)
from ml_service.intents.slots.place_text import PlaceText
from ml_service.intents.slots.spans import TAKEN, SlotSpan, meets, without

_BASED = re.compile(r"[- ]based$", re.IGNORECASE)
# What "-based" stands behind without naming a place.
_NO_BASES = frozenset({"home", "office", "field", "class", "web", "cloud", "school", "evidence"})
_BEHIND_PLACES = AREAS | CENTRES | {"based"}
_BETWEEN_PLACES = frozenset({"or", "and"})
_LINKED = re.compile(r"(?:or|and)\b|(?<=/)|(?<=/ )|(?<=&)|(?<=& )", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Place:
    """Words ``[first, end)``; ``start`` is the character where it or its preposition starts."""

    first: int
    end: int
    start: int


def place_of(text: str, refused: Sequence[SlotSpan] = ()) -> tuple[str | None, list[SlotSpan]]:
    """The first place that a preposition introduces, else the first that a name tells; where
    somebody lives or comes from only if there is no other.

    ``text`` is without what others took. Another place is set aside: a search has one. So is a
    place to keep away from.
    """
    avoided = [span for span in _avoided(PlaceText(text)) if not meets(span, refused)]
    text = without(text, avoided)
    aside = [SlotSpan("set_aside", *found.span()) for found in NOWHERE.finditer(text)] + avoided
    read = PlaceText(text)
    leaving = [SlotSpan("set_aside", *found.span()) for found in BACKGROUND.finditer(text)]
    homes: list[_Place] = []
    seen: list[SlotSpan] = []
    for place in chain(_introduced(read), _before_codes(read), _named(read)):
        span = _span(read, place)
        if meets(span, aside) or meets(span, refused) or meets(span, seen):
            continue
        home = next((one for one in leaving if one.start <= place.start < one.end), None)
        if home is None:
            lived_in = [replace(_span(read, one), slot="set_aside") for one in homes]
            return _chosen(read, place, aside + lived_in)
        homes.append(replace(place, start=home.start))
        seen.append(_span(read, homes[-1]))
    return _chosen(read, homes[0], aside) if homes else (None, aside)


def _chosen(read: PlaceText, place: _Place, aside: list[SlotSpan]) -> tuple[str, list[SlotSpan]]:
    words = read.words
    value = " ".join(read.text[words[place.first].start : words[place.end - 1].end].split())
    others = [other for other in _alternatives(read, place.end) if not meets(other, aside)]
    return _BASED.sub("", value), [*aside, _span(read, place), *others]


def _span(read: PlaceText, place: _Place) -> SlotSpan:
    end = read.words[_end_of_area(read, place.end) - 1].end
    return SlotSpan("location", place.start, end)


def _avoided(read: PlaceText) -> Iterator[SlotSpan]:
    """ "not in Berlin or Bonn", "except Leeds", "outside the US"."""
    end = 0
    for cue in AVOIDED.finditer(read.text):
        place = _behind(read, cue) if cue.start() >= end else None
        if place is None:
            continue
        others = list(_alternatives(read, place.end))
        while others and not _LINKED.match(read.text, others[-1].start):
            others.pop()  # "not Leeds, York": York may well be meant
        area = read.words[_end_of_area(read, place.end) - 1].end
        end = others[-1].end if others else area
        yield SlotSpan("set_aside", place.start, end)


def _introduced(read: PlaceText) -> Iterator[_Place]:
    for cue in CUE.finditer(read.text):
        place = _behind(read, cue)
        if place is not None:
            yield place


def _behind(read: PlaceText, cue: re.Match[str]) -> _Place | None:
    whole = WHOLES.match(read.text, cue.end())
    first = read.number_at(whole.end() if whole else cue.end())
    if first is None or read.words[first].lower in ARTICLES:
        return None
    has_article = read.words[first].lower == "the" and read.known_end(first) is None
    first += has_article
    if first >= len(read.words) or TAKEN in read.text[cue.start() : read.words[first].start]:
        return None
    end = read.certain_end(first)
    if cue["weak"] is not None:
        end = _site_end(read, first) if end is None or read.is_something_else(end) else end
    elif end is None:
        end = read.likely_end(first, is_near=bool(cue["near"]), has_article=has_article)
    return None if end is None else _Place(first, read.with_regions(end, first=first), cue.start())


def _site_end(read: PlaceText, first: int) -> int | None:
    """Of "Schiphol Airport", "Isle of Skye"."""
    end = read.capitalised_end(first)
    ends = set() if end is None else {*read.lower(first, first + 1), *read.lower(end - 1, end)}
    return end if ends & SITES else None


def _before_codes(read: PlaceText) -> Iterator[_Place]:
    """ "Beaumont, TX" without a preposition."""
    words = read.words
    for at in range(1, len(words)):
        if not read.is_code_in_capitals(at) or words[at].before.strip() != ",":
            continue
        first = at - 1
        while first and words[first - 1].lower in FIRST_OF_TWO and words[first].is_joined:
            first -= 1
        if words[first].is_capitalised and not is_line_of_work([words[first].lower]):
            yield _Place(first, at + 1, words[first].start)


def _named(read: PlaceText) -> Iterator[_Place]:
    words = read.words
    for at, word in enumerate(words):
        base, _, based = word.lower.rpartition("-")
        if based == "based" and base and base not in _NO_BASES:
            yield _Place(at, at + 1, word.start)
        end = read.bare_end(at)
        # "University of Leeds", "Bank of America"
        is_owned = at > 0 and word.is_joined and words[at - 1].lower == "of"
        if end is None or is_owned or read.is_something_else(end):
            continue
        first = at
        while first and words[first].is_joined and words[first - 1].lower in PARTS:
            first -= 1
        yield _Place(first, read.with_regions(end, first=first), words[first].start)


def _end_of_area(read: PlaceText, end: int) -> int:
    """Behind "area" and "based", which the place does not need."""
    words = read.words
    while end < len(words) and words[end].is_joined and words[end].lower in _BEHIND_PLACES:
        end += 1
    return end


def _alternatives(read: PlaceText, at: int) -> Iterator[SlotSpan]:
    """ "or Leeds", ", Munich" directly behind the place."""
    words = read.words
    while at < len(words):
        start = at
        if words[at].is_joined and words[at].lower in _BETWEEN_PLACES:
            at += 1
        elif words[at].before.strip() not in {",", "/", "&"}:
            return
        while at < len(words) and words[at].lower in _BETWEEN_PLACES | {"in", "near", "around"}:
            at += 1
        is_near_by = at == start or (at < len(words) and words[at].is_joined)
        end = (read.known_end(at) or read.capitalised_end(at)) if is_near_by else None
        if end is None or is_line_of_work(read.lower(at, end)):
            return
        yield SlotSpan("set_aside", words[start].start, words[end - 1].end)
        at = end

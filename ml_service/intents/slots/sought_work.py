"""What is left of a request is the work that is looked for, in the person's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ml_service.intents.slots.fillers import (
    ADVERTS,
    ADVERTS_AT_ENDS,
    ANYWHERE,
    EMPTY,
    EMPTY_FIRST,
    EMPTY_LAST,
    FIRST,
    JOINING,
    KEPT_AFTER_ADVERT,
    KEPT_WORK,
    PRAISE,
    PRAISE_KEPT_BEFORE,
    UNWANTED,
)
from ml_service.intents.slots.spans import TAKEN, SlotSpan, Word, without, words_of

MAX_QUERY_CHARACTERS = 200
_BREAK = re.compile(rf"[{TAKEN}?!;:()\[\]\"“”|\n]|\.\s|\s[-–—]\s")
_SHORTENED = frozenset({"sr", "jr", "st", "dr", "asst", "mgr", "eng", "dept"})
_KEPT_BETWEEN = re.compile(r"[^\s,/&+.-]")
_ENDS = " ,;:!?\"'“”‘’()[]{}-–—…/|*&"


def sought_work_of(text: str) -> tuple[str, list[SlotSpan]]:
    """Lower case, at most 200 characters, "" where no work is named. "Not in sales" is set aside.

    ``text`` is without what others took.
    """
    unwanted = [SlotSpan("set_aside", *found.span()) for found in UNWANTED.finditer(text)]
    text = without(text, unwanted)
    pieces = [piece for piece in map(_trimmed, _pieces(_without_requests(text))) if piece]
    pieces = _without_outer_joints(pieces)
    query = _cut(_joined(pieces).lower())
    spans = [SlotSpan("query", piece[0].start, piece[-1].end) for piece in pieces]
    return query, unwanted + (spans if query else [])


def _without_requests(text: str) -> str:
    text = without(text, (SlotSpan("query", *found.span()) for found in ANYWHERE.finditer(text)))
    while True:
        start = re.match(rf"[\s{TAKEN}\W]*", text)
        found = FIRST.match(text, start.end() if start else 0)
        if not found or found.end() == found.start():
            return text
        text = without(text, [SlotSpan("query", *found.span())])


def _pieces(text: str) -> Iterator[list[Word]]:
    """Words that stand together, without the words for adverts between them."""
    piece: list[Word] = []
    words = words_of(text)
    for at, word in enumerate(words):
        if piece and _is_apart(word, behind=piece[-1]):
            yield piece
            piece = []
        if _is_advert(words, at):
            yield piece
            piece = []
        else:
            piece.append(word)
    yield piece


def _is_apart(word: Word, *, behind: Word) -> bool:
    if word.before.strip(" ") == "." and behind.lower in _SHORTENED:
        return False
    return "," in word.before or _BREAK.search(word.before) is not None


def _is_advert(words: Sequence[Word], at: int) -> bool:
    word = words[at].lower
    following = words[at + 1] if at + 1 < len(words) else None
    if following is not None and not following.is_joined:
        following = None
    if word in ADVERTS:
        return following is None or following.lower not in KEPT_AFTER_ADVERT
    if word not in ADVERTS_AT_ENDS:
        return False
    before = words[at - 1].lower if at and words[at].is_joined else ""
    if word == "work" and before in KEPT_WORK:
        return False
    if following is None or following.lower in JOINING or following.lower in ADVERTS:
        return True
    is_noun = word not in {"working", "employed"}
    return is_noun and not before and following.lower not in KEPT_AFTER_ADVERT


def _trimmed(piece: list[Word]) -> list[Word]:
    """Without empty words at both ends."""
    start, end = 0, len(piece)
    while start < end and _is_empty_at_start(piece[start:end]):
        start += 1
    while end > start and piece[end - 1].lower in EMPTY | EMPTY_LAST:
        end -= 1
    return piece[start:end]


def _is_empty_at_start(words: Sequence[Word]) -> bool:
    if words[0].lower in PRAISE:
        return len(words) == 1 or words[1].lower not in PRAISE_KEPT_BEFORE
    return words[0].lower in EMPTY


def _without_outer_joints(pieces: Iterable[list[Word]]) -> list[list[Word]]:
    """ "in finance" stays behind other words, and is "finance" where it begins the query."""
    kept: list[list[Word]] = []
    for piece in pieces:
        rest = piece
        while not kept and rest and rest[0].lower in EMPTY_FIRST:
            rest = _trimmed(rest[1:])
        if rest:
            kept.append(rest)
    return kept


def _joined(pieces: Sequence[Sequence[Word]]) -> str:
    text = ""
    for piece in pieces:
        soft = text and re.fullmatch(r"\s*,\s*", piece[0].before)
        text += (", " if soft else " ") if text else ""
        text += piece[0].text
        for word in piece[1:]:
            between = " ".join(word.before.split(" "))
            text += (" " if _KEPT_BETWEEN.search(between) else between) + word.text
    return " ".join(text.split())


def _cut(query: str) -> str:
    if len(query) > MAX_QUERY_CHARACTERS:
        query = query[: MAX_QUERY_CHARACTERS + 1].rpartition(" ")[0] or query[:MAX_QUERY_CHARACTERS]
    return query.strip(_ENDS).rstrip(".")

"""What stands in the head of a work entry: title, employer, place, each on its own or glued."""

from __future__ import annotations

import re

from ml_service.analysis.contact import looks_like_place
from ml_service.analysis.folding import is_bullet, words_of
from ml_service.analysis.title_words import has_occupation, is_headline, is_title_word

_PLACEHOLDER = re.compile(
    r"Company\s?Name|ï¼\S*|â€“|City\s?,\s?State(?:\s?,\s?[A-Za-z]+)?|\bCity\b\s*$|[\u200b\ufeff]"
)
_SPLIT = re.compile(r"\s*[|•·●–—\u00ad\t]\s*|\s+-\s+|\s{3,}|,\s(?=[A-Z])|\s+@\s+|\s+at\s+(?=[A-Z])")
_ORGANISATION_TEXT = (
    "inc llc ltd llp plc gmbh ag corp corporation company co university college school hospital "
    "bank group systems labs laboratories institute agency department ministry foundation center "
    "centre church restaurant hotel clinic army navy airlines sa srl spa kg nonprofit academy "
    "technologies solutions partners associates industries enterprises society association "
    "universität hochschule université universidad universidade università store"
)
_ORGANISATION = frozenset(_ORGANISATION_TEXT.split())
_CONNECTORS_TEXT = "of and the & for in to / - de la du des der die und y e et"
_CONNECTORS = frozenset(_CONNECTORS_TEXT.split())
_MAX_HEAD_WORDS = 14
_MAX_POSITION_WORDS = 12


def has_placeholder(text: str) -> bool:
    """True where a producer printed "Company Name" in place of an employer."""
    return re.search(r"Company\s?Name", text) is not None


def is_head_line(text: str) -> bool:
    """Short, not a bullet, not a sentence: may belong to the head of an entry."""
    stripped = text.strip()
    if not stripped or is_bullet(stripped):
        return False
    if stripped[0].islower() and not is_position(stripped):
        return False
    if has_placeholder(stripped):
        return True
    return len(stripped.split()) <= _MAX_HEAD_WORDS and not stripped.endswith((".", ";", ":", ","))


def pieces_of(text: str) -> list[str]:
    """Parts of a head line between marks; the placeholder and empty parts are left out."""
    plain = _PLACEHOLDER.sub(" | ", text)
    parts = (part.strip(" ,;:()-–—") for part in _SPLIT.split(plain))
    return [part for part in parts if part and any(mark.isalpha() for mark in part)]


def is_position(piece: str) -> bool:
    """True for a job title by itself, not for a sentence in which one occurs."""
    words = piece.split()
    plain = [word for word in words if word[:1].islower() and word not in _CONNECTORS]
    if len(words) > _MAX_POSITION_WORDS or (len(plain) > 1 and len(plain) < len(words)):
        return False
    named = has_occupation(piece) or len(words) > 1
    return named and is_headline(piece) and not _ends_as_organisation(piece)


def is_in_plural(position: str) -> bool:
    """``Castle Peak Contractors`` is an employer as soon as another title stands beside it."""
    last = position.rsplit(maxsplit=1)[-1]
    return last.endswith("s") and has_occupation(last[:-1])


def is_organisation(piece: str) -> bool:
    return any(word in _ORGANISATION for word in words_of(piece))


def is_place(piece: str) -> bool:
    return looks_like_place(piece) or re.fullmatch(r"[A-Z]{2}|Remote|USA|UK", piece) is not None


def is_sentence(text: str) -> bool:
    words = text.split()
    lower = sum(word[:1].islower() for word in words)
    return len(words) > 5 and lower > len(words) * 0.5


def leading_title(text: str) -> str | None:
    """``Executive Sous Chef`` of "Executive Sous Chef In charge of daily operations"."""
    title: list[str] = []
    for word in text.split():
        bare = word.strip(",.:;()")
        if not (bare[:1].isupper() or bare.casefold() in _CONNECTORS or bare in {"I", "II"}):
            break
        title.append(word)
        if word.endswith((".", ":", ";")):
            break
    while title and not has_occupation(title[-1]):
        title.pop()
    known = [word for word in title if is_title_word(word.strip(",.:;()"))]
    return " ".join(title).strip(" ,.:;") if known and len(title) <= _MAX_POSITION_WORDS else None


def _ends_as_organisation(piece: str) -> bool:
    words = words_of(piece)
    return bool(words) and words[-1] in _ORGANISATION - {"partners", "associates", "store"}

"""What stands in the head of a work entry: title, employer, place, each on its own or glued."""

from __future__ import annotations

import re

from ml_service.analysis.person.contact import looks_like_place
from ml_service.analysis.phrases.folding import is_bullet, is_numbered
from ml_service.analysis.phrases.organisations import (
    ends_as_organisation,
    has_legal_form,
    is_organisation,
)
from ml_service.analysis.phrases.places import without_place
from ml_service.analysis.phrases.title_words import has_occupation, is_headline, is_title_word

_PLACEHOLDER = re.compile(
    r"Company\s?Name(?:\s+ï¼\S*\s+State\s*$)?|ï¼\S*|â€“|City\s?,\s?State(?:\s?,\s?[A-Za-z]+)?|\bCity\b\s*$|[\u200b\ufeff]"
)
_LABELS = re.compile(
    r"\b(?:Dates?|Duration|Period|Tenure|Zeitraum|Company|Employer|"
    r"Organi[sz]ation|Position|Designation|Role|Job Title|Title|Client)\s*(?:\d\s*)?:|"
    r"\b(?:Location|Place|Ort|Lieu|Lugar|Local|Luogo)\s*:.*$|"
    r"(?:https?://|www\.)\S+"
)
_STRONG = re.compile(
    r"\s*[|•·●–—\u00ad\t]\s*|\s+-\s+|\s{3,}|\s+@\s+|\s+(?:at|bei|chez)\s+(?=[A-Z])"
)
_COMMA = re.compile(
    r",\s(?=[A-ZÀ-Þ])(?!(?:Inc|LLC|L\.L\.C|Ltd|Limited|LLP|PLC|Corp|GmbH|Co|S\.A|SA|N\.A)(?:[.\s,]|$))"
)
_AMOUNT = re.compile(r"[$€£]?\d[\d.,]{0,20}[%+]?\s+[a-z]")
_BRACKETED = re.compile(r"\s*\([^)]*\)")
_CONNECTORS_TEXT = "of and the & for in to / - de la du des der die und y e et"
_CONNECTORS = frozenset(_CONNECTORS_TEXT.split())
_VERBS_TEXT = (
    "built led ran grew wrote made held kept taught won cut sold oversaw drove spoke gave took "
    "set began brought chose did met put read sent spent"
)
_VERBS = frozenset(_VERBS_TEXT.split())
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
    if _AMOUNT.match(stripped) or _is_numbered_sentence(stripped):
        return False
    if has_placeholder(stripped):
        return True
    if stripped.endswith(".") and has_legal_form(stripped[-14:]):
        stripped = stripped[:-1]
    return len(stripped.split()) <= _MAX_HEAD_WORDS and not stripped.endswith((".", ";", ":", ","))


def _is_numbered_sentence(text: str) -> bool:
    """``1. Led the migration``: an item of a list, while ``1. Cook, Globex Inc`` may be a head."""
    if not is_numbered(text):
        return False
    return begins_with_past(text.split(maxsplit=1)[1])


def groups_of(text: str) -> list[list[str]]:
    """Parts of a head line between strong marks, each in its parts between commas.

    Placeholders, labels and places are left out; so is what holds no letter.
    """
    plain = _LABELS.sub(" | ", _PLACEHOLDER.sub(" | ", text))
    groups = []
    for part in _STRONG.split(plain):
        group = [_trimmed(piece) for piece in _COMMA.split(without_place(part))]
        named = [piece for piece in group if any(map(str.isalpha, piece))]
        named = [piece for piece in named if has_legal_form(piece) or not is_place(piece)]
        if named:
            groups.append(named)
    places = [group for group in groups if _is_place_of_two(group)]
    return [group for group in groups if group not in places] or groups


def pieces_of(text: str) -> list[str]:
    """Parts of a head line between marks of any kind, in order."""
    return [piece for group in groups_of(text) for piece in group]


def _is_place_of_two(pieces: list[str]) -> bool:
    """``Bhopal, Bundelkhand``: two words and a comma that name neither a title nor an employer."""
    if len(pieces) != 2 or not is_place(", ".join(pieces)):
        return False
    return not any(is_position(piece) or is_organisation(piece) for piece in pieces)


def _trimmed(piece: str) -> str:
    """Without marks at the edges, and without a bracket that has lost its other half."""
    bare = piece.strip(" ,;:-–—")
    if bare.count("(") != bare.count(")"):
        bare = bare.strip("()").strip(" ,;:-–—")
    return bare if has_legal_form(bare) else bare.rstrip(".")


def is_position(piece: str) -> bool:
    """True for a job title by itself, not for a sentence in which one occurs."""
    piece = _BRACKETED.sub("", piece)
    words = piece.split()
    plain = [word for word in words if word[:1].islower() and word not in _CONNECTORS]
    if len(words) > _MAX_POSITION_WORDS or (len(plain) > 1 and len(plain) < len(words)):
        return False
    named = has_occupation(piece) or len(words) > 1
    return named and is_headline(piece) and not ends_as_organisation(piece)


def is_in_plural(position: str) -> bool:
    """``Castle Peak Contractors`` is an employer as soon as another title stands beside it."""
    last = position.rsplit(maxsplit=1)[-1]
    return last.endswith("s") and has_occupation(last[:-1])


def is_place(piece: str) -> bool:
    return looks_like_place(piece) or re.fullmatch(r"[A-Z]{2}|Remote|USA|UK", piece) is not None


def begins_with_past(text: str) -> bool:
    """``Led the migration``, ``Closed the books``."""
    first = text.split(maxsplit=1)[0].casefold()
    return first in _VERBS or (first.endswith("ed") and len(first) > 4)


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

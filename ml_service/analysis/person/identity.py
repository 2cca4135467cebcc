"""Which lines say who somebody is, told from position and form, never from a list of names.

The lines before the first section are the header. When the document holds contact data, the first
of them that has the form of a name is the name, whatever it says; everything else in the header
goes as well, unless it is a job title or a sentence. So two people with the same resume lose the
same lines. Without contact data a first line that reads as a job title is kept as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ml_service.analysis.headings import heading_kind, is_personal_heading
from ml_service.analysis.person.contact import (
    SEPARATOR,
    find_email,
    has_contact,
    has_email_or_phone,
    looks_like_address,
    looks_like_place,
    without_contact,
)
from ml_service.analysis.person.name_words import HONORIFIC
from ml_service.analysis.phrases.dates import find_range
from ml_service.analysis.phrases.folding import (
    LETTER,
    WORD,
    close_letter_spacing,
    fold,
    is_bullet,
    letters_only,
)
from ml_service.analysis.phrases.title_words import (
    is_credential,
    is_headline,
    is_title_word,
    names_distinct_occupation,
    names_shared_occupation,
)
from ml_service.domain.document import Line
from ml_service.domain.resume import Section

_MAX_HEADER_LINES = 14
_MAX_NAME_WORDS = 6
_MAX_NAME_COMMAS = 8
_LARGE = 1.2

PRONOUNS_STATED = re.compile(
    r"[(\[]?\s*(?:pronouns?\s*:?\s*)?\b(?:she|he|they|ze|xe)\s*/\s*"
    r"(?:hers|her|him|his|them|theirs|their|she|he|they|any|zir|hir|xem)"
    r"(?:\s*/\s*(?:hers|his|theirs|her|him|them|their|ella|elle|él|elles?|sie|er))?\b\s*[)\]]?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:full\s+)?(?:name|nombre|nome|nom)\s*[:\-–]\s*"
    r"|^(?:resume|résumé|cv|curriculum vitae)\s*(?:\s(?:of|for)\s|[:–-])\s*"
    r"|(?:['’]s?)?\s+(?:resume|résumé|cv|curriculum vitae)$",
    re.IGNORECASE,
)
_LABELS_TEXT = (
    "resume|cv|curriculum vitae|curriculumvitae|lebenslauf|curriculo|hoja de vida|page|"
    "linkedin|github|"
    "email|e-mail|phone|mobile|address|website|portfolio|twitter"
)
_LABELS = frozenset(_LABELS_TEXT.split("|"))
_NAME = re.compile(
    rf"{LETTER}(?:{LETTER}|['’`´.‑\-])*"
    rf"(?:[ '’`´.,‑\-_]{{1,3}}{LETTER}+\.?|[ ]?[(\"“]{LETTER}+[)\"”])*\.?"
)
_FUNCTION_WORDS_TEXT = (
    "with and in of to for the a an as is by from on at that who my i mit und in der die das für "
    "von zu avec et en des les pour dans con y para com e em no na per il"
)
_FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_TEXT.split())
_PARTICLES_TEXT = "de del della der den di da do dos das la las le los van von bin al el y"
_PARTICLES = frozenset(_PARTICLES_TEXT.split())
_MIN_OWN = 4
_BASED_IN = re.compile(
    r"\b(?:based|located|living|residing|resident|wohnhaft|basado|basé)\s+(?:in|en|à|em)\b.*$", re.I
)


@dataclass(frozen=True, slots=True)
class Identity:
    """``name`` as written; ``kept`` maps each line that names somebody to what may stay of it.

    Keys of ``kept`` are ``Line.order``; an empty text means that nothing stays. ``places`` are the
    addresses and places of these lines, folded.
    """

    name: str | None
    kept: Mapping[int, str]
    header: tuple[Line, ...]
    places: frozenset[str] = frozenset()


def find_identity(lines: Sequence[Line], sections: Sequence[Section]) -> Identity:
    if not lines:
        return Identity(None, {}, ())
    header = _header(lines, sections)
    personal = _personal(lines, sections)
    reachable = any(has_contact(line.text) for line in (*header, *personal)) or any(
        has_email_or_phone(line.text) for line in lines
    )
    named = _name_lines(lines, header, reachable=reachable) or _named_by_address(lines)
    lines_of_contact = (*personal, *header) if reachable else personal
    kept = {line.order: _rest_of_header(line.text) for line in lines_of_contact}
    kept.update({line.order: _after_name(line.text) for line in named})
    name = " ".join(_name_part(line.text) for line in named) if reachable else ""
    return Identity(name or None, kept, header, _places(line.text for line in lines_of_contact))


def _places(texts: Iterable[str]) -> frozenset[str]:
    segments = (part for text in texts for part in _segments(text))
    bare = (part.rpartition(":")[2].strip() for part in segments)
    return frozenset(
        fold(part)
        for part in bare
        if (looks_like_place(part) or looks_like_address(part))
        and not names_distinct_occupation(part)
    )


def _header(lines: Sequence[Line], sections: Sequence[Section]) -> tuple[Line, ...]:
    """Lines before the first section, but no further than a bullet or a range of dates."""
    first = min((section.heading_line for section in sections), default=lines[-1].order + 1)
    header: list[Line] = []
    for line in lines:
        ends = not has_contact(line.text) and (
            is_bullet(line.text) or find_range(line.text) is not None
        )
        if line.order >= first or len(header) == _MAX_HEADER_LINES or (ends and header):
            break
        header.append(line)
    return tuple(header)


def _personal(lines: Sequence[Line], sections: Sequence[Section]) -> tuple[Line, ...]:
    orders = {
        order
        for section in sections
        if is_personal_heading(section.heading)
        for order in (section.heading_line, *range(section.start_line, section.end_line + 1))
    }
    return tuple(line for line in lines if line.order in orders)


def _name_lines(
    lines: Sequence[Line], header: Sequence[Line], *, reachable: bool
) -> tuple[Line, ...]:
    """The line or lines of the name: the largest print if one stands out, else the first."""
    candidates = [line for line in header if _has_name_form(line.text)]
    if not reachable:
        first = [line for line in candidates[:1] if line.order == header[0].order]
        return tuple(line for line in first if not _is_mostly_title(line.text))
    candidates = [line for line in candidates if not _is_all_title(line.text)]
    large = _largest(lines)
    if large:
        return large
    return tuple(candidates[:1])


def _named_by_address(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The first line anywhere that could be a name and whose words the e-mail address holds: a
    rail with the contact may be read before the name.
    """
    address = find_email([line.text for line in lines])
    if address is None:
        return ()
    mailbox = letters_only(address.partition("@")[0])
    for line in lines:
        if _has_name_form(line.text) and not _is_mostly_title(line.text):
            words = [letters_only(word) for word in WORD.findall(_name_part(line.text))]
            if len(words) > 1 and any(len(word) >= _MIN_OWN and word in mailbox for word in words):
                return (line,)
    return ()


def _largest(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Up to two neighbouring lines of the first page in clearly the largest print."""
    sized = [line for line in lines if line.font_size is not None and line.page == lines[0].page]
    sizes = sorted({line.font_size for line in sized if line.font_size is not None}, reverse=True)
    if len(sizes) < 2:
        return ()
    top = [line for line in sized if line.font_size == sizes[0] and line.text.strip()]
    second = sizes[1]
    fits = all(_has_name_form(line.text) for line in top)
    joined = top[-1].order - top[0].order == len(top) - 1
    return tuple(top) if fits and joined and len(top) <= 2 and sizes[0] >= second * _LARGE else ()


def _is_all_title(text: str) -> bool:
    """``Senior Accountant``; a family name such as Baker alone is none."""
    head = _segments(text)[0].partition(",")[0]
    words = [word for word in WORD.findall(head) if len(word) > 1]
    return names_distinct_occupation(head) and all(map(is_title_word, words))


def _is_mostly_title(text: str) -> bool:
    words = WORD.findall(text)
    return is_headline(text) or sum(map(is_title_word, words)) > len(words) / 2


def _has_name_form(text: str) -> bool:
    part = _name_part(text)
    if (
        not part
        or fold(part) in _LABELS
        or heading_kind(part)
        or sum(fold(word) not in _PARTICLES for word in part.split()) > _MAX_NAME_WORDS
    ):
        return False
    return _NAME.fullmatch(part) is not None and not is_prose(text)


def _name_part(text: str) -> str:
    """``Jane Doe`` of ``Jane Doe, CPA - Accountant | jane@example.com``."""
    first = _segments(text)[0]
    head, tail = _split_at_title(first)
    return head if tail else first


def _after_name(text: str) -> str:
    """What a line says beside the name, as far as it is a title or a degree."""
    first, *others = _segments(text)
    _, tail = _split_at_title(first)
    return " ".join(part for part in (tail, *map(_title_of, others)) if part)


def _segments(text: str) -> list[str]:
    plain = close_letter_spacing(without_contact(PRONOUNS_STATED.sub(" ", text)))
    plain = _LABEL.sub("", HONORIFIC.sub("", plain.strip(" |")))
    parts = [part.strip(" ,;:") for part in SEPARATOR.split(plain)]
    return [part for part in parts if part and fold(part) not in _LABELS] or [""]


def _split_at_title(segment: str) -> tuple[str, str]:
    """Name and title of ``Doe, CPA``, ``Doe, Accountant`` and ``Jane Doe Senior Accountant``.

    The name keeps its first word and a word that is a family name as well as an occupation.
    """
    head, _, tail = segment.partition(",")
    tail = tail.strip()
    for _ in range(_MAX_NAME_COMMAS):
        if _title_of(tail) or is_credential(tail):
            return head.strip(), _title_of(tail) or tail
        more, _, tail = tail.partition(",")
        head, tail = f"{head}, {more}", tail.strip()
    words = segment.split()
    start = len(words)
    while start > 1 and is_title_word(words[start - 1].strip(",.&")):
        start -= 1
    while start < len(words) and names_shared_occupation(words[start]):
        start += 1
    title = " ".join(words[start:])
    if start < len(words) and names_distinct_occupation(title):
        return " ".join(words[:start]), title
    return segment, ""


def _rest_of_header(text: str) -> str:
    if is_prose(text):
        return text
    return " ".join(part for part in map(_title_of, _segments(text)) if part)


def _title_of(segment: str) -> str:
    """The parts between commas that are job titles; places and names beside them go."""
    parts = [part.strip() for part in _BASED_IN.sub("", segment).split(",")]
    return ", ".join(part for part in parts if part and _is_title(part))


def _is_title(part: str) -> bool:
    if has_contact(part):
        return False
    return names_distinct_occupation(part) or (len(part.split()) > 1 and is_headline(part))


def is_prose(text: str) -> bool:
    """A sentence: mostly words in lower case that no postal address holds."""
    if has_email_or_phone(text):
        return False
    words = text.split()
    lower = [word for word in words if word[:1].islower() and fold(word) not in _PARTICLES]
    return (
        len(words) >= 7
        and len(lower) >= max(3, len(words) * 0.4)
        and any(fold(word) in _FUNCTION_WORDS for word in lower)
    )


def rest_of_contact_line(text: str) -> str:
    """What may stay of a line with an e-mail address or number outside the header."""
    sentence = " ".join(without_contact(text).replace("|", " ").split())
    return sentence if is_prose(sentence) else _rest_of_header(text)

"""The text that a model may see: what somebody did, without who somebody is.

Whole lines go where their number would give a person away; nothing is replaced by a token but
pronouns, which all become the same word. A name that is a common word too ("Will Price", "Baker")
is taken out of running text only where it is used as a name: beside the rest of the name, behind a
title, or capitalised without being part of a title or another name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ml_service.analysis.headings import heading_kind
from ml_service.analysis.person.contact import (
    EMAIL,
    IN_EVERY_LINK,
    LINK,
    SEPARATOR,
    has_email_or_phone,
)
from ml_service.analysis.person.identity import Identity, find_identity, rest_of_contact_line
from ml_service.analysis.person.name_words import NameWords
from ml_service.analysis.phrases.folding import fold
from ml_service.analysis.pronouns import without_pronouns
from ml_service.domain.document import ExtractedText, Line
from ml_service.domain.resume import RedactedLine, RedactedText, ResumeProfile, Section

_PERSONAL_LABEL = re.compile(
    r"^\W*(?:date of birth|birth ?date|birthday|d\.?o\.?b\.?|born(?: on)?|place of birth|age|"
    r"nationality|citizenship|gender|sex|marital status|civil status|religion|caste|"
    r"father'?s? name|mother'?s? name|spouse'?s? name|husband'?s? name|wife'?s? name|full name|"
    r"name|pronouns?|passport(?: no| number)?|visa status|height|weight|blood group|"
    r"(?:permanent |current |present |home |mailing |postal )?address|location|residence|"
    r"phone(?: number)?|mobile(?: number| no)?|telephone|tel|cell|fax|e-?mail(?: id| address)?|"
    r"linkedin|github|gitlab|twitter|skype|website|web|homepage|portfolio|instagram|facebook|"
    r"geburtsdatum|geboren(?: am)?|geburtsort|nationalität|staatsangehörigkeit|familienstand|"
    r"geschlecht|konfession|anschrift|adresse|telefon|mobil|"
    r"date de naissance|né(?:e)? le|lieu de naissance|nationalité|situation familiale|sexe|"
    r"téléphone|portable|courriel|"
    r"fecha de nacimiento|lugar de nacimiento|nacionalidad|estado civil|sexo|género|edad|"
    r"dirección|domicilio|teléfono|móvil|correo(?: electrónico)?|"
    r"data de nascimento|naturalidade|nacionalidade|gênero|endereço|morada|telefone|"
    r"data di nascita|luogo di nascita|nazionalità|cittadinanza|stato civile|sesso|indirizzo|"
    r"telefono|cellulare)\s*(?:[:：]|\s[-–—]\s|$)",
    re.IGNORECASE,
)
_PLAIN_FACT = re.compile(
    r"^\W*(?:male|female|non-binary|single|married|divorced|unmarried|photo(?:graph)?|"
    r"profile (?:photo|picture)|picture|foto|portrait|ledig|verheiratet|soltero|soltera|casado|"
    r"casada|célibataire|marié|mariée|celibe|nubile)\b\W*(?:of\b.*|by\b.*)?$",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![\w.])@\w[\w.-]+|\b(?:linkedin|github|gitlab|twitter|skype|instagram)\s*[:/]\s*\S+", re.I
)
_FILE = re.compile(r"(?<!\S)\S+\.(?:pdf|docx?|jpe?g|png)\b", re.IGNORECASE)
_FURNITURE = re.compile(
    r"^\W*(?:(?:resume|résumé|cv|curriculum|vitae|lebenslauf|currículo|page|seite|página|pagina|"
    r"of|von|de|sur|\d{1,2})\b\W*)+$",
    re.IGNORECASE,
)
_EMPTY_MARKS = re.compile(r"\(\s*[,;|/]*\s*\)|\[\s*\]|“\s*[”\"]|\"\s*[”\"]")
_SPACE_BEFORE_MARK = re.compile(r" ([,.;:)])")
_MAX_FURNITURE_CHARS = 100
_EDGES = " \t|,;:•·–—-_/"


def redact(extracted: ExtractedText, profile: ResumeProfile) -> RedactedText:
    """Lines in reading order; lines that would be left empty are dropped."""
    identity = find_identity(extracted.lines, profile.sections)
    title_lines = {work.position_line for work in profile.work if work.position_line is not None}
    return redact_lines(
        extracted.lines,
        profile.sections,
        identity=identity,
        title_lines=title_lines,
        language=profile.language,
    )


def redact_lines(
    lines: Sequence[Line],
    sections: Sequence[Section],
    *,
    identity: Identity,
    title_lines: Collection[int] = (),
    language: str,
) -> RedactedText:
    """As ``redact``, before there is a profile; ``title_lines`` are ``Line.order``."""
    referees = _lines_of_referees(sections)
    texts = [_without_contact_data(line, identity) for line in lines]
    name = NameWords.of(identity.name, texts)
    redacted = []
    for line, text in zip(lines, texts, strict=True):
        if line.order in referees:
            continue
        titled = line.order in title_lines
        if not titled and _is_furniture(text, name):
            continue
        rest = _without_name(text, name, identity, titled=titled)
        rest = _tidy(without_pronouns(rest, language=language))
        if any(map(str.isalnum, rest)):
            redacted.append(RedactedLine(text=rest, page=line.page, order=line.order))
    return RedactedText(tuple(redacted))


def without_running_lines(lines: Sequence[Line], identity: Identity) -> tuple[Line, ...]:
    """``lines`` without those that repeat the name, as at the edge of a page, and say no more."""
    named = NameWords.of(identity.name)
    near = [line for line in lines if named.may_stand_in(line.text)]
    texts = [_without_contact_data(line, identity) for line in near]
    name = NameWords.of(identity.name, texts)
    running = {
        line.order
        for line, text in zip(near, texts, strict=True)
        if name.stands_in(line.text) and _says_no_more(text, name, identity)
    }
    return tuple(line for line in lines if line.order not in running)


def _says_no_more(text: str, name: NameWords, identity: Identity) -> bool:
    rest = _without_name(text, name, identity, titled=False)
    return _is_furniture(text, name) or not any(map(str.isalnum, rest))


def _lines_of_referees(sections: Sequence[Section]) -> frozenset[int]:
    return frozenset(
        order
        for section in sections
        if section.kind == "references"
        for order in (section.heading_line, *range(section.start_line, section.end_line + 1))
    )


def _without_contact_data(line: Line, identity: Identity) -> str:
    text = line.text
    if line.order in identity.kept:
        text = identity.kept[line.order]
    if _PERSONAL_LABEL.match(text) or _PLAIN_FACT.match(text):
        return text if heading_kind(text) not in (None, "other") else ""
    if fold(text.strip(_EDGES)) in identity.places and any(map(str.isdigit, text)):
        return ""
    if has_email_or_phone(text):
        text = rest_of_contact_line(text)
    return _without_addresses(text)


def _without_addresses(text: str) -> str:
    """Most lines hold no mark that an address is told by, and are not looked through."""
    dotted = IN_EVERY_LINK.search(text) is not None
    if "@" in text:
        text = EMAIL.sub(" ", text)
    if dotted:
        text = LINK.sub(" ", text)
    if any(mark in text for mark in "@/:"):
        text = _HANDLE.sub(" ", text)
    return _FILE.sub(" ", text) if dotted else text


def _is_furniture(text: str, name: NameWords) -> bool:
    """Nothing but the name, and what stands beside it at the edge of a page: ``Resume - Page 2``.

    One common word of the name alone may be an item of a list.
    """
    if len(text) > _MAX_FURNITURE_CHARS:
        return False
    rest = name.without_any(text) if name.may_stand_in(text) else text
    if not any(map(str.isalnum, rest)):
        return not any(map(str.isalnum, text)) or name.stands_in(text)
    return _FURNITURE.match(rest) is not None


def _without_name(text: str, name: NameWords, identity: Identity, *, titled: bool) -> str:
    """Beside the name, the place where somebody lives goes as well."""
    rest = name.remove_from(text, title_line=titled)
    if not name.may_stand_in(text) or not name.stands_in(text):
        return rest
    parts = SEPARATOR.split(rest)
    kept = [part for part in parts if fold(part.strip(_EDGES)) not in identity.places]
    return rest if len(kept) == len(parts) else " | ".join(kept)


def _tidy(text: str) -> str:
    text = _EMPTY_MARKS.sub(" ", text)
    return _SPACE_BEFORE_MARK.sub(r"\1", " ".join(text.split())).strip(_EDGES)

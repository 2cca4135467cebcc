"""The text that a model may see: what somebody did, without who somebody is.

Whole lines go where their number would give a person away; nothing is replaced by a token but
pronouns, which all become the same word. A name that is a common word too ("Will Price", "Baker")
is taken out of running text only where it is used as a name: beside the rest of the name, behind a
title, or capitalised without being part of a title or another name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ml_service.analysis.contact import EMAIL, LINK, has_email_or_phone
from ml_service.analysis.headings import heading_kind
from ml_service.analysis.identity import (
    HONORIFIC,
    Identity,
    find_identity,
    rest_of_contact_line,
)
from ml_service.analysis.name_words import NameWords
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
_FILE = re.compile(r"\S+\.(?:pdf|docx?|jpe?g|png)\b", re.IGNORECASE)
_FURNITURE = re.compile(
    r"^\W*(?:(?:resume|résumé|cv|curriculum|vitae|lebenslauf|currículo|page|seite|página|pagina|"
    r"of|von|de|sur|\d{1,2})\b\W*)+$",
    re.IGNORECASE,
)
_EMPTY_MARKS = re.compile(r"\(\s*[,;|/]*\s*\)|\[\s*\]|[“\"]\s*[”\"]")
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
    name = NameWords.of(identity.name)
    redacted = []
    for line in lines:
        if line.order in referees:
            continue
        text = _without_contact_data(line, identity)
        short = len(text) <= _MAX_FURNITURE_CHARS and line.order not in title_lines
        if short and _is_furniture(name.without_any(text)):
            continue
        text = name.remove_from(HONORIFIC.sub(" ", text), title_line=line.order in title_lines)
        text = _tidy(without_pronouns(text, language=language))
        if any(map(str.isalnum, text)):
            redacted.append(RedactedLine(text=text, page=line.page, order=line.order))
    return RedactedText(tuple(redacted))


def _lines_of_referees(sections: Sequence[Section]) -> frozenset[int]:
    return frozenset(
        order
        for section in sections
        if section.kind == "references"
        for order in range(section.heading_line, section.end_line + 1)
    )


def _without_contact_data(line: Line, identity: Identity) -> str:
    text = line.text
    if line.order in identity.kept:
        text = identity.kept[line.order]
    if _PERSONAL_LABEL.match(text) or _PLAIN_FACT.match(text):
        return text if heading_kind(text) not in (None, "other") else ""
    if has_email_or_phone(text):
        text = rest_of_contact_line(text)
    if any(mark in text for mark in "@./:"):
        for pattern in (EMAIL, LINK, _HANDLE, _FILE) if "@" in text else (LINK, _HANDLE, _FILE):
            text = pattern.sub(" ", text)
    return text


def _is_furniture(text: str) -> bool:
    """Nothing, or what stands beside a name at the foot of a page: ``Resume - Page 2``."""
    return not any(map(str.isalnum, text)) or _FURNITURE.match(text) is not None


def _tidy(text: str) -> str:
    text = _EMPTY_MARKS.sub(" ", text)
    text = re.sub(r"\s+([,.;:)])", r"\1", " ".join(text.split()))
    return text.strip(_EDGES)

"""From the lines of a document to what they say about a working life."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

from ml_service.analysis.contact import (
    find_email,
    find_links,
    find_location,
    find_phone,
    has_contact,
)
from ml_service.analysis.education import find_education
from ml_service.analysis.folding import fold, is_bullet, without_bullet
from ml_service.analysis.identity import Identity, find_identity, is_prose
from ml_service.analysis.language import ENGLISH, language_of
from ml_service.analysis.recognition import likelihood_of_resume
from ml_service.analysis.redaction import redact_lines, without_running_lines
from ml_service.analysis.sections import find_sections, lines_of
from ml_service.analysis.skills import SkillVocabulary
from ml_service.analysis.work_history import find_work, years_of_experience
from ml_service.domain.document import Box, ExtractedText, Line
from ml_service.domain.resume import Contact, RedactedLine, RedactedText, ResumeProfile, Section

PARSER_VERSION = "2"

_LANGUAGES = (
    "english german french spanish portuguese italian dutch russian chinese mandarin cantonese "
    "japanese korean arabic hindi urdu bengali punjabi tamil telugu marathi gujarati kannada "
    "malayalam polish czech slovak hungarian romanian bulgarian greek turkish hebrew persian "
    "farsi "
    "ukrainian serbian croatian bosnian swedish norwegian danish finnish icelandic "
    "vietnamese thai "
    "indonesian malay tagalog filipino swahili yoruba igbo hausa amharic somali latin esperanto "
    "catalan basque galician albanian armenian georgian nepali sinhala khmer burmese creole "
    "deutsch englisch französisch spanisch italienisch portugiesisch russisch polnisch türkisch "
    "anglais allemand français espagnol italien portugais russe arabe chinois "
    "inglés alemán francés español italiano portugués ruso árabe chino "
    "inglês alemão francês espanhol português inglese tedesco francese spagnolo portoghese"
)
_MAX_CERTIFICATE_CHARS = 140
_LETTERS = re.compile(r"[^\W\d_]+")


def analyse_profile(
    extracted: ExtractedText, *, document_date: date, vocabulary: SkillVocabulary
) -> ResumeProfile:
    """All fields of the profile; what is not written stays None or empty.

    Skills and language are read from the redacted lines, so that they do not depend on who
    somebody is. ``document_date`` is what "present" means in ``years_experience``.
    """
    lines = extracted.lines
    sections = find_sections(lines)
    identity = find_identity(lines, sections)
    body = without_running_lines(lines, identity)
    work = find_work(lines_of(body, sections, "work"))
    titles = {entry.position_line for entry in work if entry.position_line is not None}
    redacted, language = _redacted(lines, sections, identity=identity, title_lines=titles)
    boxes = {line.order: line.box for line in lines}
    plain = tuple(_as_line(line, boxes[line.order]) for line in redacted.lines)
    profile = ResumeProfile(
        language=language,
        contact=_contact(lines, identity),
        summary=_summary(lines, sections, identity),
        sections=sections,
        work=work,
        education=find_education(lines_of(body, sections, "education")),
        skills=vocabulary.find(plain, listed=_flat(lines_of(plain, sections, "skills"))),
        certificates=_certificates(_flat(lines_of(body, sections, "certificates"))),
        languages=_languages(_flat(lines_of(lines, sections, "languages"))),
        years_experience=years_of_experience(work, document_date=document_date),
    )
    texts = [line.text for line in redacted.lines]
    return replace(profile, resume_likelihood=likelihood_of_resume(texts, profile))


def _redacted(
    lines: Sequence[Line],
    sections: Sequence[Section],
    *,
    identity: Identity,
    title_lines: Collection[int],
) -> tuple[RedactedText, str]:
    """The redacted lines and the language they are in, which no name or English pronoun decides."""
    redacted = redact_lines(
        lines, sections, identity=identity, title_lines=title_lines, language=ENGLISH
    )
    language = language_of(
        [line.text for line in redacted.lines], header=[line.text for line in lines]
    )
    if language != ENGLISH:
        redacted = redact_lines(
            lines, sections, identity=identity, title_lines=title_lines, language=language
        )
    return redacted, language


def _contact(lines: Sequence[Line], identity: Identity) -> Contact:
    """The header is asked first, then the rest of the document."""
    near = [line.text for line in lines if line.order in identity.kept]
    everywhere = near + [line.text for line in lines if line.order not in identity.kept]
    return Contact(
        name=identity.name,
        email=find_email(everywhere),
        phone=find_phone(near) or find_phone(everywhere),
        location=find_location([text for text in near if _may_hold_place(text)]),
        links=find_links(near),
    )


def _may_hold_place(text: str) -> bool:
    return has_contact(text) or len(text.split()) <= 6


def _summary(lines: Sequence[Line], sections: Sequence[Section], identity: Identity) -> str | None:
    """The first summary section, else the sentences of the header."""
    blocks = [block for block in lines_of(lines, sections, "summary") if block]
    chosen = blocks[0] if blocks else [line for line in identity.header if is_prose(line.text)]
    return " ".join(without_bullet(line.text) for line in chosen) or None


def _certificates(lines: Sequence[Line]) -> tuple[str, ...]:
    texts = (text.strip(" ,;") for text in _unwrapped(lines))
    return tuple(
        dict.fromkeys(
            text
            for text in texts
            if len(text) <= _MAX_CERTIFICATE_CHARS and len(_LETTERS.findall(text)) > 0
        )
    )


def _unwrapped(lines: Sequence[Line]) -> Iterator[str]:
    """Texts without bullets; a line on a page goes on the one before if that ends in a comma."""
    held = ""
    for line in lines:
        longer = f"{held} {line.text.strip()}"
        wrapped = held.endswith(",") and line.box is not None and not is_bullet(line.text)
        if wrapped and len(longer) <= _MAX_CERTIFICATE_CHARS:
            held = longer
        else:
            yield held
            held = without_bullet(line.text)
    yield held


def _languages(lines: Sequence[Line]) -> tuple[str, ...]:
    """Names of languages as written, each once."""
    known = {fold(name) for name in _LANGUAGES.split()}
    words = (word for line in lines for word in _LETTERS.findall(line.text))
    return tuple(dict.fromkeys(word.capitalize() for word in words if fold(word) in known))


def _flat(blocks: Sequence[Sequence[Line]]) -> tuple[Line, ...]:
    return tuple(line for block in blocks for line in block)


def _as_line(line: RedactedLine, box: Box | None) -> Line:
    return Line(line.text, page=line.page, box=box, column=0, order=line.order)

"""From the lines of a document to what they say about a working life."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from ml_service.analysis.certificates import find_certificates, is_another_certificate
from ml_service.analysis.education import find_education, is_another_fact
from ml_service.analysis.language import ENGLISH, language_of
from ml_service.analysis.person.contact import (
    find_email,
    find_links,
    find_location,
    find_phone,
    has_contact,
    has_email_or_phone,
)
from ml_service.analysis.person.identity import Identity, find_identity, is_prose
from ml_service.analysis.phrases.folding import without_bullet
from ml_service.analysis.phrases.paragraphs import BeginsAnew, Wrapping, find_wrapping, paragraphs
from ml_service.analysis.recognition.recognition import likelihood_of_resume
from ml_service.analysis.redaction import redact_lines, without_running_lines
from ml_service.analysis.sections import find_sections, lines_of
from ml_service.analysis.skills.items import is_another_item
from ml_service.analysis.skills.spoken_languages import (
    find_spoken_languages,
    lists_spoken_languages,
)
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.analysis.work.entry_heads import is_another_part
from ml_service.analysis.work.history import find_work, years_of_experience
from ml_service.domain.document import ExtractedText, Line
from ml_service.domain.resume import (
    Contact,
    RedactedLine,
    RedactedText,
    ResumeProfile,
    Section,
)

PARSER_VERSION = "4"
_Broken = Literal["work", "education", "skills", "certificates"]
_BEGINS_ANEW: dict[_Broken, BeginsAnew] = {
    "work": is_another_part,
    "education": is_another_fact,
    "skills": is_another_item,
    "certificates": is_another_certificate,
}
_LIST_MARKS = frozenset(",;|·")


def analyse_profile(
    extracted: ExtractedText, *, document_date: date, vocabulary: SkillVocabulary
) -> ResumeProfile:
    """All fields of the profile; what is not written stays None or empty.

    Skills and language are read from the redacted lines, so that they do not depend on who
    somebody is. ``document_date`` is what "present" means in ``years_experience``.
    """
    return profile_and_text(extracted, document_date=document_date, vocabulary=vocabulary)[0]


def profile_and_text(
    extracted: ExtractedText, *, document_date: date, vocabulary: SkillVocabulary
) -> tuple[ResumeProfile, RedactedText]:
    """As ``analyse_profile``, with the text as ``redact`` gives it for that profile."""
    lines = extracted.lines
    sections = find_sections(lines)
    identity = find_identity(lines, sections)
    body = without_running_lines(lines, identity)
    wrapping = _wrapping(body, sections, identity)
    work = find_work(_paragraphs(body, sections, "work", wrapping))
    titles = {entry.position_line for entry in work if entry.position_line is not None}
    redacted, language = _redacted(lines, sections, identity=identity, title_lines=titles)
    written = {line.order: line for line in lines}
    plain = tuple(_as_line(line, written[line.order]) for line in redacted.lines)
    listed = _flat(_paragraphs(plain, sections, "skills", wrapping))
    among_skills = tuple(line for line in listed if lists_spoken_languages(line.text))
    spoken_lines = {line.order for line in among_skills}
    spoken = find_spoken_languages((*_flat(lines_of(lines, sections, "languages")), *among_skills))
    profile = ResumeProfile(
        language=language,
        contact=_contact(lines, identity),
        summary=_summary(lines, sections, identity),
        sections=sections,
        work=work,
        education=find_education(_paragraphs(body, sections, "education", wrapping)),
        skills=vocabulary.find(
            [line for line in plain if line.order not in spoken_lines],
            listed=[line for line in listed if line.order not in spoken_lines],
        ),
        certificates=find_certificates(
            _flat(_paragraphs(body, sections, "certificates", wrapping))
        ),
        languages=tuple(item.language for item in spoken),
        spoken_languages=spoken,
        years_experience=years_of_experience(work, document_date=document_date),
    )
    texts = [line.text for line in redacted.lines]
    return replace(profile, resume_likelihood=likelihood_of_resume(texts, profile)), redacted


def _wrapping(body: Sequence[Line], sections: Sequence[Section], identity: Identity) -> Wrapping:
    """Without the lines that say who somebody is: the length of a name is no edge of a column."""
    impersonal = [
        line
        for line in body
        if line.order not in identity.kept and not has_email_or_phone(line.text)
    ]
    return find_wrapping(impersonal, apart={section.heading_line for section in sections})


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
        links=find_links(_with_whole_links(near)),
    )


def _with_whole_links(texts: Sequence[str]) -> list[str]:
    """An address that ends in a stroke or a hyphen goes on in a line of one word."""
    whole: list[str] = []
    for text in texts:
        broken = bool(whole) and whole[-1].rstrip().endswith(("/", "-")) and "/" in whole[-1]
        if broken and len(text.split()) == 1:
            whole[-1] = f"{whole[-1].rstrip()}{text.strip()}"
        else:
            whole.append(text)
    return whole


def _may_hold_place(text: str) -> bool:
    return has_contact(text) or len(text.split()) <= 6


def _summary(lines: Sequence[Line], sections: Sequence[Section], identity: Identity) -> str | None:
    """The first summary section, else the sentences of the header."""
    blocks = [block for block in lines_of(lines, sections, "summary") if block]
    chosen = blocks[0] if blocks else [line for line in identity.header if is_prose(line.text)]
    return " ".join(without_bullet(line.text) for line in chosen) or None


def _paragraphs(
    lines: Sequence[Line], sections: Sequence[Section], kind: _Broken, wrapping: Wrapping
) -> tuple[tuple[Line, ...], ...]:
    begins_anew = _BEGINS_ANEW[kind]
    blocks = lines_of(lines, sections, kind)
    return tuple(paragraphs(block, wrapping, begins_anew=begins_anew) for block in blocks)


def _flat(blocks: Sequence[Sequence[Line]]) -> tuple[Line, ...]:
    return tuple(line for block in blocks for line in block)


def _as_line(line: RedactedLine, written: Line) -> Line:
    """The redacted line in its place, with the marks at which a list goes on from or to another."""
    text, original = line.text, written.text.strip()
    first, last = original[:1], original[-1:]
    if first in _LIST_MARKS and text[:1] != first:
        text = f"{first} {text}"
    if last in _LIST_MARKS and text[-1:] != last:
        text = f"{text} {last}"
    return Line(text, line.page, written.box, 0, line.order, written.font_size, written.bold)

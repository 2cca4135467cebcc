"""What a resume must hold: sections, contact, and neither too few nor too many words."""

from __future__ import annotations

import re
from itertools import pairwise

from ml_service.ats.rubric import (
    EMAIL_SHARE,
    LINK_SHARE,
    MAX_WORDS,
    MIN_WORDS,
    NO_POINTS_ABOVE_WORDS,
    NO_POINTS_BELOW_WORDS,
    PHONE_SHARE,
    SECTION_SHARES,
    UNHEADED_SHARE,
    WORD_STEP,
    WORK_SUBSTITUTES,
)
from ml_service.ats.submission import Finding, Submission, rising
from ml_service.domain.document import Line
from ml_service.domain.resume import Section

_PHONE_DIGITS = 7
_AROUND_HEADINGS = " \t:.-–—•|"


def check_sections(submission: Submission) -> Finding:
    earned = {
        kind: weight * _section_share(submission, kind) for kind, weight in SECTION_SHARES.items()
    }
    lacking = [kind for kind, weight in SECTION_SHARES.items() if earned[kind] < weight]
    return Finding(
        share=sum(earned.values()),
        evidence=submission.evidence(
            section.heading_line
            for section in submission.profile.sections
            if section.kind in SECTION_SHARES and has_content(submission, section)
        ),
        fix=_sections_fix(lacking),
    )


def _section_share(submission: Submission, kind: str) -> float:
    filled = {
        section.kind for section in submission.profile.sections if has_content(submission, section)
    }
    if kind in filled:
        return 1.0
    profile = submission.profile
    unheaded = (kind == "work" and profile.work) or (kind == "education" and profile.education)
    if unheaded or (kind == "work" and filled & WORK_SUBSTITUTES):
        return UNHEADED_SHARE
    return 0.0


def has_content(submission: Submission, section: Section) -> bool:
    """Whether anything stands below the heading, or behind it on its line."""
    lines = submission.extracted.lines[section.start_line : section.end_line + 1]
    heading = section.heading.strip(_AROUND_HEADINGS)
    texts = (line.text.strip(_AROUND_HEADINGS) for line in lines)
    return any(text and text != heading for text in texts)


def _sections_fix(lacking: list[str]) -> str | None:
    headings = {"work": "Work Experience", "education": "Education", "skills": "Skills"}
    if not lacking:
        return None
    wanted = ", ".join(f"'{headings[kind]}'" for kind in lacking)
    return f"Add what is missing under a heading of its own that software knows: {wanted}."


def has_history(submission: Submission) -> bool:
    """Whether any work, education, project or volunteering was found."""
    profile = submission.profile
    if profile.work or profile.education:
        return True
    kinds = {"work", "education", *WORK_SUBSTITUTES}
    return any(
        section.kind in kinds and has_content(submission, section) for section in profile.sections
    )


def check_contact(submission: Submission) -> Finding:
    """Only what stands in the text counts: a link behind an icon cannot be read."""
    contact, lines = submission.profile.contact, submission.extracted.lines
    email = _line_with(lines, contact.email)
    phone = _line_with_digits(lines, contact.phone)
    links = [_line_with(lines, _bare(link)) for link in contact.links]
    link = next((order for order in links if order is not None), None)
    found = [order for order in (email, phone, link) if order is not None]
    share = 0.0
    if email is not None:
        share = EMAIL_SHARE + PHONE_SHARE * (phone is not None) + LINK_SHARE * (link is not None)
    return Finding(
        share=min(share, 1.0),
        evidence=submission.evidence(found),
        fix=_contact_fix({"e-mail address": email, "phone number": phone, "link": link}),
    )


def _contact_fix(found: dict[str, int | None]) -> str | None:
    missing = [name for name, order in found.items() if order is None]
    if not missing:
        return None
    return f"Write out in plain text at the top of the first page: {', '.join(missing)}."


def _line_with(lines: tuple[Line, ...], wanted: str | None) -> int | None:
    """The line that holds it, or the first of two that hold it together."""
    if not wanted:
        return None
    texts = [_squeezed(line.text) for line in lines]
    needle = _squeezed(wanted)
    for order, text in enumerate(texts):
        if needle in text:
            return order
    pairs = pairwise(texts)
    return next((order for order, pair in enumerate(pairs) if needle in "".join(pair)), None)


def _squeezed(text: str) -> str:
    return "".join(text.casefold().split())


def _bare(link: str) -> str:
    """A link as people write it: without scheme, www and closing slash."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", link, flags=re.IGNORECASE).rstrip("/")


def _line_with_digits(lines: tuple[Line, ...], phone: str | None) -> int | None:
    """Phones are normalised by who finds them; the last digits stay what was written."""
    needle = re.sub(r"\D", "", phone or "")[-_PHONE_DIGITS:]
    if len(needle) < _PHONE_DIGITS:
        return None
    return next((line.order for line in lines if needle in re.sub(r"\D", "", line.text)), None)


def check_length(submission: Submission) -> Finding:
    n_words = len(submission.words)
    if n_words > MAX_WORDS:
        return Finding(
            share=_length_share(n_words, none=NO_POINTS_ABOVE_WORDS, full=MAX_WORDS),
            evidence=submission.evidence([submission.words[MAX_WORDS].order]),
            fix=(
                f"Shorten the text from {n_words} to at most {MAX_WORDS} words; the line shown is "
                "where these end."
            ),
        )
    last = submission.evidence(word.order for word in submission.words[-1:])
    if n_words >= MIN_WORDS:
        return Finding(share=1.0, evidence=last)
    return Finding(
        share=_length_share(n_words, none=NO_POINTS_BELOW_WORDS, full=MIN_WORDS),
        evidence=last,
        fix=f"Say more: {n_words} words are few, {MIN_WORDS} or more give room for what was done.",
    )


def _length_share(n_words: int, *, none: int, full: int) -> float:
    return rising(n_words // WORD_STEP * WORD_STEP, none=none, full=full)

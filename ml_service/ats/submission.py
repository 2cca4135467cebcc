"""What every check looks at, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from ml_service.ats.rubric import MAX_EVIDENCE
from ml_service.ats.words import Word, counted_words
from ml_service.domain.ats_report import Evidence
from ml_service.domain.document import ExtractedText
from ml_service.domain.resume import Highlight, RedactedText, ResumeProfile, Work

_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Submission:
    """A resume under review.

    ``redacted`` and ``words`` are its text without name, contact and pronouns: whatever is counted
    is counted there, so that two people with the same resume have the same count.
    """

    extracted: ExtractedText
    profile: ResumeProfile
    redacted: RedactedText
    document_date: date
    words: tuple[Word, ...]
    bullets: tuple[Highlight, ...]

    def evidence(self, orders: Iterable[int]) -> tuple[Evidence, ...]:
        """The lines as they stand in the document, each once, at most ``MAX_EVIDENCE``.

        An order that the document does not have is left out: no line, no evidence.
        """
        lines = self.extracted.lines
        known = (lines[order] for order in dict.fromkeys(orders) if 0 <= order < len(lines))
        found = (Evidence(page=line.page, line=line.order, text=line.text) for line in known)
        return tuple(islice(found, MAX_EVIDENCE))


@dataclass(frozen=True, slots=True)
class Finding:
    """``share`` of the weight that is earned, in [0, 1]; None when it could not be decided."""

    share: float | None
    evidence: tuple[Evidence, ...] = ()
    fix: str | None = None


def submission_of(
    extracted: ExtractedText,
    profile: ResumeProfile,
    *,
    redacted: RedactedText,
    document_date: date,
) -> Submission:
    texts = {line.order: line.text for line in redacted.lines}
    named = _words(profile.contact.name or "")
    nameless = {
        line.order
        for line in extracted.lines
        if line.text != (text := texts.get(line.order, ""))
        and _count(line.text, named) > _count(text, named)
    }
    return Submission(
        extracted=extracted,
        profile=profile,
        redacted=redacted,
        document_date=document_date,
        words=counted_words(redacted, profile.sections),
        bullets=tuple(
            bullet for work in profile.work for bullet in _bullets(work, texts, nameless=nameless)
        ),
    )


def _bullets(work: Work, texts: Mapping[int, str], *, nameless: Set[int]) -> Iterator[Highlight]:
    """Highlights as they are, or their redacted lines where one of these lost a name."""
    ends = (*(bullet.line for bullet in work.highlights[1:]), work.end_line + 1)
    for bullet, end in zip(work.highlights, ends, strict=False):
        lines = range(bullet.line, end)
        if nameless.isdisjoint(lines):
            yield bullet
        else:
            below = (texts[order] for order in lines if order in texts)
            yield replace(bullet, text=" ".join(below))


def _count(text: str, words: Set[str]) -> int:
    return sum(word.casefold() in words for word in _LETTERS.findall(text)) if words else 0


def _words(text: str) -> Set[str]:
    return frozenset(word.casefold() for word in _LETTERS.findall(text))


def rising(value: float, *, none: float, full: float) -> float:
    """0 up to ``none``, 1 from ``full``, a straight line between; falls where ``full`` is less."""
    return min(1.0, max(0.0, (value - none) / (full - none)))

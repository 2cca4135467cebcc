"""What every check looks at, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ml_service.ats.rubric import MAX_EVIDENCE
from ml_service.ats.words import Word, counted_words
from ml_service.domain.ats_report import Evidence
from ml_service.domain.document import ExtractedText
from ml_service.domain.resume import Highlight, ResumeProfile


@dataclass(frozen=True, slots=True)
class Submission:
    """A resume under review; ``words`` are its words without name and contact."""

    extracted: ExtractedText
    profile: ResumeProfile
    document_date: date
    words: tuple[Word, ...]
    bullets: tuple[Highlight, ...]

    def evidence(self, orders: Iterable[int]) -> tuple[Evidence, ...]:
        """The lines as they stand in the document, each once, at most ``MAX_EVIDENCE``.

        An order that the document does not have is left out: no line, no evidence.
        """
        lines = self.extracted.lines
        known = (lines[order] for order in dict.fromkeys(orders) if 0 <= order < len(lines))
        found = [Evidence(page=line.page, line=line.order, text=line.text) for line in known]
        return tuple(found[:MAX_EVIDENCE])


@dataclass(frozen=True, slots=True)
class Finding:
    """``share`` of the weight that is earned, in [0, 1]; None when it could not be decided."""

    share: float | None
    evidence: tuple[Evidence, ...] = ()
    fix: str | None = None


def submission_of(
    extracted: ExtractedText, profile: ResumeProfile, *, document_date: date
) -> Submission:
    return Submission(
        extracted=extracted,
        profile=profile,
        document_date=document_date,
        words=counted_words(extracted.lines, profile),
        bullets=tuple(bullet for work in profile.work for bullet in work.highlights),
    )


def rising(value: float, *, none: float, full: float) -> float:
    """0 up to ``none``, 1 from ``full``, a straight line between; falls where ``full`` is less."""
    return min(1.0, max(0.0, (value - none) / (full - none)))

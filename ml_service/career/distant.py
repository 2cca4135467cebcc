"""Labels that resumes give away themselves: under a known job title stands what its holder did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.occupations import Catalogue
from ml_service.career.passages import Passage
from ml_service.career.signals import in_education
from ml_service.career.title_mentions import exact_mentions, position_texts

MAX_CODES = 8
"""A title that more occupations carry ("Manager") teaches nothing."""


@dataclass(frozen=True, slots=True)
class TrainingResume:
    """``codes``: what its own first line, which the evidence does not hold, says; may be empty."""

    filename: str
    evidence: ResumeEvidence
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class DistantLabel:
    """Any of ``codes`` is right for the passage at ``row`` of the resume's vectors."""

    row: int
    header: bool
    codes: frozenset[str]


def distant_labels(resume: TrainingResume, catalogue: Catalogue) -> Iterator[DistantLabel]:
    """Passages under a position that is a title; and all text outside education, by ``codes``."""
    position: frozenset[str] = frozenset()
    passages = resume.evidence.passages
    for row, (passage, studied) in enumerate(zip(passages, in_education(passages), strict=True)):
        if studied:
            position = frozenset()
            continue
        if passage.header:
            stated = _stated(passage, catalogue)
            if stated is None:
                continue
            position = stated
        if position:
            yield DistantLabel(row=row, header=passage.header, codes=position)
        if resume.codes and not passage.header:
            yield DistantLabel(row=row, header=False, codes=resume.codes)


def _stated(passage: Passage, catalogue: Catalogue) -> frozenset[str] | None:
    """None when the header names no position, empty when it names one that is in no catalogue."""
    keys: list[Sequence[str]] = [position_texts(line) for line in passage.text.split("\n")]
    if not any(keys):
        return None
    mentions = [hit for line in keys for hit in exact_mentions(line, catalogue.title_codes)]
    known = [hit.codes for hit in mentions if len(hit.codes) <= MAX_CODES]
    return min(known, key=len, default=frozenset())

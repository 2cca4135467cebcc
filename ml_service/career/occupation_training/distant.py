"""Labels that resumes give away themselves: under a known job title stands what its holder did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ml_service.career.catalogue.occupations import MOST_CODES_OF_A_TITLE
from ml_service.career.catalogue.title_mentions import exact_mentions, position_texts
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.occupation_model.signals import in_education
from ml_service.career.passages import Passage


@dataclass(frozen=True, slots=True)
class TrainingResume:
    """``codes``: what its own first line, the ``title``, says; may be empty.

    ``evidence`` does not hold that line, ``shown`` does; it is read of resumes with codes only.
    """

    filename: str
    evidence: ResumeEvidence
    codes: frozenset[str]
    title: str = ""
    shown: ResumeEvidence | None = None


@dataclass(frozen=True, slots=True)
class DistantLabel:
    """Any of ``codes`` is right for the passage at ``row`` of the resume's vectors."""

    row: int
    header: bool
    codes: frozenset[str]


def distant_labels(
    resume: TrainingResume, titles: Mapping[str, frozenset[str]]
) -> Iterator[DistantLabel]:
    """Passages under a position that is a title; and all text outside education, by ``codes``.

    ``titles``: normalised titles with their codes, as a catalogue has them.
    """
    position: frozenset[str] = frozenset()
    passages = resume.evidence.passages
    for row, (passage, studied) in enumerate(zip(passages, in_education(passages), strict=True)):
        if studied:
            position = frozenset()
            continue
        if passage.header:
            stated = _stated(passage, titles)
            if stated is None:
                continue
            position = stated
        if position:
            yield DistantLabel(row=row, header=passage.header, codes=position)
        if resume.codes and not passage.header:
            yield DistantLabel(row=row, header=False, codes=resume.codes)


def _stated(passage: Passage, titles: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    """None when the header names no position, empty when it names one that is in no catalogue."""
    keys: list[Sequence[str]] = [position_texts(line) for line in passage.text.split("\n")]
    if not any(keys):
        return None
    mentions = [hit for line in keys for hit in exact_mentions(line, titles)]
    known = [hit.codes for hit in mentions if len(hit.codes) <= MOST_CODES_OF_A_TITLE]
    return min(known, key=len, default=frozenset())

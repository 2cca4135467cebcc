"""All that a career model may look at: redacted text, its vectors, and what was parsed from it."""

from __future__ import annotations

from dataclasses import dataclass

from ml_service.career.passages import Passage
from ml_service.domain.ports import Embeddings
from ml_service.domain.resume import RedactedText, ResumeProfile


@dataclass(frozen=True, slots=True)
class ResumeEvidence:
    """``vectors`` has one row a passage. Of ``profile`` a model reads language and skills only."""

    passages: tuple[Passage, ...]
    vectors: Embeddings
    redacted: RedactedText
    profile: ResumeProfile

"""Whether a text is a resume at all."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from ml_service.analysis.language import ENGLISH
from ml_service.analysis.recognition.clues import (
    career_sections,
    clues_of,
    kinds_of_other_text,
    share_of_code,
)
from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import NotAResume
from ml_service.domain.resume import ResumeProfile

REFUSED_BELOW = 0.2
WEIGHTS: Mapping[str, float] = {
    "dated_jobs": 0.94,
    "titled_jobs": 0.83,
    "sections": 0.66,
    "studies": 0.49,
    "ranges": 0.32,
    "open_ranges": 0.80,
    "titles_by_ranges": 0.84,
    "degrees": 0.72,
    "dated_degrees": 0.81,
    "verbs_first": 6.00,
    "past_tense": 0.07,
    "advert_phrases": -0.46,
    "advert_words": -0.50,
    "other_genres": -0.42,
    "address": -0.03,
    "prose": -0.20,
    "amounts": -0.49,
    "code": -7.11,
}
"""Logits a unit of each clue: a logistic regression whose signs were set beforehand, fitted by
``scripts/measure_refusals.py --fit`` (decision 16)."""
INTERCEPT = -3.38

_YEAR = re.compile(r"(?<!\d)(?:19[5-9]|20[0-4])\d(?!\d)")
_MAX_OTHER_WORDS = 2
_MAX_CODE = 0.2


def likelihood_of_resume(texts: Sequence[str], profile: ResumeProfile) -> float:
    """In [0, 1] by hundredths, as if every second text were a resume; 1 if not in English.

    ``texts`` are the redacted lines. The clues were fitted to English wording: in another
    language no model answers, and little has to be known of the text.
    """
    if profile.language != ENGLISH:
        return 1.0
    clues = clues_of(texts, profile)
    logit = INTERCEPT + sum(weight * clues[name] for name, weight in WEIGHTS.items())
    return round(1 / (1 + math.exp(-logit)), 2)


def refuse_what_is_no_resume(extracted: ExtractedText, profile: ResumeProfile) -> None:
    """Raises NotAResume for what is hardly one; what is only doubtful passes, and models abstain.

    In another language than English a year or a section of a career is enough.
    """
    texts = [line.text for line in extracted.lines]
    if profile.resume_likelihood < REFUSED_BELOW or not _may_be_foreign_resume(texts, profile):
        raise NotAResume


def _may_be_foreign_resume(texts: Sequence[str], profile: ResumeProfile) -> bool:
    if profile.language == ENGLISH:
        return True
    if kinds_of_other_text(texts) > _MAX_OTHER_WORDS or share_of_code(texts) > _MAX_CODE:
        return False
    return bool(career_sections(profile)) or any(map(_YEAR.search, texts))

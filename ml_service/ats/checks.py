"""Every check of the rubric by its id. Each is a pure function of the resume."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ml_service.ats.bullet_checks import (
    check_action_verbs,
    check_bullet_length,
    check_quantified_bullets,
)
from ml_service.ats.content_checks import check_contact, check_length, check_sections
from ml_service.ats.date_check import check_dates
from ml_service.ats.hygiene_check import check_hygiene
from ml_service.ats.reading_checks import check_layout, check_text_layer
from ml_service.ats.submission import Finding, Submission

CHECK_FUNCTIONS: Mapping[str, Callable[[Submission], Finding]] = {
    "text_layer": check_text_layer,
    "layout": check_layout,
    "sections": check_sections,
    "quantified_bullets": check_quantified_bullets,
    "contact": check_contact,
    "dates": check_dates,
    "action_verbs": check_action_verbs,
    "bullet_length": check_bullet_length,
    "length": check_length,
    "hygiene": check_hygiene,
}

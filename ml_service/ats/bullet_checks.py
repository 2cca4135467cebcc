"""How the work is told: figures, verbs, and sentences of a readable length."""

from __future__ import annotations

from collections.abc import Callable

from ml_service.ats.action_verbs import begins_with_action_verb
from ml_service.ats.quantities import has_amount
from ml_service.ats.rubric import (
    ACTION_VERBS_FULL,
    BULLET_LENGTH_FULL,
    BULLET_MAX_WORDS,
    BULLET_MIN_WORDS,
    MIN_BULLETS,
    QUANTIFIED_FULL,
)
from ml_service.ats.submission import Finding, Submission

_TOO_FEW = Finding(
    share=None,
    fix=f"Tell what was done in each job in bullets; from {MIN_BULLETS} on they are judged.",
)
_NOT_ENGLISH = Finding(share=None)


def check_quantified_bullets(submission: Submission) -> Finding:
    return _share_of_bullets(
        submission,
        meets=has_amount,
        full=QUANTIFIED_FULL,
        fix="Add a figure (how many, how much, how fast) to bullets such as those shown: "
        "{n_met} of {n_all} have one, {n_wanted} earn all points.",
    )


def check_action_verbs(submission: Submission) -> Finding:
    if submission.profile.language != "en":
        return _NOT_ENGLISH
    return _share_of_bullets(
        submission,
        meets=begins_with_action_verb,
        full=ACTION_VERBS_FULL,
        fix="Begin bullets such as those shown with what you did (led, built, reduced): "
        "{n_met} of {n_all} do, {n_wanted} earn all points.",
    )


def check_bullet_length(submission: Submission) -> Finding:
    return _share_of_bullets(
        submission,
        meets=_is_readable,
        full=BULLET_LENGTH_FULL,
        fix=f"Bring bullets such as those shown to {BULLET_MIN_WORDS} to {BULLET_MAX_WORDS} "
        "words: {n_met} of {n_all} are, {n_wanted} earn all points.",
    )


def _is_readable(text: str) -> bool:
    """Every blank-separated piece with a letter or digit is a word here: '20 %' is read too."""
    n_words = sum(any(map(str.isalnum, piece)) for piece in text.split())
    return BULLET_MIN_WORDS <= n_words <= BULLET_MAX_WORDS


def _share_of_bullets(
    submission: Submission, *, meets: Callable[[str], bool], full: float, fix: str
) -> Finding:
    """Points grow with the share of bullets up to ``full``; ``fix`` may name the counts."""
    bullets = submission.bullets
    if len(bullets) < MIN_BULLETS:
        return _TOO_FEW
    met = [meets(bullet.text) for bullet in bullets]
    share = min(1.0, sum(met) / len(bullets) / full)
    shown = [bullet.line for bullet, ok in zip(bullets, met, strict=True) if ok == (share == 1.0)]
    counts = {"n_met": sum(met), "n_all": len(bullets), "n_wanted": _wanted(len(bullets), full)}
    return Finding(
        share=share,
        evidence=submission.evidence(shown),
        fix=None if share == 1.0 else fix.format(**counts),
    )


def _wanted(n_bullets: int, full: float) -> int:
    """The fewest bullets that reach the share; 0.6 of 5 is 3, whatever floats say."""
    return next(n for n in range(n_bullets + 1) if n / n_bullets / full >= 1.0)

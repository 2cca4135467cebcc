"""What the card of a model of own labels says in words."""

from __future__ import annotations

from collections.abc import Mapping

FEW_RESUMES = 100
DEFINITIONS = (
    "A prediction is right if its first label is the resume's label; top-k looks at the first k. "
    "Macro-F1 is the mean F1 over the labels. ECE: 15 bins of equal width on the confidence of "
    "the first label, with a 95 % bootstrap interval; its floor is what a perfectly calibrated "
    "model with the same confidences would show at this number of resumes."
)
SPLITS = (
    "Five folds; resumes that share three in ten of the shorter one's six-word runs stand in one. "
    "Every figure is of resumes that maps, ranking and calibration of their fold never saw. The "
    "model that answers is fitted to all of them. Nothing was sampled twice."
)
LIMITS = (
    "It knows these labels and no other: a resume that fits none of them still gets the nearest.",
    "A label's figures rest on its number of resumes, and on how well people gave the labels.",
    "Words of a label's own name count; where labels are search words, more than elsewhere.",
    "It abstains in languages that less than two in a hundred training resumes are written in.",
    "Guidance for people, never an automatic rejection.",
)
FAIRNESS = (
    "Name, e-mail, phone, address and pronouns are taken out before the model reads. What a "
    "person did can still hint at who they are; this model was not tested for that."
)


def about_labels(
    *,
    n_resumes: int,
    n_labels: int,
    source: str,
    licence: str | None,
    left_out: Mapping[str, int],
    unlike: Mapping[str, int],
) -> dict[str, str | tuple[str, ...]]:
    """Paragraphs by heading."""
    lost = [f"Left out: {count:,} x {reason}." for reason, count in sorted(left_out.items())]
    lost += [
        f"Learned from, though the service answers no such upload: {count:,} x {reason}."
        for reason, count in sorted(unlike.items())
    ]
    if n_resumes < FEW_RESUMES:
        lost.append(f"Figures on {n_resumes:,} resumes say little; their intervals are wide.")
    return {
        "data": (f"{n_resumes:,} resumes under {n_labels:,} labels, from {source}.", *lost),
        "splits": SPLITS,
        "definitions": DEFINITIONS,
        "limits": LIMITS,
        "fairness": FAIRNESS,
        "licence": licence or "Not stated by whoever trained it.",
    }

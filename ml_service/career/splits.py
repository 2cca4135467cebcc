"""Which resumes are trained on and which only measured: a rule by file name, fixed for good."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

Part = Literal["train", "validation"]

N_FOLDS = 5
_SALT = "career-split-1:"
_VALIDATION_SHARE = 0.2

SAME_AS: dict[str, str] = {
    "r1780.pdf": "r0826.pdf",
    "r0927.pdf": "r0006.pdf",
    "r1567.pdf": "r1307.pdf",
    "r1547.pdf": "r1418.pdf",
    "r1168.pdf": "r1418.pdf",
    "r1531.pdf": "r0162.pdf",
    "r1360.pdf": "r0469.pdf",
    "r1781.pdf": "r0078.pdf",
    "r1618.pdf": "r0916.pdf",
    "r0941.pdf": "r0796.pdf",
    "r1662.pdf": "r1631.pdf",
    "r0968.pdf": "r0124.pdf",
}
"""Near-duplicates and the file that decides for them: three in ten of the shorter document's
six-word runs stand in the other (templates that two people filled in)."""


def part(filename: str) -> Part:
    """A fifth of all files is validation: never trained, tuned or calibrated on."""
    return "validation" if _fraction(filename) < _VALIDATION_SHARE else "train"


def fold(filename: str) -> int:
    """0 to 4, for cross-validation and out-of-fold calibration inside the training part."""
    return int(_fraction(filename, salt="career-fold-1:") * N_FOLDS)


def _fraction(filename: str, *, salt: str = _SALT) -> float:
    decider = SAME_AS.get(filename, filename)
    return int(sha256((salt + decider).encode()).hexdigest()[:8], 16) / 16**8

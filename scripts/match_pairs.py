"""Requirements and sentences of invented resumes, by a person's judgement; written for this.

In ``match_pairs.json`` each phrase stands with sentences that meet it in other words, and with
sentences that do not although they are near it: another object, a lower part in the same work, a
wish, a denial, the same words about something else. ``TUNING`` chose the threshold and the rules;
``UNSEEN`` was written before and looked at after.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Judged:
    """``meets`` and ``fails`` are sentences as a resume might have them."""

    phrase: str
    meets: tuple[str, ...]
    fails: tuple[str, ...]


_PAIRS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def _judged(part: str) -> tuple[Judged, ...]:
    return tuple(
        Judged(pair["phrase"], tuple(pair["meets"]), tuple(pair["fails"])) for pair in _PAIRS[part]
    )


TUNING = _judged("tuning")
UNSEEN = _judged("unseen")

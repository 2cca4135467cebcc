"""Two readings of one document: how far they agree, and which of them to keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ml_service.domain.document import ExtractedText

_CLEARLY_BETTER = 0.05
_LOW_AGREEMENT = 0.9


def better_reading(
    first: ExtractedText, second: ExtractedText | None, *, drawn: Sequence[str]
) -> ExtractedText:
    """The reading that more neighbouring words of the drawing order bear out, ``first`` in a tie.

    ``second`` is None when it could not be read within its limit.
    """
    warnings = [*first.reading.warnings, "order_doubtful"]
    if second is None:
        warnings.append("second_reading_failed")
        return replace(first, reading=replace(first.reading, warnings=tuple(warnings)))
    one, two = _words(first), _words(second)
    agreement = order_agreement(one, two)
    kept = first
    gain = order_agreement(two, drawn) - order_agreement(one, drawn)
    # The second reading does not tell hidden text from what a person sees.
    if gain > _CLEARLY_BETTER and not first.hidden:
        kept = second
    if agreement < _LOW_AGREEMENT:
        warnings.append("readings_disagree")
    reading = replace(
        kept.reading,
        agreement=round(agreement, 4),
        warnings=tuple(warnings),
        unread_pages=first.reading.unread_pages,
    )
    return replace(kept, reading=reading)


def order_agreement(first: Sequence[str], second: Sequence[str]) -> float:
    """Share in [0, 1] of neighbouring word pairs that both orders have (Dice, counted)."""
    one, two = Counter(pairwise(first)), Counter(pairwise(second))
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 1.0


def _words(text: ExtractedText) -> list[str]:
    return [word for line in text.lines for word in line.text.split()]

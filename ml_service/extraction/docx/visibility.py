"""Which runs of a DOCX nobody sees: marked as hidden, in the colour of their ground, or tiny.

White text is hidden only where its ground is known: a picture, a shape or the style of a table
may lie behind it, and text that is seen must never be left out.
"""

from __future__ import annotations

import re

from ml_service.domain.document import HiddenReason
from ml_service.extraction.docx.styles import RunLook

_TINY_HALF_POINTS = 4
_SAME_COLOUR = 12
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")


def hidden_by(look: RunLook, *, ground: str | None) -> HiddenReason | None:
    """``ground`` is the colour behind the run, None where that cannot be known."""
    if look.vanished:
        return "invisible"
    if look.half_points is not None and 0 < look.half_points <= _TINY_HALF_POINTS:
        return "tiny"
    behind = look.ground or ground
    if look.colour is not None and behind is not None and _same(look.colour, behind):
        return "background"
    return None


def _same(one: str, other: str) -> bool:
    """In every channel all but equal; what is not written as a colour equals none."""
    if _COLOUR.fullmatch(one) is None or _COLOUR.fullmatch(other) is None:
        return False
    return all(
        abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) <= _SAME_COLOUR
        for at in (0, 2, 4)
    )

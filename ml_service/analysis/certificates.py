"""Certificates and licences, one text each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ml_service.analysis.phrases.folding import is_bullet, without_bullet
from ml_service.domain.document import Line

_MAX_CHARS = 140
_LETTERS = re.compile(r"[^\W\d_]+")


def find_certificates(lines: Sequence[Line]) -> tuple[str, ...]:
    """The lines of a section without bullets, wrapped ones joined, each once."""
    texts = (text.strip(" ,;") for text in _unwrapped(lines))
    return tuple(
        dict.fromkeys(
            text for text in texts if len(text) <= _MAX_CHARS and len(_LETTERS.findall(text)) > 0
        )
    )


def is_another_certificate(text: str, following: str) -> bool:
    """In a list without bullets every full line may be a certificate of its own."""
    return not is_bullet(text) and not following[:1].islower()


def _unwrapped(lines: Sequence[Line]) -> Iterator[str]:
    """Texts without bullets; a line on a page goes on the one before if that ends in a comma, or
    if only the first lines of certificates have bullets and this one has none."""
    held = ""
    bulleted = bool(lines) and is_bullet(lines[0].text)
    for line in lines:
        longer = f"{held} {line.text.strip()}"
        open_end = held.endswith(",") or (bulleted and bool(held))
        wrapped = open_end and line.box is not None and not is_bullet(line.text)
        if wrapped and len(longer) <= _MAX_CHARS:
            held = longer
        else:
            yield held
            held = without_bullet(line.text)
    yield held

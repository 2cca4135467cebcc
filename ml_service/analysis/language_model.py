"""The model that tells languages apart: py3langid's, loaded once."""

from __future__ import annotations

import lzma
from array import array
from functools import cache
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_loading = Lock()


def load_language_model() -> None:
    """Four tenths of a second; whoever comes meanwhile waits for it."""
    with _loading:
        _identifier()


def rank_languages(text: str) -> list[tuple[str, float]]:
    """Codes with their log-likelihoods, the likeliest first."""
    ranked: list[tuple[str, float]] = _identifier().rank(text)
    return ranked


@cache
def _identifier() -> LanguageIdentifier:
    """As the library would load it, but unpacked in one step, in which other threads go on: the
    library's own way asks for the interpreter six hundred times and waits for each.
    """
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - late

    unpacked = lzma.decompress((MODEL_DIR / MODEL_FILE).read_bytes())
    with np.load(BytesIO(unpacked), allow_pickle=False) as arrays:
        next_moves = array("I")  # 40 MB, copied once: the interpreter stands still meanwhile
        next_moves.frombytes(arrays["nextmove"].astype(np.uint32, copy=False).data.cast("B"))
        return LanguageIdentifier(
            arrays["ptc"],
            arrays["pc"],
            arrays["classes"].tolist(),
            next_moves,
            arrays["out_feat"].tolist(),
            tk_row=arrays["nextmove_row"].tolist(),
        )

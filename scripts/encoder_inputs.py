"""What the reference encoder multiplies its matrices with, seen while it embeds texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from encoder_graph import LayerMatrices, layer_matrices
from encoder_rounding import Floats, SeenInputs
from rich.console import Console
from rich.progress import track

from ml_service.inference.engines.sentence_transformers import load_model
from ml_service.inference.weights import EncoderManifest

_TEXTS_AT_ONCE = 100
"""So many texts' inputs are kept before they are added up."""


def seen_inputs(
    manifest: EncoderManifest, texts: Sequence[str], *, n_layers: int
) -> dict[str, SeenInputs]:
    """By the names of ``layer_matrices``. Every text runs alone."""
    model = load_model(manifest)
    modules: dict[str, Any] = dict(model[0].auto_model.named_modules())  # type: ignore[union-attr]
    notes: dict[str, list[Floats]] = {}
    for number in range(n_layers):
        for name, module in _modules(layer_matrices(number)):
            notes[name] = []
            modules[module].register_forward_pre_hook(_noting(notes[name]))
    seen: dict[str, SeenInputs] = {}
    for begin in track(
        range(0, len(texts), _TEXTS_AT_ONCE), "embedding", console=Console(stderr=True)
    ):
        for text in texts[begin : begin + _TEXTS_AT_ONCE]:
            model.encode([text], show_progress_bar=False)
        for name, rows in notes.items():
            together = np.concatenate(rows)
            seen.setdefault(name, SeenInputs(together.shape[1])).see(together)
            rows.clear()
    return seen


def _modules(names: LayerMatrices) -> list[tuple[str, str]]:
    """Queries, keys and values see the same: one of them is asked."""
    return [
        (names.asked, f"{names.asked}.query"),
        *((name, name) for name in (names.attended, names.widened, names.narrowed)),
    ]


def _noting(rows: list[Floats]) -> Callable[[Any, tuple[Any, ...]], None]:
    def note(_module: Any, given: tuple[Any, ...]) -> None:
        states = given[0].detach().numpy()
        rows.append(states.reshape(-1, states.shape[-1]))

    return note

"""What a model of intents is learned from and what comes of it; needs nothing that training alone
needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from ml_service.career.model_card import ModelCard

MIN_EXAMPLES = 10
"""Different texts under each intent."""

MIN_OUT_OF_SCOPE = 20
"""Or none at all."""

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class LabelledText:
    """``name`` says which row it is, for messages."""

    name: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class TrainedIntents:
    """``card.metrics`` are cross-validated; ``confusions`` count (right, answered, how often)."""

    card: ModelCard
    promoted: bool
    confusions: tuple[tuple[str, str, int], ...]

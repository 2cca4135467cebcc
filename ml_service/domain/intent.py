"""What somebody wants, and the query in it."""

from __future__ import annotations

from dataclasses import dataclass

from ml_service.domain.prediction import EncoderRef, ModelRef


@dataclass(frozen=True, slots=True)
class LikelyIntent:
    """``confidence`` is 0 to 1, calibrated."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ClassifiedText:
    """``likely`` is every intent of the model that is worth naming, the likeliest first.

    ``out_of_scope`` is decided by the model's threshold; the likeliest intent is told all the
    same. ``p_out_of_scope`` is 0 to 1, None of a model
    without examples of it.
    """

    likely: tuple[LikelyIntent, ...]
    out_of_scope: bool
    p_out_of_scope: float | None


@dataclass(frozen=True, slots=True)
class ClassifiedTexts:
    """One for each text, in their order. ``degraded_reason``: why another encoder answered than the
    one that is set up.
    """

    texts: tuple[ClassifiedText, ...]
    model: ModelRef
    encoder: EncoderRef
    degraded_reason: str | None = None

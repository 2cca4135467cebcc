"""What the card of a model of intents says in words."""

from __future__ import annotations

from collections.abc import Mapping

DEFINITIONS = (
    "In scope a text is right if its likeliest intent is its label; 'refused is wrong' counts "
    "those that were held to be out of scope as well. Macro-F1 is the mean F1 over all labels by "
    "what was answered in the end. Out-of-scope figures and ECE (15 bins of equal width) count "
    "texts as if 2 in 11 requests were out of scope, whatever their share of the examples is."
)
SPLITS = (
    "Five parts; texts of one label whose vectors have a cosine of 0.9 or more, and neighbours of "
    "neighbours, stand in one. Every figure is of texts that the maps, the shares of meaning and "
    "words, calibration and threshold of their part never saw. The model that answers is fitted "
    "to all of them."
)
LIMITS = (
    "It knows these intents and no other. A request that wants two things gets one.",
    "Examples say how people ask whom somebody imagined; real requests are shorter and odder.",
    "The encoder reads English; elsewhere answers are guesses.",
)
WITHOUT = (
    "No text out of scope was given: the threshold lets 97 of 100 examples in scope through, and "
    "the chance to be out of scope is only what the likeliest intent leaves."
)
FAIRNESS = "Not tested for differences between groups of people who write differently."


def about_intents(
    *,
    n_texts: Mapping[str, int],
    n_intents: int,
    source: str,
    licence: str | None,
    words_share: float,
) -> dict[str, str | tuple[str, ...]]:
    """Paragraphs by heading. ``n_texts`` by label."""
    total, least = sum(n_texts.values()), min(n_texts.values())
    without = () if len(n_texts) > n_intents else (WITHOUT,)
    return {
        "data": (
            f"{total:,} texts under {n_intents:,} intents, {least:,} at least, from {source}.",
            *without,
        ),
        "parts": f"Words count {words_share:.2f} beside the meaning, as cross-validation chose.",
        "splits": SPLITS,
        "definitions": DEFINITIONS,
        "limits": LIMITS,
        "fairness": FAIRNESS,
        "licence": licence or "Not stated by whoever trained it.",
    }

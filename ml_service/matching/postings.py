"""Order postings by a resume, and say which of their skills it has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np

from ml_service.domain.errors import EmbeddingSpaceMismatch
from ml_service.domain.ports import Embeddings, Float32Array
from ml_service.domain.posting import Posting

EMBEDDED_CHARACTERS = 1_000
SIMILARITY_DECIMALS = 6


def posting_text(posting: Posting) -> str:
    """What an encoder sees: the title and the start of the description, about 256 tokens."""
    return f"{posting.title}\n{posting.description[:EMBEDDED_CHARACTERS]}".strip()


def rank_postings(
    resume: Embeddings,
    posting_vectors: Embeddings,
    postings: Sequence[Posting],
    *,
    top_k: int | None = None,
) -> tuple[Posting, ...]:
    """Postings with their similarity to the resume, best first; ties by posting id.

    ``resume`` holds the unit vectors of its passages, one or more, whose mean stands for it;
    ``posting_vectors`` the unit vectors of ``postings``, in their order. Similarity is the cosine
    in [-1, 1], to six decimals. Raises EmbeddingSpaceMismatch when the two come from different
    encoders, ValueError when the numbers of vectors do not fit.
    Source: Manning, Raghavan, Schuetze, Introduction to Information Retrieval, 6.3.
    """
    if resume.encoder != posting_vectors.encoder:
        raise EmbeddingSpaceMismatch
    if len(resume.vectors) == 0 or len(posting_vectors.vectors) != len(postings):
        raise ValueError("Every posting needs one vector, and the resume at least one.")
    similarities = _cosines(resume.vectors, posting_vectors.vectors)
    compared = [
        replace(posting, similarity=similarity)
        for posting, similarity in zip(postings, similarities, strict=True)
    ]
    compared.sort(key=lambda posting: (-(posting.similarity or 0.0), posting.job_id))
    return tuple(compared[:top_k])


def _cosines(passages: Float32Array, postings: Float32Array) -> list[float]:
    """Summed row by row: equal vectors give equal similarities wherever they stand."""
    mean = passages.astype(np.float64).mean(axis=0)
    rows = postings.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(mean)
    if not np.all(lengths > 0):
        raise ValueError("A vector without length has no direction to compare.")
    cosines = (rows * mean).sum(axis=1) / lengths
    return [
        round(float(cosine), SIMILARITY_DECIMALS) + 0.0 for cosine in np.clip(cosines, -1.0, 1.0)
    ]


def matched_and_missing_skills(
    posting: Posting,
    *,
    resume_skills: Collection[str],
    find_skills: Callable[[Sequence[str]], Sequence[str]],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The skills that the posting names, split by whether the resume has them; posting order.

    ``find_skills`` finds catalogue skills in lines of text.
    """
    owned = {skill.casefold() for skill in resume_skills}
    named = {
        skill.casefold(): skill
        for skill in reversed(find_skills([posting.title, *posting.description.splitlines()]))
    }
    wanted = tuple(reversed(named.items()))
    matched = tuple(skill for folded, skill in wanted if folded in owned)
    missing = tuple(skill for folded, skill in wanted if folded not in owned)
    return matched, missing

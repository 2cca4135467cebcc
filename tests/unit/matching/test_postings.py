from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from ml_service.domain.errors import EmbeddingSpaceMismatch
from ml_service.domain.ports import Embeddings
from ml_service.domain.posting import Posting
from ml_service.domain.prediction import EncoderRef
from ml_service.matching import matched_and_missing_skills, posting_text, rank_postings

ENCODER = EncoderRef(model_id="small", revision="1", precision="fp32", engine="test")


def _embeddings(*vectors: Sequence[float], encoder: EncoderRef = ENCODER) -> Embeddings:
    rows = np.array(vectors, dtype=np.float32)
    return Embeddings(rows / np.linalg.norm(rows, axis=1, keepdims=True), encoder)


def _postings(*ids: str) -> list[Posting]:
    return [Posting(job_id, f"Job {job_id}", "board") for job_id in ids]


def test_the_closest_posting_comes_first_with_its_cosine() -> None:
    ranked = rank_postings(
        _embeddings([1, 0]), _embeddings([0, 1], [3, 4], [1, 0], [-1, 0]), _postings(*"abcd")
    )

    assert [posting.job_id for posting in ranked] == ["c", "b", "a", "d"]
    assert [posting.similarity for posting in ranked] == [1.0, 0.6, 0.0, -1.0]


def test_equal_similarities_are_ordered_by_id() -> None:
    direction = list(np.random.default_rng(0).normal(size=384))
    ids = [f"{number:03d}" for number in range(99, -1, -1)]
    ranked = rank_postings(_embeddings(direction), _embeddings(*[direction] * 100), _postings(*ids))

    assert [posting.job_id for posting in ranked] == sorted(ids)


def test_several_passages_count_as_their_mean() -> None:
    ranked = rank_postings(
        _embeddings([1, 0], [0, 1]), _embeddings([1, 0], [1, 1]), _postings("one", "both")
    )

    assert [posting.job_id for posting in ranked] == ["both", "one"]
    assert ranked[0].similarity == 1.0
    assert ranked[1].similarity == pytest.approx(0.707107)


def test_only_the_best_are_kept_when_asked() -> None:
    ranked = rank_postings(
        _embeddings([1, 0]), _embeddings([0, 1], [1, 0]), _postings("a", "b"), top_k=1
    )

    assert [posting.job_id for posting in ranked] == ["b"]


def test_no_postings_give_no_postings() -> None:
    nothing = Embeddings(np.zeros((0, 2), dtype=np.float32), ENCODER)

    assert rank_postings(_embeddings([1, 0]), nothing, []) == ()


@pytest.mark.parametrize(
    "other",
    [
        EncoderRef("other", "1", "fp32", "test"),
        EncoderRef("small", "2", "fp32", "test"),
        EncoderRef("small", "1", "bf16", "test"),
    ],
)
def test_vectors_of_two_encoders_are_never_compared(other: EncoderRef) -> None:
    with pytest.raises(EmbeddingSpaceMismatch):
        rank_postings(_embeddings([1, 0]), _embeddings([1, 0], encoder=other), _postings("a"))


def test_vectors_that_do_not_belong_to_the_postings_are_refused() -> None:
    with pytest.raises(ValueError, match="one vector"):
        rank_postings(_embeddings([1, 0]), _embeddings([1, 0]), _postings("a", "b"))
    with pytest.raises(ValueError, match="direction"):
        rank_postings(_embeddings([1, 0], [-1, 0]), _embeddings([1, 0]), _postings("a"))


def test_what_is_embedded_is_the_title_and_the_start_of_the_description() -> None:
    posting = Posting("1", "Nurse", "board", description="x" * 5_000)

    assert posting_text(posting).startswith("Nurse\nxxx")
    assert len(posting_text(posting)) < 1_100
    assert posting_text(Posting("1", "Nurse", "board")) == "Nurse"


def test_skills_of_a_posting_are_split_by_what_the_resume_has() -> None:
    def find_skills(lines: Sequence[str]) -> list[str]:
        words = " ".join(lines).split()
        return [word for word in words if word in {"Python", "SQL", "Docker"}]

    posting = Posting("1", "Python engineer", "board", description="SQL and\nDocker and SQL")
    matched, missing = matched_and_missing_skills(
        posting, resume_skills=["docker", "PYTHON"], find_skills=find_skills
    )

    assert matched == ("Python", "Docker")
    assert missing == ("SQL",)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_service.career.calibration import Calibration, spread
from ml_service.domain.shares import softmax


def test_confidence_is_a_logistic_of_the_clues() -> None:
    calibration = Calibration(weights=(2.0, 0.0), intercept=-1.0)
    assert calibration.confidence((0.5, 9.0)) == pytest.approx(0.5)


@pytest.mark.parametrize(("clue", "bound"), [(1e4, 0.99), (-1e4, 0.01)])
def test_confidence_never_claims_more_than_can_be_shown(clue: float, bound: float) -> None:
    assert Calibration(weights=(1.0,), intercept=0.0).confidence((clue,)) == bound


@given(
    st.lists(st.floats(-20, 20, width=32), min_size=6, max_size=12),
    st.floats(0.01, 0.99),
)
def test_shared_confidences_sum_to_at_most_one_and_never_pass_the_first(
    scores: list[float], confidence: float
) -> None:
    shares = softmax(np.array([-np.inf, *scores]))
    others = np.argsort(-shares, kind="stable")[:4]
    shared = spread(shares, order=[0, *others.tolist()], confidence=confidence)
    assert sum(shared) <= 1 + 1e-9
    assert max(shared) == shared[0] == confidence
    assert list(shared[1:]) == sorted(shared[1:], reverse=True)

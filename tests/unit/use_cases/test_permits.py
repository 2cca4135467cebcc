from __future__ import annotations

import pytest

from ml_service.domain.errors import Overloaded
from ml_service.use_cases.permits import Permits


def test_more_work_than_permits_is_refused_at_once() -> None:
    permits = Permits(1)

    with permits.take(), pytest.raises(Overloaded) as refused, permits.take():
        pass

    assert refused.value.retry_after_s > 0


def test_a_permit_comes_back_also_after_a_failure() -> None:
    permits = Permits(1)

    with pytest.raises(RuntimeError), permits.take():
        raise RuntimeError
    with permits.take():
        assert permits.taken == 1

    assert permits.taken == 0

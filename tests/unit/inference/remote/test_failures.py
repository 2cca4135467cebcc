from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ml_service.inference.remote.failures import seconds_of


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        (None, None),
        ("3", 3.0),
        ("0.5", 0.5),
        ("-4", 0.0),
        ("soon", None),
        ("nan", None),
        ("9" * 400, None),
        ("1 Jan 99999999999999999999 00:00:00 GMT", None),
        ("1 Jan 2020 00:00:00 +99999999999999999999", None),
    ],
)
def test_retry_after_in_seconds(stated: str | None, seconds: float | None) -> None:
    assert seconds_of(stated) == seconds


def test_retry_after_as_a_moment() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    long_ago = "Sun, 06 Nov 1994 08:49:37 GMT"

    assert seconds_of(in_a_minute) == pytest.approx(60, abs=2)
    assert seconds_of(long_ago) == 0.0

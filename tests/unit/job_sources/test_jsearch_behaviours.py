"""Every behaviour that a board may show, what our client makes of it, and what it is charged.

Over real HTTP, against the stand-in. The next module looks closer at some of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ml_service.domain.errors import JobsError, JobsQuotaExhausted, JobsUnavailable
from ml_service.job_sources.jsearch import Timeouts
from tests.jsearch_scenarios import SCENARIOS
from tests.jsearch_stand_in import JSearchStandIn
from tests.unit.job_sources.conftest import KEY, QUERY, Pauses, source_at

PATIENT = Timeouts(connect_s=2, read_s=10, deadline_s=20)
SHORT_READ = Timeouts(connect_s=2, read_s=0.3, deadline_s=20)
SHORT_DEADLINE = Timeouts(connect_s=2, read_s=10, deadline_s=0.4)
RESET_S = 2_163_603


@dataclass(frozen=True)
class Page:
    n_postings: int
    more: bool = False
    n_dropped: int = 0


@dataclass(frozen=True)
class Unavailable:
    """``says`` is a word of the sentence that the caller reads."""

    says: str


@dataclass(frozen=True)
class Exhausted:
    """Seconds until the caller may come back."""

    retry_after_s: int


Outcome = Page | Unavailable | Exhausted

KEY_REFUSED = Unavailable("Check RAPIDAPI_KEY")
ADDRESS = Unavailable("Check JSEARCH_BASE_URL")
SEARCH = Unavailable("did not accept this search")
OFTEN = Unavailable("too often")
FAILED = Unavailable("did not answer as it should")
UNREADABLE = Unavailable("cannot be read")
BROKE_OFF = Unavailable("could not be reached")
SLOW = Unavailable("too long")

# behaviour, scenario of the stand-in, attempts that are charged, what the caller gets
BEHAVIOURS: list[tuple[str, str, int, Outcome]] = [
    ("normal page", "normal", 1, Page(10, more=True)),
    ("last page: the cursor is null", "last_page", 1, Page(1)),
    ("empty result", "empty", 1, Page(0)),
    ("data is an array", "legacy_shape", 1, Page(2)),
    ("every nullable field is null", "bare_job", 1, Page(1)),
    ("a description of 20 KB", "long_description", 1, Page(1)),
    ("unknown extra fields", "unknown_fields", 1, Page(1)),
    ("wrong types in the fields of one job", "odd_types", 1, Page(3)),
    ("entries that are no jobs", "one_bad_job", 1, Page(2, n_dropped=3)),
    ("nothing but entries that are no jobs", "only_bad_jobs", 1, UNREADABLE),
    ("a job that is remote", "remote_job", 1, Page(2)),
    ("400", "bad_request", 1, SEARCH),
    ("401", "unauthorized", 1, KEY_REFUSED),
    ("403: not subscribed", "not_subscribed", 1, KEY_REFUSED),
    ("404: a retired path", "unknown_path", 1, ADDRESS),
    ("422 with HTML", "unprocessable", 1, SEARCH),
    ("429 for quota, with headers", "quota_429", 1, Exhausted(RESET_S)),
    ("429 for quota, without headers", "quota_429_without_headers", 1, Exhausted(900)),
    ("429 for a burst, with headers", "burst_429", 2, OFTEN),
    ("429 for a burst, without headers", "burst_429_without_headers", 2, OFTEN),
    ("429 with an empty body", "empty_429", 2, OFTEN),
    ("429, empty, headers count nothing left", "empty_429_with_quota_gone", 1, Exhausted(RESET_S)),
    ("200 that was the last of the quota", "last_of_the_quota", 1, Page(1)),
    ("500 with JSON", "server_error", 1, FAILED),
    ("502 with HTML", "bad_gateway", 2, FAILED),
    ("503 with text", "unavailable", 2, FAILED),
    ("504 after a delay", "gateway_timeout", 2, FAILED),
    ("200 with broken JSON", "invalid_json", 1, UNREADABLE),
    ("200 with JSON that is nested without end", "deep_json", 1, UNREADABLE),
    ("200 with a status other than OK", "status_error", 1, UNREADABLE),
    ("200 without data", "no_data", 1, UNREADABLE),
    ("200 with HTML", "html", 1, UNREADABLE),
    ("200 with JSON that is called text", "json_called_text", 1, UNREADABLE),
    ("200 without a content type", "no_content_type", 1, UNREADABLE),
    ("packed with gzip", "gzipped", 1, Page(1)),
    ("packed with what was not asked for", "unknown_encoding", 1, UNREADABLE),
    ("a packed body that unpacks to 50 MB", "gzip_bomb", 1, UNREADABLE),
    ("a body shorter than its Content-Length", "truncated", 1, BROKE_OFF),
    ("connection reset", "reset", 1, BROKE_OFF),
    ("silence beyond the read timeout", "slow", 1, SLOW),
    ("slow drip", "slow_drip", 1, SLOW),
    ("a body of 50 MB", "huge", 1, UNREADABLE),
    ("redirection", "redirect", 1, FAILED),
]
TIMEOUTS = {"slow": SHORT_READ, "slow_drip": SHORT_DEADLINE}


@pytest.mark.parametrize(
    ("scenario", "n_attempts", "outcome"),
    [pytest.param(*row[1:], id=row[0]) for row in BEHAVIOURS],
)
async def test_what_the_client_makes_of_it(
    board: JSearchStandIn,
    pauses: Pauses,
    caplog: pytest.LogCaptureFixture,
    scenario: str,
    n_attempts: int,
    outcome: Outcome,
) -> None:
    board.play(scenario)
    source = source_at(board.url, pauses, TIMEOUTS.get(scenario, PATIENT))
    try:
        page = await source.search(QUERY)
        got: Outcome = Page(
            len(page.postings), more=page.next_cursor is not None, n_dropped=_n_dropped(caplog)
        )
    except JobsError as failure:
        got = _as_outcome(failure, outcome)
    finally:
        await source.close()

    assert got == outcome
    assert len(board.requests) == n_attempts


def _n_dropped(caplog: pytest.LogCaptureFixture) -> int:
    """As the log counts them: ``3 of 5 jobs of a page were unusable``."""
    lines = (record.getMessage() for record in caplog.records)
    return sum(int(line.split()[0]) for line in lines if "unusable" in line)


def _as_outcome(failure: JobsError, expected: Outcome) -> Outcome:
    assert KEY not in f"{failure!r} {failure.__cause__!r}"
    if isinstance(failure, JobsQuotaExhausted):
        assert failure.retry_after_s is not None
        return Exhausted(failure.retry_after_s)
    assert isinstance(failure, JobsUnavailable)
    if isinstance(expected, Unavailable) and expected.says in failure.message:
        return expected
    return Unavailable(failure.message)


def test_no_behaviour_of_the_stand_in_is_left_out() -> None:
    assert sorted(row[1] for row in BEHAVIOURS) == sorted(SCENARIOS)

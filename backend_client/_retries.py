"""Whether a call is tried again, and when. Pure: time and chance are handed in."""

from __future__ import annotations

from dataclasses import dataclass

from backend_client.errors import (
    BreakerOpen,
    ConnectionFailed,
    KeyInUseError,
    RateLimitedError,
    ResumeClientError,
    ServerError,
    StatusError,
    TimedOut,
    UnavailableError,
    UploadTimeoutError,
)
from backend_client.options import Retries

LEAST_JITTER = 0.5
"""A delay is between this share of its length and the whole, so that callers come apart."""

LEAST_WAIT_S = 0.2
"""Between two looks at an answer that is under way, whatever ``Retry-After`` says."""

NO_RETRY_CODES = frozenset({"jobs_not_configured", "jobs_quota_exhausted"})
"""What is so now will be so in a few seconds."""


@dataclass(slots=True)
class Tries:
    """What one call has been through. ``maybe_done``: an earlier try may have taken place.

    ``repeats_slow``: a try that ran out of time is made again. It costs its whole time once more,
    so it is not where somebody else can answer meanwhile.
    """

    policy: Retries
    max_retries: int
    repeatable: bool
    repeats_slow: bool = True
    n_retries: int = 0
    in_flight_since_s: float | None = None
    maybe_done: bool = False

    def delay_after(
        self, failure: ResumeClientError, *, now_s: float, chance: float
    ) -> float | None:
        """Seconds until the next try, or None where there is none. ``chance`` in [0, 1)."""
        if is_ambiguous(failure):
            self.maybe_done = True
        if isinstance(failure, KeyInUseError):
            return self._while_in_flight(failure, now_s=now_s, chance=chance)
        if self.n_retries >= self.max_retries or not self._may_repeat(failure):
            return None
        delay_s = self._delay(failure, chance)
        self.n_retries += 1
        return delay_s

    def _while_in_flight(
        self, failure: KeyInUseError, *, now_s: float, chance: float
    ) -> float | None:
        """Our own key: the answer is under way, so waiting for it costs no try."""
        if self.max_retries == 0:
            return None
        self.in_flight_since_s = now_s if self.in_flight_since_s is None else self.in_flight_since_s
        delay_s = failure.retry_after_s
        if delay_s is None:
            delay_s = backoff_s(self.policy, self.n_retries, chance)
        delay_s = max(delay_s, LEAST_WAIT_S)
        waited_s = now_s - self.in_flight_since_s
        return delay_s if waited_s + delay_s <= self.policy.in_flight_s else None

    def _may_repeat(self, failure: ResumeClientError) -> bool:
        if is_slow(failure) and not self.repeats_slow:
            return False
        return is_passing(failure) and (self.repeatable or not is_ambiguous(failure))

    def _delay(self, failure: ResumeClientError, chance: float) -> float | None:
        asked_s = failure.retry_after_s if isinstance(failure, StatusError) else None
        if asked_s is None:
            return backoff_s(self.policy, self.n_retries, chance)
        return asked_s if asked_s <= self.policy.longest_retry_after_s else None


def backoff_s(policy: Retries, n_retries: int, chance: float) -> float:
    longest_s = min(policy.longest_delay_s, policy.first_delay_s * 2.0**n_retries)
    return longest_s * (LEAST_JITTER + (1 - LEAST_JITTER) * chance)


def is_passing(failure: ResumeClientError) -> bool:
    """It may be otherwise in a moment."""
    if isinstance(failure, BreakerOpen) or failure.code in NO_RETRY_CODES:
        return False
    return isinstance(
        failure, ConnectionFailed | TimedOut | UploadTimeoutError | RateLimitedError | ServerError
    )


def is_slow(failure: ResumeClientError) -> bool:
    """The service, or a gateway before it, had the request and let the time pass."""
    if isinstance(failure, TimedOut):
        return failure.sent
    return isinstance(failure, UnavailableError) and failure.status == 504


def is_ambiguous(failure: ResumeClientError) -> bool:
    """The service may have done what was asked all the same."""
    if isinstance(failure, ConnectionFailed | TimedOut):
        return failure.sent
    if isinstance(failure, UnavailableError):
        return failure.status != 503
    return isinstance(failure, ServerError)

"""Why a remote encoder did not answer, and what follows from it."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

FailureKind = Literal[
    "unreachable",  # no connection, or one that broke
    "timeout",  # nothing within the time
    "overloaded",  # 429 and 503, or our own requests are all under way
    "unavailable",  # 502, 504 and other statuses that say nothing of the texts
    "refused",  # these texts were not accepted
    "bad_answer",  # an answer that is none: shape, numbers, id
    "not_proven",  # another encoder than the one whose vectors are known
]

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
_OF_THE_TEXTS = frozenset({400, 413, 422})

log = logging.getLogger(__name__)


class RemoteFailure(Exception):
    """``message`` goes into answers and logs: no address, nothing of a text, no foreign words.

    ``passing``: worth another try at once.
    """

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        *,
        passing: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.passing = passing
        self.retry_after_s = retry_after_s

    def again(self) -> RemoteFailure:
        """The same without its frames, which hold texts."""
        return RemoteFailure(self.kind, self.message, retry_after_s=self.retry_after_s)


def unreachable(how: str) -> RemoteFailure:
    return RemoteFailure("unreachable", f"The remote encoder {how}.", passing=True)


def too_slow(timeout_s: float) -> RemoteFailure:
    return RemoteFailure("timeout", f"The remote encoder did not answer within {timeout_s:g} s.")


def bad_answer(what: str) -> RemoteFailure:
    return RemoteFailure("bad_answer", f"The remote encoder's answer is not usable: {what}.")


@contextmanager
def as_bad_answer() -> Iterator[None]:
    """Whatever else an odd answer sets off is a RemoteFailure too: servers may say anything, and
    nobody is to wait for ever, nor a service to end, because of it.
    """
    try:
        yield
    except RemoteFailure:
        raise
    except Exception as error:
        # Its type alone: the message may quote the answer.
        log.error("the remote encoder's answer set off %s", type(error).__name__)
        raise bad_answer("reading it failed") from error


def not_proven(doubt: str) -> RemoteFailure:
    return RemoteFailure("not_proven", f"The remote encoder is another one: {doubt}.")


def of_status(status: int, *, retry_after: str | None, said: str = "") -> RemoteFailure:
    """``said`` is a word from a closed set, such as the type of an error."""
    words = f"The remote encoder answered {status}{f' {said}' if said else ''}."
    if status in RETRIED_STATUSES:
        return RemoteFailure(
            "overloaded" if status in {429, 503} else "unavailable",
            words,
            passing=True,
            retry_after_s=seconds_of(retry_after),
        )
    return RemoteFailure("refused" if status in _OF_THE_TEXTS else "unavailable", words)


def seconds_of(retry_after: str | None) -> float | None:
    """``Retry-After`` as seconds from now; None where it says nothing. RFC 9110, 10.2.3."""
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        seconds = _until(retry_after)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _until(moment: str) -> float:
    try:
        at = parsedate_to_datetime(moment)
    except (ValueError, OverflowError):
        return math.nan
    return (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()

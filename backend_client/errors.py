"""Everything that a call can raise, as one tree.

    ResumeClientError
    ├── ConfigurationError            a setting or argument that cannot be used (also a ValueError)
    ├── ConnectionFailed              no whole answer came: refused, reset, cut off
    │   └── BreakerOpen               not even asked: the last tries all failed
    ├── TimedOut                      no answer in time; ``phase`` says which
    ├── BadResponse                   an answer that is none of this service
    ├── LocalAnalysisUnavailable      this process could not stand in for the service
    ├── OutboxError                   the outbox cannot be read or written
    │   └── OutboxFull                it holds as much as it may
    └── StatusError                   the service refused or failed; ``status`` says how
        ├── BadRequestError           400
        ├── UnauthorizedError         401
        ├── ForbiddenError            403
        ├── NotFoundError             404
        ├── UploadTimeoutError        408
        ├── ConflictError             409
        │   └── KeyInUseError         409 idempotency_key_in_use
        ├── PreconditionFailedError   412
        ├── TooLargeError             413
        ├── UnsupportedTypeError      415
        ├── InvalidRequestError       422
        ├── RateLimitedError          429
        └── ServerError               500 and above
            └── UnavailableError      502, 503, 504

``code`` is what callers branch on, ``detail`` what people read. No message holds a key or anything
from a resume.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

Phase = Literal["connect", "write", "read", "pool", "answer"]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """``pointer`` is a JSON pointer into the body, or a parameter's name behind a ``/``."""

    detail: str
    pointer: str


class ResumeClientError(Exception):
    """Base of all."""

    default_code: ClassVar[str] = "client_error"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        request_id: str | None = None,
        errors: Sequence[FieldProblem] = (),
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code: str = code or self.default_code
        self.request_id = request_id
        self.errors: tuple[FieldProblem, ...] = tuple(errors)

    def __str__(self) -> str:
        named = f"{self.code}: {self.detail}"
        return f"{named} (request {self.request_id})" if self.request_id else named


class ConfigurationError(ResumeClientError, ValueError):
    default_code = "configuration"


class ConnectionFailed(ResumeClientError):
    """``sent`` is False where the request certainly never reached the service."""

    default_code = "connection_failed"

    def __init__(self, detail: str, *, sent: bool = True, request_id: str | None = None) -> None:
        super().__init__(detail, request_id=request_id)
        self.sent = sent


class BreakerOpen(ConnectionFailed):
    default_code = "breaker_open"

    def __init__(self) -> None:
        super().__init__("The service did not answer lately; it is asked again soon.", sent=False)


class TimedOut(ResumeClientError):
    default_code = "timed_out"

    def __init__(self, detail: str, *, phase: Phase) -> None:
        super().__init__(detail)
        self.phase = phase
        self.sent: bool = phase not in {"connect", "pool"}


class BadResponse(ResumeClientError):
    default_code = "bad_response"


class LocalAnalysisUnavailable(ResumeClientError):
    default_code = "local_analysis_unavailable"


class OutboxError(ResumeClientError):
    default_code = "outbox_error"


class OutboxFull(OutboxError):
    default_code = "outbox_full"


class StatusError(ResumeClientError):
    """``retry_after_s`` is what the answer asked for, None where it did not."""

    default_code = "status_error"

    def __init__(
        self,
        detail: str,
        *,
        status: int,
        code: str | None = None,
        request_id: str | None = None,
        errors: Sequence[FieldProblem] = (),
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(detail, code=code, request_id=request_id, errors=errors)
        self.status = status
        self.retry_after_s = retry_after_s


class BadRequestError(StatusError):
    default_code = "bad_request"


class UnauthorizedError(StatusError):
    default_code = "unauthorized"


class ForbiddenError(StatusError):
    default_code = "forbidden"


class NotFoundError(StatusError):
    default_code = "not_found"


class UploadTimeoutError(StatusError):
    default_code = "upload_timeout"


class ConflictError(StatusError):
    default_code = "conflict"


class KeyInUseError(ConflictError):
    default_code = "idempotency_key_in_use"


class PreconditionFailedError(StatusError):
    default_code = "precondition_failed"


class TooLargeError(StatusError):
    default_code = "too_large"


class UnsupportedTypeError(StatusError):
    default_code = "unsupported_type"


class InvalidRequestError(StatusError):
    default_code = "invalid_request"


class RateLimitedError(StatusError):
    default_code = "rate_limited"


class ServerError(StatusError):
    default_code = "server_error"


class UnavailableError(ServerError):
    default_code = "unavailable"


BY_STATUS: dict[int, type[StatusError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    408: UploadTimeoutError,
    409: ConflictError,
    412: PreconditionFailedError,
    413: TooLargeError,
    415: UnsupportedTypeError,
    422: InvalidRequestError,
    429: RateLimitedError,
    502: UnavailableError,
    503: UnavailableError,
    504: UnavailableError,
}


def error_class(status: int, code: str | None) -> type[StatusError]:
    if code == KeyInUseError.default_code:
        return KeyInUseError
    return BY_STATUS.get(status, ServerError if status >= 500 else StatusError)

"""The typed client of the resume service. Importing it needs httpx and pydantic only.

    from backend_client import ResumeClient

    with ResumeClient("http://localhost:8000") as client:
        prediction = client.predict("resume.pdf", user_id="marta")

``docs/client/api.md`` lists every method, ``backend_client.types`` every type of an answer.
"""

from backend_client._documents import FileInput
from backend_client._events import Stage
from backend_client._requests import JobFilters, PredictionChanges, PredictionFilters
from backend_client._scoring_requests import Turn
from backend_client._sync import SyncReport
from backend_client.async_client import AsyncResumeClient
from backend_client.breaker import Breaker
from backend_client.client import ResumeClient
from backend_client.errors import (
    BadRequestError,
    BadResponse,
    BreakerOpen,
    ConfigurationError,
    ConflictError,
    ConnectionFailed,
    FieldProblem,
    ForbiddenError,
    InvalidRequestError,
    KeyInUseError,
    LocalAnalysisUnavailable,
    NotFoundError,
    OutboxError,
    OutboxFull,
    PreconditionFailedError,
    RateLimitedError,
    ResumeClientError,
    ServerError,
    StatusError,
    TimedOut,
    TooLargeError,
    UnauthorizedError,
    UnavailableError,
    UnsupportedTypeError,
    UploadTimeoutError,
)
from backend_client.exports import AsyncExport, Export
from backend_client.options import Retries, Timeouts
from backend_client.outbox import Outbox, OutboxEntry
from backend_client.pages import AsyncPages, Pages
from backend_client.types import (
    Health,
    Intent,
    Interview,
    InterviewSummary,
    Occupation,
    Posting,
    Prediction,
    PredictionSummary,
    Rescored,
    UserExport,
)

__all__ = [
    "AsyncExport",
    "AsyncPages",
    "AsyncResumeClient",
    "BadRequestError",
    "BadResponse",
    "Breaker",
    "BreakerOpen",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailed",
    "Export",
    "FieldProblem",
    "FileInput",
    "ForbiddenError",
    "Health",
    "Intent",
    "Interview",
    "InterviewSummary",
    "InvalidRequestError",
    "JobFilters",
    "KeyInUseError",
    "LocalAnalysisUnavailable",
    "NotFoundError",
    "Occupation",
    "Outbox",
    "OutboxEntry",
    "OutboxError",
    "OutboxFull",
    "Pages",
    "Posting",
    "PreconditionFailedError",
    "Prediction",
    "PredictionChanges",
    "PredictionFilters",
    "PredictionSummary",
    "RateLimitedError",
    "Rescored",
    "ResumeClient",
    "ResumeClientError",
    "Retries",
    "ServerError",
    "Stage",
    "StatusError",
    "SyncReport",
    "TimedOut",
    "Timeouts",
    "TooLargeError",
    "Turn",
    "UnauthorizedError",
    "UnavailableError",
    "UnsupportedTypeError",
    "UploadTimeoutError",
    "UserExport",
]

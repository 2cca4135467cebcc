"""Everything that can be refused or fail, as one tree.

    ServiceError
    ├── DocumentRefused           the upload cannot be analysed
    │   ├── NoFile                no_file
    │   ├── TooLarge              too_large
    │   ├── UnsupportedType       unsupported_type
    │   ├── EmptyDocument         empty_document
    │   ├── NoTextLayer           no_text_layer
    │   ├── Encrypted             encrypted
    │   ├── Corrupt               corrupt
    │   ├── TooManyPages          too_many_pages
    │   ├── ParseTimeout          parse_timeout
    │   ├── ParseMemory           parse_memory
    │   └── NotAResume            not_a_resume
    ├── InvalidRequest            invalid_request, with the field that is wrong
    ├── NotFound
    │   ├── PredictionNotFound    prediction_not_found
    │   ├── OccupationNotFound    occupation_not_found
    │   ├── ModelNotFound         model_not_found
    │   └── InterviewNotFound     interview_not_found
    ├── InterviewExists           interview_exists
    ├── TextNotStored             text_not_stored
    ├── ModelChanged              model_changed
    ├── ModelInUse                model_in_use
    ├── ModelRefused              model_refused
    ├── UserErased                user_erased
    ├── PreconditionFailed        precondition_failed
    ├── IdempotencyError
    │   ├── KeyInUse              idempotency_key_in_use
    │   └── KeyReused             idempotency_key_reused
    ├── RateLimited               rate_limited
    ├── UploadTimeout             upload_timeout
    ├── NotAcceptable             not_acceptable
    ├── Unauthorized              unauthorized
    │   └── JobsNeedKey           unauthorized
    ├── Forbidden                 forbidden
    ├── Overloaded                overloaded
    ├── JobsError
    │   ├── JobsNotConfigured     jobs_not_configured
    │   ├── JobsUnavailable       jobs_unavailable
    │   └── JobsQuotaExhausted    jobs_quota_exhausted
    ├── ModelError
    │   ├── ModelUnavailable      model_unavailable
    │   ├── WeightsMismatch       weights_mismatch
    │   └── EmbeddingSpaceMismatch  embedding_space_mismatch
    ├── InterviewServiceUnavailable  interview_services_unavailable
    └── StorageUnavailable        storage_unavailable

A message is a sentence for the caller that says what to do. It never holds a path, a parser's
words or anything from a resume.
"""

from __future__ import annotations

from typing import ClassVar


class ServiceError(Exception):
    """Base of all; ``code`` is what callers branch on, the message what people read."""

    code: ClassVar[str] = "service_error"
    default_message: ClassVar[str] = "The service could not do this."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.default_message)

    @property
    def message(self) -> str:
        return str(self.args[0])


class DocumentRefused(ServiceError):
    code = "document_refused"


class NoFile(DocumentRefused):
    code = "no_file"
    default_message = "No file arrived. Send the resume as the multipart field 'file'."


class TooLarge(DocumentRefused):
    code = "too_large"
    default_message = "The file is larger than this service accepts."


class UnsupportedType(DocumentRefused):
    code = "unsupported_type"
    default_message = "Only PDF and DOCX are read. Save the resume as one of these and try again."


class EmptyDocument(DocumentRefused):
    code = "empty_document"
    default_message = "The document holds no text. Check that the right file was sent."


class NoTextLayer(DocumentRefused):
    code = "no_text_layer"
    default_message = (
        "The pages are pictures without a text layer, as a scanner makes them. "
        "Export the resume from the program it was written in."
    )


class Encrypted(DocumentRefused):
    code = "encrypted"
    default_message = "The document is protected by a password. Save it without one and try again."


class Corrupt(DocumentRefused):
    code = "corrupt"
    default_message = "The document is damaged and cannot be read. Export it again."


class TooManyPages(DocumentRefused):
    code = "too_many_pages"
    default_message = "The document has more pages than this service reads."


class ParseTimeout(DocumentRefused):
    code = "parse_timeout"
    default_message = "Reading the document took too long. Export it again in a simpler form."


class ParseMemory(DocumentRefused):
    code = "parse_memory"
    default_message = "Reading the document took too much memory. Export it in a simpler form."


class NotAResume(DocumentRefused):
    code = "not_a_resume"
    default_message = (
        "The text does not look like a resume: no work, education or skills were found."
    )


class InvalidRequest(ServiceError):
    """``field`` names the parameter or body field that is wrong."""

    code = "invalid_request"

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class NotFound(ServiceError):
    code = "not_found"


class PredictionNotFound(NotFound):
    code = "prediction_not_found"
    default_message = "There is no prediction with this id."


class OccupationNotFound(NotFound):
    code = "occupation_not_found"
    default_message = "There is no occupation with this code. O*NET-SOC codes look like 15-1252.00."


class ModelNotFound(NotFound):
    code = "model_not_found"
    default_message = (
        "There is no model with this name. GET /api/v1/models and GET /v2/models list those there "
        "are."
    )


class InterviewNotFound(NotFound):
    code = "interview_not_found"
    default_message = "There is no interview with this id."


class InterviewExists(ServiceError):
    """409: the id names an interview with other words, weights, job or people."""

    code = "interview_exists"
    default_message = (
        "Another interview is kept under this interview_id. Delete it first, or use another id."
    )


class TextNotStored(ServiceError):
    code = "text_not_stored"
    default_message = "This service was told not to store the text of resumes."


class ModelChanged(ServiceError):
    code = "model_changed"
    default_message = (
        "Another revision of the model made this prediction than the one that is loaded, and no "
        "other can say what moved it. Upload the resume again."
    )


class ModelInUse(ServiceError):
    """409: a revision that answers requests is neither removed nor unloaded."""

    code = "model_in_use"
    default_message = "This revision answers requests. Let another one do it first."


class ModelRefused(ServiceError):
    """422: an uploaded model that this service does not take; the message says what to do."""

    code = "model_refused"
    default_message = "This is no model that the service takes."


class UserErased(ServiceError):
    code = "user_erased"
    default_message = (
        "All that is held of this user was erased while the upload was in work, so it was not "
        "saved. Send it again if it is to be kept."
    )


class PreconditionFailed(ServiceError):
    code = "precondition_failed"
    default_message = (
        "The record has changed since it was read. Read it again, then change what is there now."
    )


class IdempotencyError(ServiceError):
    code = "idempotency_error"


class KeyInUse(IdempotencyError):
    """``retry_after_s`` tells the caller when to ask for the answer again."""

    code = "idempotency_key_in_use"
    default_message = "A request with this Idempotency-Key is still being worked on."

    def __init__(self, message: str | None = None, *, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class KeyReused(IdempotencyError):
    code = "idempotency_key_reused"
    default_message = (
        "This Idempotency-Key came with another request before. Use a new key for a new request."
    )


class RateLimited(ServiceError):
    """``retry_after_s`` is when the next request of this kind is served."""

    code = "rate_limited"
    default_message = "Too many requests of this kind. Try again later."

    def __init__(self, message: str | None = None, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class UploadTimeout(ServiceError):
    code = "upload_timeout"
    default_message = "The request took too long to arrive. Send it again."


class NotAcceptable(ServiceError):
    code = "not_acceptable"
    default_message = "This route answers application/json."


class Unauthorized(ServiceError):
    code = "unauthorized"
    default_message = "An API key is needed. Send it as X-API-Key."


class JobsNeedKey(Unauthorized):
    """Asking the board would spend quota, and nobody knows who asks."""

    default_message = (
        "Job searches that were not made lately cost quota of the job board, so they need an "
        "API key. Send it as X-API-Key."
    )


class Forbidden(ServiceError):
    code = "forbidden"
    default_message = "This key may not do that."


class Overloaded(ServiceError):
    """``retry_after_s`` tells the caller when to come back."""

    code = "overloaded"
    default_message = "Too many resumes are being read at this moment. Try again shortly."

    def __init__(self, message: str | None = None, *, retry_after_s: int = 2) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class JobsError(ServiceError):
    code = "jobs_error"


class JobsNotConfigured(JobsError):
    code = "jobs_not_configured"
    default_message = (
        "No job source is set up. Set RAPIDAPI_KEY, or import postings with "
        "'python -m ml_service jobs import FILE'."
    )


class JobsUnavailable(JobsError):
    code = "jobs_unavailable"
    default_message = "The job board did not answer as it should. Try again later."


class JobsQuotaExhausted(JobsError):
    """``retry_after_s`` is None when the board did not say when its quota comes back."""

    code = "jobs_quota_exhausted"
    default_message = "The quota of the job board is used up."

    def __init__(self, message: str | None = None, *, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ModelError(ServiceError):
    code = "model_error"


class ModelUnavailable(ModelError):
    code = "model_unavailable"
    default_message = "The model is not loaded."


class WeightsMismatch(ModelError):
    code = "weights_mismatch"
    default_message = "The weights are not those that the manifest names; they were not loaded."


class EmbeddingSpaceMismatch(ModelError):
    code = "embedding_space_mismatch"
    default_message = "These vectors come from different encoders and cannot be compared."


class InterviewServiceUnavailable(ServiceError):
    """A service that reads transcripts did not answer; to a caller: none of them did."""

    code = "interview_services_unavailable"
    default_message = (
        "Neither of the services that read transcripts answers now. Nothing was scored or saved: "
        "try again later."
    )


class StorageUnavailable(ServiceError):
    code = "storage_unavailable"
    default_message = "The database cannot be reached. Nothing was saved."

"""What the service sends a worker process to do; the readers are imported there alone."""

from __future__ import annotations

from ml_service.domain.document import DocumentKind, ExtractedText
from ml_service.extraction.limits import OcrLimits, ReadingLimits
from ml_service.extraction.refusal import Refusal


def prepare(limits: ReadingLimits) -> None:
    """Called once in a new process, before its first document."""
    from ml_service.extraction import worker  # noqa: PLC0415 - in the worker process alone

    worker.prepare(limits)


def prepare_ocr(limits: OcrLimits) -> None:
    """Called once in a new process, before its first scan.

    Raises ModelUnavailable or WeightsMismatch.
    """
    from ml_service.extraction.ocr import worker  # noqa: PLC0415 - in the worker process alone

    worker.prepare_ocr(limits)


def warm_up() -> None:
    """Does nothing: that it answers says that the worker has started and imported its readers."""


def read_document(
    kind: DocumentKind, content: bytes, limits: ReadingLimits
) -> ExtractedText | Refusal:
    """Within the limits."""
    from ml_service.extraction import worker  # noqa: PLC0415 - in the worker process alone

    return worker.read_document(kind, content, limits)


def read_scanned(
    content: bytes, text: ExtractedText | None, limits: OcrLimits
) -> ExtractedText | Refusal:
    """The pages that are not in ``text``, within the limits."""
    from ml_service.extraction.ocr import worker  # noqa: PLC0415 - in the worker process alone

    return worker.read_scanned(content, text, limits)

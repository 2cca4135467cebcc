"""What runs inside the one worker process that recognises scans: its limits, its models.

A process of its own: models and pictures take three times the memory that a document may, and
minutes of scans must not keep the workers from documents that have text.
"""

from __future__ import annotations

from dataclasses import dataclass

from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import ModelUnavailable
from ml_service.extraction.limits import OcrLimits
from ml_service.extraction.ocr.engine import RecogniseText, load_ocr
from ml_service.extraction.ocr.scans import read_scans
from ml_service.extraction.refusal import Refusal
from ml_service.extraction.worker import (
    lift_cpu_limit,
    limit_cpu,
    limit_process,
    refusal_of,
)


@dataclass(slots=True)
class _Loaded:
    recognise: RecogniseText | None = None


_loaded = _Loaded()


def prepare_ocr(limits: OcrLimits) -> None:
    """Load the models, then limit this process; called once, before its first scan.

    Raises ModelUnavailable or WeightsMismatch.
    """
    _loaded.recognise = load_ocr(threads=limits.threads)
    limit_process(memory_bytes=limits.memory_bytes, open_files=limits.open_files)


def read_scanned(
    content: bytes, text: ExtractedText | None, limits: OcrLimits
) -> ExtractedText | Refusal:
    """Recognise the pages that are not in ``text``, within the limits."""
    recognise = _loaded.recognise
    if recognise is None:
        raise ModelUnavailable("The worker for scans has no models.")
    limit_cpu(int(limits.wall_s * limits.threads) + 1)
    try:
        return read_scans(content, text, limits=limits, recognise=recognise)
    except Exception as error:  # noqa: BLE001 - whatever a document provokes costs one refusal
        return refusal_of(error)
    finally:
        lift_cpu_limit()

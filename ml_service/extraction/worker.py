"""What runs inside a worker process: limits, one document, a plain answer.

Imports nothing but readers and domain values: a worker starts in a fraction of a second and
holds no model, no database and no web framework.
"""

from __future__ import annotations

import resource
import signal

from ml_service.domain.document import DocumentKind, ExtractedText
from ml_service.domain.errors import Corrupt, DocumentRefused, ParseMemory
from ml_service.extraction.docx.document import read_docx
from ml_service.extraction.limits import ReadingLimits
from ml_service.extraction.line_lengths import broken_up
from ml_service.extraction.pdf.document import read_pdf
from ml_service.extraction.refusal import Refusal


def prepare(limits: ReadingLimits) -> None:
    """Limit this process; called once, before its first document."""
    limit_process(memory_bytes=limits.memory_bytes, open_files=limits.open_files)


def limit_process(*, memory_bytes: int, open_files: int) -> None:
    """``memory_bytes`` is what may be mapped beyond what is mapped now."""
    # Pebble's own hook for SIGTERM is Python code, which never runs while PDFium is busy.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit(resource.RLIMIT_AS, _mapped_bytes() + memory_bytes)
    _limit(resource.RLIMIT_NOFILE, open_files)
    _limit(resource.RLIMIT_CORE, 0)


def read_document(
    kind: DocumentKind, content: bytes, limits: ReadingLimits
) -> ExtractedText | Refusal:
    """Read one document within ``limits.cpu_s``; the kernel ends the process beyond that."""
    limit_cpu(limits.cpu_s)
    try:
        return broken_up(_read(kind, content, limits))
    except Exception as error:  # noqa: BLE001 - whatever a document provokes costs one refusal
        return refusal_of(error)
    finally:
        lift_cpu_limit()


def refusal_of(error: Exception) -> Refusal:
    if isinstance(error, DocumentRefused):
        return Refusal(code=error.code, message=error.message)
    if isinstance(error, MemoryError):
        return Refusal(code=ParseMemory.code, message=ParseMemory.default_message)
    cause = type(error).__name__
    return Refusal(code=Corrupt.code, message=Corrupt.default_message, cause=cause)


def _read(kind: DocumentKind, content: bytes, limits: ReadingLimits) -> ExtractedText:
    if kind == "docx":
        return read_docx(content, max_pages=limits.max_pages)
    return read_pdf(content, max_pages=limits.max_pages, second_reading_s=limits.second_reading_s)


def limit_cpu(seconds: int) -> None:
    """Count from now: the limit of the kernel counts from the start of the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)


def lift_cpu_limit() -> None:
    _limit(resource.RLIMIT_CPU, resource.RLIM_INFINITY)


def _limit(kind: int, soft: int) -> None:
    """Set the soft limit, not above a hard one that was there before."""
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY and (soft == resource.RLIM_INFINITY or soft > hard):
        soft = hard
    resource.setrlimit(kind, (soft, hard))


def _mapped_bytes() -> int:
    """Address space in use; 0 where the system does not say, which only tightens the limit."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - no import for it
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0

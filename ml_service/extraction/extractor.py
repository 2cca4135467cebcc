"""The document reader of the service: worker processes that documents cannot take down.

A document is read by one of the workers; pages that are pictures are then recognised by a worker
of their own, where OCR is wanted.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from ml_service.domain.document import Document, ExtractedText
from ml_service.domain.errors import DocumentRefused, NoTextLayer
from ml_service.domain.health import Part, PartDetail
from ml_service.extraction.errands import prepare, prepare_ocr, read_document, read_scanned
from ml_service.extraction.limits import OcrLimits, ReadingLimits
from ml_service.extraction.ocr.engine import check_ocr_installed
from ml_service.extraction.slots import Slot, Slots
from ml_service.extraction.sniffing import sniff

__all__ = ["OcrLimits", "PooledReader", "ReaderStatus", "ReadingLimits"]


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """``replaced`` counts workers that a document ended, that for scans included."""

    workers: int
    busy: int
    waiting: int
    replaced: int


class PooledReader:
    """Satisfies ``DocumentReader``; call ``start`` before ``read`` and ``close`` at the end.

    Without ``ocr`` a document of pictures is refused as ``no_text_layer``.
    """

    def __init__(
        self, limits: ReadingLimits, *, workers: int, ocr: OcrLimits | None = None
    ) -> None:
        self._limits = limits
        self._readers = _readers(limits, workers)
        self._ocr = ocr
        self._recogniser = None if ocr is None else _recogniser(ocr)

    @property
    def status(self) -> ReaderStatus:
        pools = [self._readers] if self._recogniser is None else [self._readers, self._recogniser]
        return ReaderStatus(
            workers=len(self._readers.all),
            busy=self._readers.busy,
            waiting=sum(pool.waiting for pool in pools),
            replaced=sum(pool.replaced for pool in pools),
        )

    async def part(self) -> Part:
        status = self.status
        detail: PartDetail = {
            "workers": status.workers,
            "busy": status.busy,
            "waiting": status.waiting,
            "replaced": status.replaced,
            "ocr": "off" if self._ocr is None else "on",
        }
        return Part("reader", "ready", needed=True, detail=detail)

    async def start(self) -> None:
        """Start all workers and wait until they have imported what they need.

        Raises ModelUnavailable, saying what to install, or WeightsMismatch where ``ocr`` is wanted.
        """
        if self._recogniser is not None:
            await asyncio.to_thread(check_ocr_installed)
        await self._readers.start()
        if self._recogniser is not None:
            await self._recogniser.start()

    async def close(self) -> None:
        """End all workers; documents that are being read are refused as corrupt."""
        await self._readers.close()
        if self._recogniser is not None:
            await self._recogniser.close()

    def identify(self, content: bytes, *, filename: str) -> Document:
        return sniff(content, filename=filename)

    async def read(self, document: Document) -> ExtractedText:
        if self._recogniser is None or self._ocr is None or document.kind != "pdf":
            return await self._read(document)
        text: ExtractedText | None
        try:
            text = await self._read(document)
        except NoTextLayer:
            text = None
        if text is not None and not text.reading.unread_pages:
            return text
        arguments = (document.content, text, self._ocr)
        timeout_s = self._ocr.wall_s + self._ocr.grace_s
        async with self._recogniser.one() as slot:
            try:
                return await slot.read(read_scanned, *arguments, timeout_s=timeout_s)
            except DocumentRefused:
                if text is None:
                    raise
                return _with_warning(text, "ocr_failed")

    async def _read(self, document: Document) -> ExtractedText:
        arguments = (document.kind, document.content, self._limits)
        async with self._readers.one() as slot:
            return await slot.read(read_document, *arguments, timeout_s=self._limits.wall_s)


def _with_warning(text: ExtractedText, warning: str) -> ExtractedText:
    warnings = (*text.reading.warnings, warning)
    return replace(text, reading=replace(text.reading, warnings=warnings))


def _readers(limits: ReadingLimits, workers: int) -> Slots:
    lasting = limits.documents_per_worker
    slots = [Slot(prepare, limits, documents_per_worker=lasting) for _ in range(max(1, workers))]
    return Slots(slots, max_waiting=limits.max_waiting, max_wait_s=limits.max_wait_s)


def _recogniser(limits: OcrLimits) -> Slots:
    slot = Slot(prepare_ocr, limits, documents_per_worker=limits.documents_per_worker)
    return Slots([slot], max_waiting=limits.max_waiting, max_wait_s=limits.max_wait_s)

"""What one document may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadingLimits:
    """Defaults keep every answer under 15 s: ``max_wait_s`` + ``wall_s`` + a second to replace.

    ``memory_bytes`` is what a worker may map beyond what it needs to start. ``cpu_s`` and
    ``wall_s`` count for one document, ``second_reading_s`` for the second opinion on its order.
    ``max_waiting`` documents wait for a worker, no longer than ``max_wait_s``; the rest is
    refused as overloaded. A worker ends after ``documents_per_worker``.
    """

    max_pages: int = 50
    memory_bytes: int = 512 * 1024 * 1024
    cpu_s: int = 8
    wall_s: float = 9.0
    second_reading_s: float = 3.0
    open_files: int = 64
    max_waiting: int = 32
    max_wait_s: float = 4.0
    documents_per_worker: int = 200


@dataclass(frozen=True)
class OcrLimits:
    """What recognising the scanned pages of one document may cost.

    ``memory_bytes`` is beyond the loaded models. After ``wall_s`` no further page is begun, and
    ``grace_s`` later the worker is ended. Pages beyond ``max_pages`` are not read. ``max_waiting``
    documents wait for the one worker, no longer than ``max_wait_s``.
    """

    wall_s: float = 60.0
    grace_s: float = 10.0
    memory_bytes: int = 2 * 1024 * 1024 * 1024
    max_pages: int = 10
    threads: int = 2
    open_files: int = 64
    max_waiting: int = 4
    max_wait_s: float = 60.0
    documents_per_worker: int = 50

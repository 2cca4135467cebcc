"""Sending what waits in the outbox: each with its first key, and forgotten only once it is safe."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from backend_client._calls import Upload
from backend_client._core import Core, UploadFields
from backend_client._documents import FileInput, read_document
from backend_client._steps import Steps, work
from backend_client.errors import (
    ConfigurationError,
    ConnectionFailed,
    ForbiddenError,
    KeyInUseError,
    OutboxError,
    RateLimitedError,
    ResumeClientError,
    ServerError,
    StatusError,
    TimedOut,
    UnauthorizedError,
    UploadTimeoutError,
)
from backend_client.outbox import Outbox, OutboxEntry
from backend_client.types import Prediction

FindDocument: TypeAlias = Callable[[OutboxEntry], FileInput | None]
"""Hands back the document of an entry that was kept without; None where it is not at hand."""

KEY_REMEMBERED = timedelta(hours=23)
"""The service keeps a key for 24 hours; the hour is for clocks that differ and slow uploads."""

STOPS = (
    ConnectionFailed,
    TimedOut,
    ServerError,
    RateLimitedError,
    UnauthorizedError,
    ForbiddenError,
    UploadTimeoutError,
)
"""What the next entry would meet as well."""


@dataclass(slots=True)
class SyncReport:
    """What became of each entry, by its Idempotency-Key.

    ``sent``: recorded, with the service's answer. ``in_flight``: the service still works on it.
    ``without_document``: kept without text, and nobody had the document. ``refused``: the service
    will not take it; ``Outbox.discard`` drops it. ``unreadable``: names of files that another key
    encrypted, or that are damaged. All but ``sent`` stay. ``stopped_by`` ended the sync early;
    ``busy``: another process is sending.
    """

    sent: dict[str, Prediction] = field(default_factory=dict)
    in_flight: list[str] = field(default_factory=list)
    without_document: list[str] = field(default_factory=list)
    refused: dict[str, StatusError] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    stopped_by: ResumeClientError | None = None
    n_left: int = 0
    busy: bool = False


def sync(core: Core, documents: FindDocument | None) -> Steps[SyncReport]:
    """Raises ConfigurationError without an outbox, OutboxError where it cannot be read."""
    outbox = core.outbox
    if outbox is None:
        raise ConfigurationError("There is no outbox: set outbox_dir.")
    report = SyncReport()
    turn = yield from work(outbox.take_turn)
    if turn is None:
        report.busy = True
        return report
    try:
        names = yield from work(outbox.names)
        for name in names:
            yield from _one(core, outbox, name, documents, report)
            if report.stopped_by is not None:
                break
        report.n_left = len((yield from work(outbox.names)))
    finally:
        os.close(turn)
    return report


def _one(
    core: Core,
    outbox: Outbox,
    name: str,
    documents: FindDocument | None,
    report: SyncReport,
) -> Steps[None]:
    try:
        entry = yield from work(lambda: outbox.read(name))
    except OutboxError:
        report.unreadable.append(name)
        return
    if entry is None:  # discarded meanwhile
        return
    upload = yield from work(lambda: _document_of(entry, documents))
    if upload is None:
        report.without_document.append(entry.idempotency_key)
        return
    try:
        prediction = yield from core.upload_once(upload, _asked(entry))
    except KeyInUseError:
        report.in_flight.append(entry.idempotency_key)
    except STOPS as failure:
        report.stopped_by = failure
    except StatusError as refusal:
        report.refused[entry.idempotency_key] = refusal
    else:
        yield from work(lambda: outbox.remove(name))
        report.sent[entry.idempotency_key] = prediction


def _document_of(entry: OutboxEntry, documents: FindDocument | None) -> Upload | None:
    """Raises ConfigurationError for another document than the one that was analysed."""
    if entry.content is not None:
        return Upload(entry.filename or "resume", entry.content)
    found = documents(entry) if documents is not None else None
    if found is None:
        return None
    upload = read_document(found, entry.filename)
    if not entry.is_of(upload.content):
        raise ConfigurationError("That is not the document of this entry: its sha256 differs.")
    return upload


def _asked(entry: OutboxEntry) -> UploadFields:
    """As it was asked first: the same key must come with the same request.

    Once the service has forgotten the key, ``force`` would record again what the first try may
    have recorded; without it the stored one is answered.
    """
    is_remembered = datetime.now(UTC) - entry.begun_at < KEY_REMEMBERED
    form: Mapping[str, str] = entry.form
    return UploadFields(
        form=form,
        force=entry.force and is_remembered,
        idempotency_key=entry.idempotency_key,
    )

"""Sending what waits in the outbox: each with its first key, and forgotten only once it is safe."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from backend_client import _requests as requests
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

FOR_ALL = (UnauthorizedError, ForbiddenError, RateLimitedError)
BUSY_CODES = frozenset({"overloaded", "storage_unavailable"})
"""Answers that the next entry would get as well."""


@dataclass(slots=True)
class SyncReport:
    """What became of each entry, by its Idempotency-Key.

    ``sent``: recorded, with the service's answer. ``in_flight``: the service still works on it.
    ``without_document``: kept without text, and nobody had the document. ``refused``: the service
    will not take it; ``Outbox.discard`` drops it. ``failed``: what went wrong with this one, be it
    in the service, in ``documents`` or on the disk. ``unreadable``: names of files that another key
    encrypted, or that are damaged. All but ``sent`` stay; one that is in ``sent`` and ``failed``
    could not be removed, and is answered from the record next time. ``stopped_by`` ended the sync
    early; ``busy``: another process is sending.
    """

    sent: dict[str, Prediction] = field(default_factory=dict)
    in_flight: list[str] = field(default_factory=list)
    without_document: list[str] = field(default_factory=list)
    refused: dict[str, StatusError] = field(default_factory=dict)
    failed: dict[str, Exception] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    stopped_by: ResumeClientError | None = None
    n_left: int = 0
    busy: bool = False


def sync(core: Core, documents: FindDocument | None) -> Steps[SyncReport]:
    """Raises ConfigurationError without an outbox, OutboxError where its folder cannot be used."""
    outbox = core.outbox
    if outbox is None:
        raise ConfigurationError("There is no outbox: set outbox_dir.")
    turn = yield from work(outbox.take_turn)
    if turn is None:
        return SyncReport(busy=True)
    try:
        names = yield from work(outbox.names)
        return (yield from _all(core, outbox, names, documents))
    finally:
        os.close(turn)


def _all(
    core: Core, outbox: Outbox, names: list[str], documents: FindDocument | None
) -> Steps[SyncReport]:
    report = SyncReport(n_left=len(names))
    for name in names:
        yield from _one(core, outbox, name, documents, report)
        if report.stopped_by is not None:
            break
    try:
        report.n_left = len((yield from work(outbox.names)))
    except OutboxError as error:
        report.n_left -= len(report.sent)
        report.stopped_by = report.stopped_by or error
    return report


def _one(
    core: Core,
    outbox: Outbox,
    name: str,
    documents: FindDocument | None,
    report: SyncReport,
) -> Steps[None]:
    """All that goes wrong is noted: the entries behind this one must not wait for it."""
    try:
        entry = yield from work(lambda: outbox.read(name))
    except OutboxError:
        report.unreadable.append(name)
        return
    if entry is None:  # discarded meanwhile
        return
    key = entry.idempotency_key
    try:
        upload = yield from work(lambda: _document_of(entry, documents))
    except Exception as error:  # noqa: BLE001 - the caller's own code: what it raises is reported
        report.failed[key] = error
        return
    if upload is None:
        report.without_document.append(key)
        return
    if (yield from _sent(core, upload, entry, report)):
        try:
            yield from work(lambda: outbox.remove(name))
        except OutboxError as error:
            report.failed[key] = error


def _sent(core: Core, upload: Upload, entry: OutboxEntry, report: SyncReport) -> Steps[bool]:
    key = entry.idempotency_key
    try:
        report.sent[key] = yield from core.upload_once(upload, _asked(entry))
    except KeyInUseError:
        report.in_flight.append(key)
    except ResumeClientError as failure:
        if _concerns_all(failure):
            report.stopped_by = failure
        elif isinstance(failure, StatusError) and not _may_pass(failure):
            report.refused[key] = failure
        else:
            report.failed[key] = failure
            report.stopped_by = yield from _gone(core)
    return key in report.sent


def _concerns_all(failure: ResumeClientError) -> bool:
    """Never reached, not let in, or told to come back later."""
    if isinstance(failure, ConnectionFailed | TimedOut):
        return not failure.sent
    return isinstance(failure, FOR_ALL) or failure.code in BUSY_CODES


def _may_pass(failure: StatusError) -> bool:
    return isinstance(failure, ServerError | UploadTimeoutError)


def _gone(core: Core) -> Steps[ResumeClientError | None]:
    """Why no entry can be sent now; None where the service is there, and it was this one entry.

    A gateway may pass on uploads alone: that it refuses the probe is an answer too.
    """
    try:
        yield from core.call(requests.live())
    except ResumeClientError as failure:
        is_refused = isinstance(failure, StatusError) and failure.status < 500
        return None if is_refused else failure
    return None


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

"""One upload that waits, and the form in which it lies on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Self

from backend_client._calls import IDEMPOTENCY_KEY, Upload
from backend_client.errors import OutboxError
from backend_client.types import Prediction

Keeps = Literal["document", "reference"]

FORMAT = 1


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One upload that is to be sent with its first key.

    ``content`` and ``filename`` are None where only a reference is kept: then ``document_sha256``
    tells which document it was. ``answered`` is what the local analysis said.
    """

    idempotency_key: str
    form: Mapping[str, str]
    force: bool
    begun_at: datetime
    document_sha256: str
    filename: str | None = None
    content: bytes | None = field(default=None, repr=False)
    answered: Mapping[str, str | float | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        upload: Upload,
        *,
        form: Mapping[str, str],
        force: bool,
        idempotency_key: str,
        begun_at: datetime,
        prediction: Prediction,
    ) -> Self:
        return cls(
            idempotency_key=idempotency_key,
            form=dict(form),
            force=force,
            begun_at=begun_at,
            document_sha256=hashlib.sha256(upload.content).hexdigest(),
            filename=upload.filename,
            content=upload.content,
            answered={
                "career_path": prediction.career_path,
                "soc_code": prediction.soc_code,
                "confidence": prediction.confidence,
                "ats_score": prediction.ats_score,
                "degraded_reason": prediction.degraded_reason,
            },
        )

    @property
    def user_id(self) -> str | None:
        return self.form.get("user_id")

    def is_of(self, content: bytes) -> bool:
        return hashlib.sha256(content).hexdigest() == self.document_sha256


def written(entry: OutboxEntry, keeps: Keeps) -> bytes:
    """A line of JSON, then the document as it is."""
    kept = entry.content if keeps == "document" else None
    head = {
        "format": FORMAT,
        "idempotency_key": entry.idempotency_key,
        "form": dict(entry.form),
        "force": entry.force,
        "begun_at": entry.begun_at.isoformat(),
        "document_sha256": entry.document_sha256,
        "filename": None if kept is None else entry.filename,
        "has_document": kept is not None,
        "answered": dict(entry.answered),
    }
    return json.dumps(head).encode() + b"\n" + (kept or b"")


def entry_of(content: bytes) -> OutboxEntry:
    """Raises OutboxError for what is damaged or of another version."""
    line, _, document = content.partition(b"\n")
    try:
        head = json.loads(line)
        entry = OutboxEntry(
            idempotency_key=head["idempotency_key"],
            form=head["form"],
            force=head["force"],
            begun_at=datetime.fromisoformat(head["begun_at"]).astimezone(UTC),
            document_sha256=head["document_sha256"],
            filename=head["filename"],
            content=document if head["has_document"] else None,
            answered=head["answered"],
        )
        is_sound = head["format"] == FORMAT and _can_be_sent(entry)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutboxError("An entry is damaged, encrypted, or of another version.") from error
    if not is_sound or (entry.content is not None and not entry.is_of(entry.content)):
        raise OutboxError("An entry is damaged or of another version.")
    return entry


def _can_be_sent(entry: OutboxEntry) -> bool:
    """Raises TypeError or AttributeError for values of other types than were written."""
    texts = [*entry.form.items(), (entry.filename or "", entry.document_sha256)]
    return (
        IDEMPOTENCY_KEY.fullmatch(entry.idempotency_key) is not None
        and all(isinstance(text, str) for pair in texts for text in pair)
        and isinstance(entry.force, bool)
    )

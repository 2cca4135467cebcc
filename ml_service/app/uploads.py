"""The multipart form of an upload, read field by field; its description for /docs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from ml_service.app.model_header import LONGEST_NAME, model_asked_for, model_header
from ml_service.app.request_body import BODY_TAIL
from ml_service.contract.base import (
    PLAIN_LINE_PATTERN,
    USER_ID_MAX,
    is_plain_line,
    is_plain_text,
)
from ml_service.domain.errors import (
    EmptyDocument,
    InvalidRequest,
    NoFile,
    TooLarge,
)
from ml_service.use_cases.analyse_resume import ResumeUpload
from ml_service.use_cases.match_jobs import JobPlace
from ml_service.use_cases.rescore_prediction import ChangedResume, RescoreRequest
from ml_service.use_cases.submit_resume import Submission, submission_of

MAX_TEXT = {"job_description": 20_000, "job_location": 200, "job_country": 2, "model": LONGEST_NAME}
FIELDS = frozenset({"file", "user_id", "document_date", *MAX_TEXT})
RESCORE_FIELDS = frozenset({"file", "job_description", "job_location", "job_country"})
MAX_PART_BYTES = 1024 * 1024
EARLIEST_DATE = date(1950, 1, 1)
_COUNTRY = re.compile(r"[a-z]{2}")

FORM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "a PDF or DOCX resume"},
        "user_id": {
            "type": "string",
            "minLength": 1,
            "maxLength": USER_ID_MAX,
            "pattern": PLAIN_LINE_PATTERN,
            "description": "your own name for the user",
        },
        "job_description": {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_TEXT["job_description"],
            "description": "the text of one job advert to match the resume against",
        },
        "document_date": {
            "type": "string",
            "format": "date",
            "description": "the date the resume speaks of as 'present'; default: today, UTC",
        },
        "job_location": {"type": "string", "minLength": 1, "maxLength": MAX_TEXT["job_location"]},
        "job_country": {"type": "string", "pattern": "^[a-z]{2}$"},
        "model": {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_TEXT["model"],
            "description": "NAME, or NAME@VERSION with an alias or a revision; default: "
            "DEFAULT_MODEL, by its traffic",
        },
    },
}

REQUEST_BODY = {
    "requestBody": {
        "required": True,
        "content": {"multipart/form-data": {"schema": FORM_SCHEMA}},
    },
    "parameters": [model_header("model")],
}


RESCORE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **{name: FORM_SCHEMA["properties"][name] for name in sorted(RESCORE_FIELDS)},
        "file": {
            "type": "string",
            "format": "binary",
            "description": "the changed resume, PDF or DOCX; default: the stored text",
        },
    },
}

RESCORE_BODY = {
    "requestBody": {
        "required": False,
        "content": {"multipart/form-data": {"schema": RESCORE_SCHEMA}},
    }
}


@dataclass(frozen=True, slots=True)
class _Fields:
    form: FormData

    def text(self, name: str) -> str | None:
        """None when the field was not sent. Raises InvalidRequest."""
        value = self.form.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not is_plain_text(value):
            raise InvalidRequest(f"{name} must be text and not empty.", field=name)
        if len(value) > (limit := MAX_TEXT.get(name, USER_ID_MAX)):
            raise InvalidRequest(f"{name} has more than {limit} characters.", field=name)
        return value

    def line(self, name: str) -> str | None:
        """As ``text``, in one line."""
        value = self.text(name)
        if value is not None and not is_plain_line(value):
            raise InvalidRequest(f"{name} must be in one line, without tabs.", field=name)
        return value

    def date(self, name: str) -> date | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            stated = date.fromisoformat(value)
        except ValueError:
            stated = date.max
        # A day ahead: it may be tomorrow already where the caller is.
        if not EARLIEST_DATE <= stated <= datetime.now(UTC).date() + timedelta(days=1):
            raise InvalidRequest(
                f"{name} must be a date such as 2026-01-31, not before 1950 nor in the future.",
                field=name,
            )
        return stated

    def country(self, name: str) -> str | None:
        value = self.text(name)
        if value is not None and not _COUNTRY.fullmatch(value.lower()):
            raise InvalidRequest(f"{name} must be two letters such as 'us'.", field=name)
        return value.lower() if value is not None else None


async def read_submission(request: Request) -> Submission:
    """Raises NoFile, EmptyDocument, TooLarge or InvalidRequest naming the field."""
    begun_at = datetime.now(UTC)
    if not is_multipart(request):
        raise NoFile
    async with whole_form(request) as form:
        max_upload_bytes = request.app.state.settings.max_upload_bytes
        model = model_asked_for(request, _Fields(form).text("model"), field="model")
        return await _submission_of(form, max_upload_bytes, model=model, begun_at=begun_at)


async def read_rescore_request(request: Request) -> RescoreRequest:
    """No body asks for the stored text. Raises EmptyDocument, TooLarge, or InvalidRequest naming
    the field.
    """
    if is_multipart(request):
        async with whole_form(request) as form:
            return await _rescore_request_of(form, request.app.state.settings.max_upload_bytes)
    if await request.body():
        raise InvalidRequest("The body must be multipart/form-data, or none.", field="body")
    return RescoreRequest()


def is_multipart(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


@asynccontextmanager
async def whole_form(
    request: Request, *, max_part_bytes: int = MAX_PART_BYTES
) -> AsyncIterator[FormData]:
    """``max_part_bytes`` bounds a field that is no file. Raises InvalidRequest."""
    try:
        async with request.form(max_files=2, max_fields=20, max_part_size=max_part_bytes) as form:
            _refuse_cut_off(request)
            yield form
    except HTTPException:
        # Starlette's words for a malformed body; nothing below raises this class.
        raise InvalidRequest("The multipart body is malformed.", field="body") from None


async def _rescore_request_of(form: FormData, max_upload_bytes: int) -> RescoreRequest:
    refuse_unknown_fields(form, RESCORE_FIELDS)
    fields, changed = _Fields(form), None
    if "file" in form:
        changed = ChangedResume(*await _file_of(form, max_upload_bytes))
    return RescoreRequest(
        changed=changed,
        job_description=fields.text("job_description"),
        place=JobPlace(fields.text("job_location"), fields.country("job_country")),
    )


async def _submission_of(
    form: FormData, max_upload_bytes: int, *, model: str | None, begun_at: datetime
) -> Submission:
    refuse_unknown_fields(form, FIELDS)
    content, filename = await _file_of(form, max_upload_bytes)
    fields = _Fields(form)
    stated_date = fields.date("document_date")
    upload = ResumeUpload(
        content=content,
        filename=filename,
        document_date=stated_date or datetime.now(UTC).date(),
        job_description=fields.text("job_description"),
        model=model,
    )
    place = JobPlace(fields.text("job_location"), fields.country("job_country"))
    return await submission_of(
        upload,
        user_id=fields.line("user_id"),
        place=place,
        begun_at=begun_at,
        stated_date=stated_date,
    )


def _refuse_cut_off(request: Request) -> None:
    """Raises InvalidRequest when the closing boundary never came: fields may be missing."""
    tail = bytes(request.scope.get(BODY_TAIL, b"")).rstrip()
    if not tail.endswith(b"--"):
        raise InvalidRequest("The multipart body is cut off: its end never came.", field="body")


def refuse_unknown_fields(form: FormData, known: frozenset[str]) -> None:
    """Raises InvalidRequest, also for a field that came twice."""
    for name in form:
        if name not in known:
            raise InvalidRequest("This field is not known.", field=str(name)[:64])
        if len(form.getlist(name)) > 1:
            raise InvalidRequest("This field was sent more than once.", field=name)


async def _file_of(form: FormData, max_upload_bytes: int) -> tuple[bytes, str]:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise NoFile
    content = await file.read()
    if not content:
        raise EmptyDocument
    if len(content) > max_upload_bytes:
        raise TooLarge
    return content, file.filename or "resume"

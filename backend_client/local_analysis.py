"""The service's own analysis in this process, for when the service cannot answer.

The only module that reaches ``ml_service``, and only inside functions: whoever never needs it never
loads it. One engine serves the whole process, in a thread of its own, with the worker processes
that read documents.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from typing_extensions import override

from backend_client._calls import Upload
from backend_client._engine_thread import OneEngine
from backend_client.errors import LocalAnalysisUnavailable, StatusError, error_class
from backend_client.types import Prediction

if TYPE_CHECKING:
    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

    from ml_service.bootstrap.engine import Engine
    from ml_service.domain.prediction import Analysis
    from ml_service.settings import Settings

START_TIMEOUT_S, ANALYSIS_TIMEOUT_S = 120.0, 300.0

SETTINGS = frozenset(
    {
        "catalogue_dir",
        "default_model",
        "embedding_engine",
        "embedding_precision",
        "encoder_dir",
        "encoder_queue_tokens",
        "max_pages",
        "model_idle_s",
        "models_dir",
        "models_memory_bytes",
        "ocr",
        "ocr_memory_bytes",
        "ocr_timeout_s",
        "omp_num_threads",
        "parse_memory_bytes",
        "parse_timeout_s",
        "parse_workers",
        "preload_models",
        "vector_cache_bytes",
    }
)
"""What reads the documents and predicts from them depends on these alone. No inference server is
among them: what stands in for a service must not need another one.
"""

_STATUS_OF_REFUSAL = {"no_file": 400, "too_large": 413, "unsupported_type": 415}
_NO_RECORD: Mapping[str, None] = dict.fromkeys(("prediction_id", "created_at", "updated_at"))


def analyse_locally(upload: Upload, form: Mapping[str, str]) -> Prediction:
    """What the service would answer, by its use case ``analyse_resume``; nothing is recorded.

    ``form`` as ``POST /predict`` takes it; what concerns jobs has no effect here.

    Blocks; the first call loads the models, which takes seconds. Raises a StatusError for a
    document that the service would refuse as well, LocalAnalysisUnavailable where the packages, the
    model asked for or its files are missing.
    """
    return _engine.running().do(
        lambda engine: _analysed(engine, upload, form), timeout_s=ANALYSIS_TIMEOUT_S
    )


@asynccontextmanager
async def _service_engine() -> AsyncIterator[Engine]:
    from ml_service.bootstrap.engine import running_engine  # noqa: PLC0415 - heavy, optional

    async with running_engine(await asyncio.to_thread(analysis_settings)) as engine:
        yield engine


_engine = OneEngine(_service_engine, start_timeout_s=START_TIMEOUT_S)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_engine.forget_the_lock)


def analysis_settings() -> Settings:
    """From the environment and ``.env``, but no more than ``SETTINGS``.

    The rest may be the host application's: a LOG_LEVEL or CORS_ORIGINS of its own would be refused.
    Raises LocalAnalysisUnavailable.
    """
    from dotenv import dotenv_values  # noqa: PLC0415 - optional

    from ml_service.settings import Settings  # noqa: PLC0415 - as above

    class Given(Settings):
        @classmethod
        @override
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return (init_settings,)

    surroundings = {**dotenv_values(".env"), **os.environ}
    given: dict[str, Any] = {
        name.lower(): value
        for name, value in surroundings.items()
        if name.lower() in SETTINGS and value
    }
    try:
        return Given(**given)
    except ValidationError as error:
        named = ", ".join(str(part).upper() for wrong in error.errors() for part in wrong["loc"])
        raise LocalAnalysisUnavailable(f"Settings that cannot be used: {named}.") from error


async def _analysed(engine: Engine, upload: Upload, form: Mapping[str, str]) -> Prediction:
    from ml_service.domain.errors import DocumentRefused, InvalidRequest, ServiceError  # noqa: PLC0415
    from ml_service.use_cases.analyse_resume import ResumeUpload  # noqa: PLC0415 - as above

    try:
        analysed = await engine.analyse_resume(
            ResumeUpload(
                content=upload.content,
                filename=upload.filename,
                document_date=_date(form.get("document_date")),
                job_description=form.get("job_description"),
                model=form.get("model"),
            )
        )
    except (DocumentRefused, InvalidRequest) as refusal:
        raise _refused(refusal.code, refusal.message) from refusal
    except ServiceError as failure:
        raise LocalAnalysisUnavailable(failure.message, code=failure.code) from failure
    return await asyncio.to_thread(_prediction, analysed.analysis, form.get("user_id"))


def _date(stated: str | None) -> date:
    """Raises InvalidRequestError."""
    if stated is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(stated)
    except ValueError:
        raise _refused("invalid_request", "document_date must be a date.") from None


def _refused(code: str, detail: str) -> StatusError:
    status = _STATUS_OF_REFUSAL.get(code, 422)
    return error_class(status, code)(detail, status=status, code=code)


def _prediction(analysis: Analysis, user_id: str | None) -> Prediction:
    """By the same schema as the service's answers; of the record there is none."""
    from uuid import UUID  # noqa: PLC0415 - beside what it is for

    from ml_service.contract.prediction import prediction_out  # noqa: PLC0415 - heavy, optional
    from ml_service.domain.posting import JobsOutcome  # noqa: PLC0415 - as above
    from ml_service.domain.prediction import Prediction as Recorded  # noqa: PLC0415 - as above

    now = datetime.now(UTC)
    unrecorded = Recorded(
        prediction_id=UUID(int=0),
        user_id=user_id,
        created_at=now,
        updated_at=now,
        fingerprint="",
        analysis=analysis,
        jobs=JobsOutcome(status="unavailable"),
    )
    answer = prediction_out(unrecorded).model_copy(update=dict(_NO_RECORD))
    return Prediction.model_validate_json(answer.model_dump_json())

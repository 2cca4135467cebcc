"""One service that reads transcripts, as a process of its own.

    MODEL_SERVICE=communication python -m uvicorn ml_service.app.model_service:app --port 8001

It keeps nothing and has no database. The main service asks it where ``MODEL_SERVICE_1_URL`` or
``MODEL_SERVICE_2_URL`` names its address.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from pydantic import ValidationError
from starlette.middleware import Middleware

from ml_service import __version__
from ml_service.app import errors
from ml_service.app.admission import Admission
from ml_service.app.disconnects import while_connected
from ml_service.app.head import HeadLikeGet
from ml_service.app.known_parameters import refuse_unknown_parameters
from ml_service.app.logs import configure_logs, is_served_by_uvicorn
from ml_service.app.metrics import Metrics
from ml_service.app.middleware import LastResort, RequestContext
from ml_service.app.rate_limits import RateLimits
from ml_service.app.request_body import BodyLimit
from ml_service.app.route_rules import RouteRules
from ml_service.app.security import Gate, may_read
from ml_service.bootstrap.interviews import FULL, running_model_service
from ml_service.contract.interviews import (
    ModelServiceHealthOut,
    ServiceReadingOut,
    TranscriptIn,
    service_reading_out,
)
from ml_service.domain.api_keys import read_api_keys
from ml_service.domain.interview import InterviewService
from ml_service.interview.transcript import read_turns
from ml_service.settings import ModelService, Settings, wrong_settings
from ml_service.use_cases.permits import Permits

NOT_SAID_WHICH = (
    "Set MODEL_SERVICE to communication or technical: it says which service this process is."
)

router = APIRouter(dependencies=[Depends(refuse_unknown_parameters)])


async def _service_of(request: Request) -> InterviewService:
    service: InterviewService = request.app.state.reader
    return service


async def _permits_of(request: Request) -> Permits:
    permits: Permits = request.app.state.permits
    return permits


Reader = Annotated[InterviewService, Depends(_service_of)]
ItsPermits = Annotated[Permits, Depends(_permits_of)]


@router.get("/health")
async def health(reader: Reader, response: Response) -> ModelServiceHealthOut:
    """Which service this is, and 503 while it cannot read."""
    ready = await reader.state() == "ok"
    response.status_code = 200 if ready else 503
    return ModelServiceHealthOut(status="ready" if ready else "not_ready", service=reader.name)


@router.post("/predict", dependencies=[Depends(may_read)])
async def predict(
    reader: Reader, permits: ItsPermits, request: Request, body: TranscriptIn
) -> ServiceReadingOut:
    """What this service makes of every criterion that it knows. Nothing is kept."""
    with permits.take():
        turns = await asyncio.to_thread(read_turns, body.said(), candidate=body.candidate)
        work = reader.read(turns, job=body.job)
        return service_reading_out(await while_connected(request.receive, work))


def create_app(settings: Settings, which: ModelService) -> FastAPI:
    """The lifespan opens and closes everything that needs it; building the app opens nothing."""
    app = FastAPI(
        title=f"Interview service {which}",
        version=__version__,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.which = which
    app.state.metrics = Metrics()
    app.state.permits = Permits(settings.max_uploads_in_work, full=FULL)
    app.state.routes = list(router.routes)
    errors.install(app)
    app.include_router(router)
    app.user_middleware.extend(_middleware(app, settings))
    return app


def _middleware(app: FastAPI, settings: Settings) -> Iterator[Middleware]:
    """From the outside in. One caller asks for all users, so that nobody is counted."""
    yield Middleware(RequestContext, metrics=app.state.metrics)
    yield Middleware(LastResort)
    yield Middleware(HeadLikeGet)
    yield Middleware(
        Admission,
        gate=Gate(
            keys=read_api_keys(settings.api_keys.get_secret_value()),
            allow_anonymous=settings.allow_anonymous,
        ),
        limits=RateLimits({"uploads": None, "jobs": None, "default": None}),
        rules=RouteRules(app.state.routes, pages=["/openapi.json"]),
        metrics=app.state.metrics,
    )
    yield Middleware(
        BodyLimit,
        max_upload_bytes=settings.max_upload_bytes,
        timeout_s=settings.upload_timeout_s,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    configure_logs(settings.log_level, settings.log_format)
    async with running_model_service(settings, app.state.which) as reader:
        app.state.reader = reader
        yield


def _served() -> FastAPI:
    try:
        settings = Settings()
    except ValidationError as wrong:
        told = (f"setting {name}: {problem}" for name, problem in wrong_settings(wrong))
        sys.exit("\n".join(told))
    if settings.model_service is None:
        sys.exit(NOT_SAID_WHICH)
    if is_served_by_uvicorn():
        configure_logs(settings.log_level, settings.log_format)
    return create_app(settings, settings.model_service)


app = _served()

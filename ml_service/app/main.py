"""``python -m uvicorn ml_service.app.main:app`` serves this."""

from __future__ import annotations

import asyncio
import mimetypes
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware

from ml_service import __version__
from ml_service.app import errors
from ml_service.app.admission import Admission
from ml_service.app.cors import cors
from ml_service.app.head import HeadLikeGet
from ml_service.app.logs import configure_logs, is_served_by_uvicorn
from ml_service.app.metrics import Metrics
from ml_service.app.middleware import LastResort, RequestContext
from ml_service.app.openapi import DescribedApi
from ml_service.app.rate_limits import RateLimits
from ml_service.app.request_body import BodyLimit
from ml_service.app.route_rules import RouteRules
from ml_service.app.routes import (
    ats,
    career_paths,
    embeddings,
    health,
    hosted_predict,
    hosting,
    intents,
    interviews,
    jobs,
    metrics,
    model_upload,
    models,
    open_inference,
    pages,
    predict,
    predictions,
    resumes,
    users,
)
from ml_service.app.security import Gate
from ml_service.app.traces import Traces, open_traces
from ml_service.bootstrap.service import running_service
from ml_service.domain.api_keys import read_api_keys
from ml_service.settings import Settings

OPENAPI_PATH = "/openapi.json"
INTERPRETER_TURN_S = 0.0005
"""The encoder's threads need the interpreter between two texts of some milliseconds: the five that
they would wait for it, as Python comes, leave a processor idle."""

DESCRIPTION = (
    "Career paths from a PDF or DOCX resume, with a calibrated confidence, the lines that say "
    "why, an ATS score whose every point can be checked, matched jobs and a history. "
    "Guidance for people, never an automatic rejection."
)


def create_app(settings: Settings) -> FastAPI:
    """The lifespan opens and closes everything that needs it; building the app opens nothing."""
    app = DescribedApi(
        title="Resume career prediction",
        description=DESCRIPTION,
        version=__version__,
        lifespan=_lifespan,
        openapi_url=OPENAPI_PATH,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would name the host that the caller claims
    )
    app.state.settings = settings
    app.state.metrics = Metrics()
    app.state.traces = None
    app.state.routes = []
    errors.install(app)
    for routes in (
        predict,
        predictions,
        resumes,
        users,
        jobs,
        ats,
        career_paths,
        models,
        hosting,
        model_upload,
        hosted_predict,
        embeddings,
        interviews,
        intents,
        open_inference,
        health,
        metrics,
        pages,
    ):
        app.include_router(routes.router)
        app.state.routes.extend(routes.router.routes)
    app.mount(pages.SWAGGER_PATH, pages.swagger_files())
    app.mount(pages.PAGE_PATH, pages.PageFiles())
    app.user_middleware.extend(_middleware(app, settings))
    return app


def _middleware(app: FastAPI, settings: Settings) -> Iterator[Middleware]:
    """From the outside in."""
    yield Middleware(RequestContext, metrics=app.state.metrics)
    if settings.cors_origins:
        yield cors(settings.cors_origins)
    yield Middleware(LastResort)
    yield Middleware(HeadLikeGet)
    yield Middleware(
        Admission,
        gate=_gate(settings),
        limits=RateLimits.of(settings),
        rules=RouteRules(
            app.state.routes,
            pages=[OPENAPI_PATH, f"{pages.SWAGGER_PATH}/", f"{pages.PAGE_PATH}/"],
        ),
        metrics=app.state.metrics,
    )
    yield Middleware(
        BodyLimit,
        max_upload_bytes=settings.max_upload_bytes,
        timeout_s=settings.upload_timeout_s,
        larger=_larger_bodies(settings),
    )


def _larger_bodies(settings: Settings) -> dict[str, int]:
    if not settings.allow_model_upload:
        return {}
    return {model_upload.UPLOAD_PATH: settings.max_model_bytes}


def _gate(settings: Settings) -> Gate:
    return Gate(
        keys=read_api_keys(settings.api_keys.get_secret_value()),
        allow_anonymous=settings.allow_anonymous,
        cors_origins=settings.cors_origins,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    configure_logs(settings.log_level, settings.log_format)
    sys.setswitchinterval(INTERPRETER_TURN_S)
    await asyncio.to_thread(mimetypes.init)  # else the first file reads its tables, in the loop
    async with running_service(settings) as service, _traces() as traces:
        app.state.service = service
        app.state.traces = traces
        yield


@asynccontextmanager
async def _traces() -> AsyncIterator[Traces | None]:
    traces = await asyncio.to_thread(open_traces, os.environ)
    yield traces
    if traces is not None:
        await asyncio.to_thread(traces.close)


def _served() -> FastAPI:
    settings = Settings()
    if is_served_by_uvicorn():
        # It writes two lines before the lifespan begins.
        configure_logs(settings.log_level, settings.log_format)
    return create_app(settings)


app = _served()

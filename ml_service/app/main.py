"""``python -m uvicorn ml_service.app.main:app`` serves this."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from ml_service import __version__
from ml_service.app import errors
from ml_service.app.logs import configure_logs
from ml_service.app.middleware import BodyLimit, RequestContext
from ml_service.app.routes import ats, career_paths, health, jobs, models, pages, predictions
from ml_service.app.security import Gate, read_api_keys
from ml_service.bootstrap import running_service
from ml_service.settings import Settings

DESCRIPTION = (
    "Career paths from a PDF or DOCX resume, with a calibrated confidence, the lines that say "
    "why, an ATS score whose every point can be checked, matched jobs and a history. "
    "Guidance for people, never an automatic rejection."
)


def create_app(settings: Settings) -> FastAPI:
    """The lifespan opens and closes everything that needs it; building the app opens nothing."""
    app = FastAPI(
        title="Resume career prediction",
        description=DESCRIPTION,
        version=__version__,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would name the host that the caller claims
        middleware=_middleware(settings),
    )
    app.state.settings = settings
    app.state.gate = Gate(
        keys=read_api_keys(settings.api_keys.get_secret_value()),
        allow_anonymous=settings.allow_anonymous,
    )
    errors.install(app)
    for routes in (predictions, jobs, ats, career_paths, models, health, pages):
        app.include_router(routes.router)
    app.mount(pages.SWAGGER_PATH, pages.swagger_files())
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    layers = [Middleware(RequestContext)]
    if settings.cors_origins:
        layers.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(settings.cors_origins),
                allow_methods=["GET", "POST", "PATCH", "DELETE"],
                allow_headers=["Content-Type", "X-API-Key", "Authorization", "X-Request-Id"],
                expose_headers=["Location", "Link", "Retry-After", "X-Request-Id"],
            )
        )
    layers.append(Middleware(BodyLimit, max_upload_bytes=settings.max_upload_bytes))
    return layers


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    configure_logs(settings.log_level)
    async with running_service(settings) as service:
        app.state.service = service
        yield


app = create_app(Settings())

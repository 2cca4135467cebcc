"""``/`` and ``/docs`` for people; neither asks anything of the outside."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import FileResponse, HTMLResponse
from starlette.staticfiles import StaticFiles

from ml_service.settings import PROJECT

router = APIRouter(include_in_schema=False)

SWAGGER_PATH = "/docs/static"


def swagger_files() -> StaticFiles:
    """Swagger UI as the package fastapi-offline carries it: nothing is asked of a CDN."""
    return StaticFiles(directory=str(files("fastapi_offline") / "static"), check_dir=False)


@router.get("/")
async def start_page() -> FileResponse:
    return FileResponse(PROJECT / "frontend_stub" / "index.html", media_type="text/html")


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=f"{request.app.title}: routes",
        swagger_js_url=f"{SWAGGER_PATH}/swagger-ui-bundle.js",
        swagger_css_url=f"{SWAGGER_PATH}/swagger-ui.css",
        swagger_favicon_url=f"{SWAGGER_PATH}/favicon.png",
    )

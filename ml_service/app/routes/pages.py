"""``/`` and ``/docs`` for people; neither asks anything of the outside."""

from __future__ import annotations

import os
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ml_service.settings import PROJECT

router = APIRouter(include_in_schema=False)

SWAGGER_PATH = "/docs/static"
PAGE_PATH = "/page"
PAGE_FILES = PROJECT / "frontend_stub"
PAGE_HEADERS = {
    # Nothing inline, nothing of elsewhere, and no way to make markup of a string.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # To be asked for again, at the price of a 304: the parts of a page belong together.
    "Cache-Control": "no-cache",
}


def swagger_files() -> StaticFiles:
    """Swagger UI as the package fastapi-offline carries it: nothing is asked of a CDN."""
    return StaticFiles(directory=str(files("fastapi_offline") / "static"), check_dir=False)


class PageFiles(StaticFiles):
    """The page's own modules, styles and pictures."""

    def __init__(self) -> None:
        super().__init__(directory=PAGE_FILES, check_dir=False)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers.update(PAGE_HEADERS)
        return answer


@router.get("/")
async def start_page() -> FileResponse:
    return FileResponse(
        PAGE_FILES / "index.html", media_type="text/html", headers=dict(PAGE_HEADERS)
    )


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=f"{request.app.title}: routes",
        swagger_js_url=f"{SWAGGER_PATH}/swagger-ui-bundle.js",
        swagger_css_url=f"{SWAGGER_PATH}/swagger-ui.css",
        swagger_favicon_url=f"{SWAGGER_PATH}/favicon.png",
    )

"""All that is held of one user: handed over, or erased."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.security import may_read, may_write
from ml_service.app.user_paths import UserInPath, UserRoute
from ml_service.contract.user_export import UserExport, user_export

router = APIRouter(
    tags=["users"],
    dependencies=[Depends(refuse_unknown_parameters)],
    route_class=UserRoute,
)

EXPORT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One JSON document, sent while it is read",
        "model": UserExport,
        "headers": {
            "Content-Disposition": {
                "description": "a file to keep",
                "schema": {"type": "string"},
            }
        },
    }
}


@router.get(
    "/users/{user_id:user}/export",
    response_class=StreamingResponse,
    responses={**EXPORT, **problems()},
    dependencies=[Depends(may_read)],
)
async def export_user(service: TheService, user_id: UserInPath) -> StreamingResponse:
    """Every prediction whole, with its text, jobs, annotations and who did what to it when; every
    interview with its report and transcript.

    Empty for a user nobody has named yet. A document that ends early is not valid JSON.
    """
    held = await service.users_records.export(user_id)
    return StreamingResponse(
        user_export(held.user_id, held.exported_at, held.records, held.interviews),
        media_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="export.json"',
            "Cache-Control": "private, no-store",
        },
    )


@router.delete(
    "/users/{user_id:user}",
    status_code=204,
    responses=problems(),
    dependencies=[Depends(may_write)],
)
async def erase_user(service: TheService, user_id: UserInPath) -> None:
    """All predictions of the user with jobs, text and search entries, and all interviews with
    their transcripts, at once and for good.

    204 also when there is nothing (any more). What stays is that somebody erased which id, when.
    An upload or interview that began before is refused with 409 `user_erased` instead of being
    saved. A slash of the id is sent as `%2F` where `/export` follows it.
    """
    await service.users_records.erase(user_id)

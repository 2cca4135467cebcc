"""A FastAPI backend that accepts a resume from a browser and hands it on.

    ML_SERVICE_URL=http://localhost:8000 uvicorn fastapi_backend:app --port 9000
    curl -F resume=@resume.pdf -H 'X-Member-Id: marta' http://localhost:9000/resumes

One client serves the whole process. Where the service is away, this process answers, and sends the
upload to it later. With several workers one of them sends at a time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, Header, Request, UploadFile
from fastapi.responses import JSONResponse

from backend_client import AsyncResumeClient, ResumeClientError, StatusError

log = logging.getLogger(__name__)

SEND_EVERY_S = 300.0

# What a member can do something about; the rest is between this backend and the service.
MEMBERS_OWN = {400, 413, 415, 422}

Member = Annotated[str, Header(alias="X-Member-Id", description="in place of your own session")]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with AsyncResumeClient(outbox_dir="outbox") as client:
        app.state.resumes = client
        sending = asyncio.create_task(send_what_waits(client))
        yield
        sending.cancel()
        await asyncio.wait([sending])


async def send_what_waits(client: AsyncResumeClient) -> None:
    """What was answered here goes to the service: at the start, then every few minutes."""
    while True:
        try:
            report = await client.sync()
        except ResumeClientError as error:
            log.warning("the outbox cannot be used: %s", error)
        else:
            if report.sent or report.n_left:
                log.info("%d sent later, %d still wait", len(report.sent), report.n_left)
            for key, failure in {**report.refused, **report.failed}.items():
                log.warning("%s waits: %s", key, failure)
        await asyncio.sleep(SEND_EVERY_S)


app = FastAPI(lifespan=lifespan)


@app.post("/resumes", status_code=201)
async def accept(request: Request, resume: UploadFile, member: Member) -> dict[str, object]:
    client: AsyncResumeClient = request.app.state.resumes
    prediction = await client.predict(await resume.read(), filename=resume.filename, user_id=member)
    return prediction.as_json()


@app.get("/resumes")
async def history(request: Request, member: Member, cursor: str | None = None) -> dict[str, object]:
    client: AsyncResumeClient = request.app.state.resumes
    page = await client.user_predictions(member, cursor=cursor).page()
    return page.as_json()


@app.exception_handler(ResumeClientError)
async def refused(_: Request, error: ResumeClientError) -> JSONResponse:
    is_theirs = isinstance(error, StatusError) and error.status in MEMBERS_OWN
    if isinstance(error, StatusError) and is_theirs:
        return JSONResponse({"code": error.code, "detail": error.detail}, error.status)
    sentence = "Resumes cannot be read at the moment. Please try again later."
    return JSONResponse({"code": "service_unavailable", "detail": sentence}, 502)

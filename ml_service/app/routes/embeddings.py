"""Vectors of texts, by the encoder that every prediction rests on."""

from __future__ import annotations

import asyncio
import base64
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from ml_service.app.disconnects import while_connected
from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.security import may_read
from ml_service.contract.prediction import EncoderOut
from ml_service.domain.ports import Embeddings
from ml_service.hosting.choice import read_choice
from ml_service.use_cases.embed_texts import MOST_CHARACTERS, MOST_TEXTS

router = APIRouter(
    prefix="/api/v1", tags=["hosting"], dependencies=[Depends(refuse_unknown_parameters)]
)

VectorEncoding = Literal["float", "base64"]


class EmbeddingsIn(BaseModel):
    """``model`` is ``NAME`` or ``NAME@REVISION`` of the encoder that runs, so that a caller who
    compares vectors with older ones learns of a change. All texts together have 1,000,000
    characters at most.
    """

    model_config = ConfigDict(extra="forbid")

    texts: list[Annotated[str, Field(max_length=MOST_CHARACTERS)]] = Field(
        min_length=1, max_length=MOST_TEXTS
    )
    model: str | None = Field(None, min_length=1, max_length=256)
    encoding: VectorEncoding = "float"


class EmbeddingsOut(BaseModel):
    """Unit vectors in the order of the texts: numbers, or with ``encoding: base64`` their bytes,
    float32, little-endian. Vectors of two encoders or revisions are never to be compared.
    """

    model: EncoderOut
    vectors: list[list[float] | str]
    n_dims: int


@router.post(
    "/embeddings",
    response_model=EmbeddingsOut,
    responses=problems(400, 404, 413),
    dependencies=[Depends(may_read)],
)
async def embed(service: TheService, request: Request, body: EmbeddingsIn) -> Response:
    """Nothing is kept. What a text has beyond the encoder's limit of tokens is cut off."""
    if body.model is not None:
        service.hosting.embed_texts.check(read_choice(body.model))
    with service.hosting.permits.take():
        work = service.hosting.embed_texts(body.texts)
        embedded = await while_connected(request.receive, work)
        return await asyncio.to_thread(_answer, embedded, body.encoding)


def _answer(embedded: Embeddings, encoding: VectorEncoding) -> Response:
    vectors = embedded.vectors
    written: list[list[float]] | list[str] = vectors.tolist()
    if encoding == "base64":
        written = [base64.b64encode(row.tobytes()).decode() for row in vectors.astype("<f4")]
    answer = {
        "model": EncoderOut.model_validate(embedded.encoder).model_dump(),
        "vectors": written,
        "n_dims": vectors.shape[1],
    }
    return Response(to_json(answer), media_type="application/json")

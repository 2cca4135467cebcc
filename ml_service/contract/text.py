"""The text of a resume as callers see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from ml_service.contract.base import Out
from ml_service.domain.document import Box, Line


class LineOut(Out):
    """``box`` is [x0, top, x1, bottom] in points from the page's upper left corner, null where the
    format has no geometry. ``page`` counts from 1; ``column`` and ``order`` count from 0.
    """

    page: Annotated[int, Field(ge=1)]
    box: Box | None
    text: str
    column: Annotated[int, Field(ge=0)]
    order: Annotated[int, Field(ge=0)]


class TextOut(BaseModel):
    """``lines`` stand in the order in which a person reads them."""

    prediction_id: UUID
    lines: list[LineOut]


def lines_out(lines: Sequence[Line]) -> list[LineOut]:
    return [LineOut.model_validate(line) for line in lines]

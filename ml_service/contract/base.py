"""How every schema is read from a domain value."""

from __future__ import annotations

from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

USER_ID_MAX = 128


def is_plain_text(value: str) -> bool:
    """Something is written, and no control characters or halves of characters are in it."""
    return bool(value.strip()) and not any(
        category(mark) in {"Cc", "Cs"} and mark not in "\n\r\t" for mark in value
    )


def _plain(value: str) -> str:
    if not is_plain_text(value):
        raise PydanticCustomError("plain_text", "This must be text and not blank.")
    return value


PlainText = Annotated[str, AfterValidator(_plain)]
Probability = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0, le=100)]


class Out(BaseModel):
    """Read from the attributes of a domain value of the same field names."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")

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


def is_plain_line(value: str) -> bool:
    """Plain text without line breaks and tabs: fit to be part of an address."""
    return is_plain_text(value) and not any(category(mark) in {"Cc", "Zl", "Zp"} for mark in value)


def _plain(value: str) -> str:
    if not is_plain_text(value):
        raise PydanticCustomError("plain_text", "This must be text and not blank.")
    return value


def _plain_line(value: str) -> str:
    if not is_plain_line(value):
        raise PydanticCustomError("plain_line", "This must be text in one line and not blank.")
    return value


# The same as ``is_plain_text`` and ``is_plain_line``, for the OpenAPI document.
_CONTROLS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
PLAIN_TEXT_PATTERN = rf"^[^{_CONTROLS}]*[^{_CONTROLS}\s][^{_CONTROLS}]*$"

_BREAKS = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
PLAIN_LINE_PATTERN = rf"^[^{_BREAKS}]*[^{_BREAKS}\s][^{_BREAKS}]*$"

PlainText = Annotated[
    str, AfterValidator(_plain), Field(json_schema_extra={"pattern": PLAIN_TEXT_PATTERN})
]
PlainLine = Annotated[
    str, AfterValidator(_plain_line), Field(json_schema_extra={"pattern": PLAIN_LINE_PATTERN})
]
Probability = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0, le=100)]


class Out(BaseModel):
    """Read from the attributes of a domain value of the same field names."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")

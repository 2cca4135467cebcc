"""How every schema is read from a domain value."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

USER_ID_MAX = 128

Probability = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0, le=100)]


class Out(BaseModel):
    """Read from the attributes of a domain value of the same field names."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")

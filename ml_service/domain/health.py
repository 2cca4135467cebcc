"""How a part of the service is doing: each part says it itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PartState = Literal["ready", "not_ready", "not_configured"]
PartDetail = Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Part:
    """``needed``: the service is not ready without it. ``detail`` holds nothing personal."""

    name: str
    state: PartState
    needed: bool
    detail: PartDetail = field(default_factory=dict)

"""Which model a request asks for, as callers write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from ml_service.domain.errors import InvalidRequest

Alias = Literal["champion", "challenger"]
ALIASES: tuple[Alias, ...] = get_args(Alias)

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TAKEN = frozenset({"encoders"})  # a folder beside the models

_REVISION = re.compile(r"[0-9a-f]{6,64}")


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """``version`` is an alias or a revision; None leaves it to the traffic of the model."""

    model_id: str
    version: str | None = None


def read_choice(said: str) -> ModelChoice:
    """``NAME`` or ``NAME@VERSION``; whether there is such a model is not looked at."""
    name, at, version = said.partition("@")
    return ModelChoice(name, version if at else None)


def is_name(model_id: str) -> bool:
    return _NAME.fullmatch(model_id) is not None


def is_revision(version: str) -> bool:
    return _REVISION.fullmatch(version) is not None


def check_name(model_id: str, *, otherwise: Exception | None = None) -> None:
    """Raises ``otherwise``, or InvalidRequest."""
    if model_id in _TAKEN:
        raise otherwise or InvalidRequest(
            f"{model_id} is a folder beside the models: use another name.", field="name"
        )
    if not is_name(model_id):
        raise otherwise or InvalidRequest(
            "A model's name has up to 64 small letters, digits, dots, dashes or underscores and "
            "begins with a letter or digit.",
            field="name",
        )

"""How an operator names a model of an inference server: ``NAME`` or ``NAME@VERSION``."""

from __future__ import annotations

from urllib.parse import quote


def path_of(model: str, *, versions: str) -> str:
    """The model's part of a path, with ``versions`` between name and version.

    Without a version the server chooses, as a rule the newest or the one it calls default.
    """
    name, at, version = model.rpartition("@")
    if not at:
        return quote(model, safe="")
    return f"{quote(name, safe='')}{versions}{quote(version, safe='')}"

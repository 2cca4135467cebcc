"""Revisions in paths: what is no revision is another address, not one that is not there."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.convertors import StringConvertor, register_url_convertor

ModelInPath = Annotated[str, Path(max_length=64)]
RevisionInPath = Annotated[str, Path(pattern="^[0-9a-f]{6,64}$", description="as it is listed")]


class RevisionConvertor(StringConvertor):
    regex = "[0-9a-f]{6,64}"


register_url_convertor("revision", RevisionConvertor())

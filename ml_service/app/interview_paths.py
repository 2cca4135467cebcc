"""Interviews in paths: whatever a caller names them, no address means another one."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.convertors import PathConvertor, register_url_convertor

from ml_service.contract.history import UserId
from ml_service.contract.interviews import RESERVED

InterviewInPath = Annotated[UserId, Path(description="as it was given with the transcript")]


class InterviewConvertor(PathConvertor):
    """Slashes included, what stands beside interviews left out."""

    regex = rf"(?!(?:{'|'.join(RESERVED)})$|user/)(?!.*\n).*"


register_url_convertor("interview", InterviewConvertor())

"""Users in paths: whatever a caller names his users, no address means another one.

A slash within an id is written as it is or as %2F. Only the encoded one is the id's for certain:
``/users/ada/export`` is ada's export, ``/users/ada%2Fexport`` the user "ada/export".
"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import Path
from fastapi.routing import APIRoute
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.routing import Match
from starlette.types import Scope

from ml_service.contract.history import UserId

UserInPath = Annotated[UserId, Path(description="as it was given with the upload")]

_ENCODED_SLASH = re.compile("%2f", re.IGNORECASE)
_EXPORT = re.compile(r"/users/.*/export", re.DOTALL)


class UserConvertor(PathConvertor):
    """Slashes included. ``$``, which ends a route, would also match before a last line break."""

    regex = r"(?!.*\n).*"


register_url_convertor("user", UserConvertor())


class UserRoute(APIRoute):
    """``/users/{user_id:user}`` and the export beside it, each for its own addresses alone."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if _is_export(scope) != self.path.endswith("/export"):
            return Match.NONE, {}
        return super().matches(scope)


def _is_export(scope: Scope) -> bool:
    raw = scope.get("raw_path") or quote(scope["path"]).encode()
    path = unquote(_ENCODED_SLASH.sub("-", raw.decode("latin-1")))
    return _EXPORT.fullmatch(path.removeprefix(scope.get("root_path", ""))) is not None

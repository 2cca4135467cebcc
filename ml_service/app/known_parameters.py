"""The refusal of query parameters that no route takes."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant

from ml_service.domain.errors import InvalidRequest


async def refuse_unknown_parameters(request: Request) -> None:
    """Raises InvalidRequest: a mistyped filter must not silently widen a list."""
    if not request.query_params:
        return
    known = set(query_names(request.scope["route"].dependant))
    for name in request.query_params:
        if name not in known:
            raise InvalidRequest("This parameter is not known.", field=name[:64])


def query_names(needs: Dependant) -> Iterator[str]:
    """What a route and all that it depends on take from the query string."""
    yield from (parameter.alias for parameter in needs.query_params)
    for needed in needs.dependencies:
        yield from query_names(needed)

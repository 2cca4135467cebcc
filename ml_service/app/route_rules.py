"""What each route asks of its callers, read off the routes themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from ml_service.app.rate_limits import LimitClass
from ml_service.app.request_notes import UNMATCHED
from ml_service.app.security import Scope as KeyScope
from ml_service.app.security import may_admin, may_read, may_write

LIMIT_CLASSES: dict[str, LimitClass] = {
    "/predict": "uploads",
    "/predictions/{prediction_id:uuid}/rescore": "uploads",
    "/api/v1/scoring/analyze": "uploads",
    "/jobs/search": "jobs",
}
UNLIMITED = frozenset({"/metrics"})
"""Routes that need a scope and are not counted; those that need none never are."""


@dataclass(frozen=True, slots=True)
class RouteRule:
    """``template``: the path as it was declared. None: no scope is needed, nothing is counted."""

    template: str
    scope: KeyScope | None = None
    limit_class: LimitClass | None = None


UNKNOWN = RouteRule(UNMATCHED, limit_class="default")


class RouteRules:
    """Of an app's API routes, and of the pages beside them, which everybody may see."""

    def __init__(self, routes: Iterable[BaseRoute], *, pages: Sequence[str]) -> None:
        """``pages`` are whole paths, and folders that end in a slash."""
        self._routes = [route for route in routes if isinstance(route, APIRoute)]
        self._rules = {id(route): _rule(route) for route in self._routes}
        self._pages = pages

    def rule_for(self, scope: Scope) -> RouteRule:
        """The first route that fits, as in the router; UNKNOWN where none does."""
        path = scope["path"]
        for route in self._routes:
            if route.matches(scope)[0] is Match.FULL:
                return self._rules[id(route)]
        for page in self._pages:
            if path == page or (page.endswith("/") and path.startswith(page)):
                return RouteRule(page)
        return UNKNOWN


def _rule(route: APIRoute) -> RouteRule:
    scope = _needed(route)
    if scope is None:
        return RouteRule(route.path)
    if route.path in UNLIMITED:
        return RouteRule(route.path, scope)
    return RouteRule(route.path, scope, LIMIT_CLASSES.get(route.path, "default"))


def _needed(route: APIRoute) -> KeyScope | None:
    calls = {dependant.call for dependant in _all(route.dependant)}
    if may_admin in calls:
        return "admin"
    if may_write in calls:
        return "write"
    return "read" if may_read in calls else None


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for below in dependant.dependencies:
        yield from _all(below)

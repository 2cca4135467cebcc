"""Lists that are longer than one answer: iterate over all of them, or take them page by page.

    for summary in client.list_predictions(tag="hired"):
        ...
    for page in client.list_predictions(limit=100).pages():
        page.data, page.next_cursor, page.request_id

Nothing is asked before the first entry is wanted.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar

from backend_client._calls import Call
from backend_client.errors import BadResponse

Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)


class OnePage(Protocol[Item_co]):
    @property
    def data(self) -> Sequence[Item_co]: ...

    @property
    def next_cursor(self) -> str | None: ...


Page = TypeVar("Page", bound=OnePage[Any])


class Pages(Generic[Page, Item]):
    """All entries of a list, in its order."""

    def __init__(self, first: Call[Page], ask: Callable[[Call[Page]], Page]) -> None:
        self._first = first
        self._ask = ask

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from page.data

    def pages(self) -> Iterator[Page]:
        call: Call[Page] | None = self._first
        while call is not None:
            page = self._ask(call)
            yield page
            call = _after(call, page)

    def page(self) -> Page:
        """The first one; its ``next_cursor`` is the ``cursor`` of the next."""
        return self._ask(self._first)


class AsyncPages(Generic[Page, Item]):
    """The same for ``async for``."""

    def __init__(self, first: Call[Page], ask: Callable[[Call[Page]], Awaitable[Page]]) -> None:
        self._first = first
        self._ask = ask

    async def __aiter__(self) -> AsyncIterator[Item]:
        async for page in self.pages():
            for item in page.data:
                yield item

    async def pages(self) -> AsyncIterator[Page]:
        call: Call[Page] | None = self._first
        while call is not None:
            page = await self._ask(call)
            yield page
            call = _after(call, page)

    async def page(self) -> Page:
        return await self._ask(self._first)


def _after(call: Call[Page], page: Page) -> Call[Page] | None:
    """Raises BadResponse for a list that would never end."""
    if page.next_cursor is None:
        return None
    following = call.at(page.next_cursor)
    if following.params == call.params:
        raise BadResponse("The list names the same page again as its next.")
    return following

"""One test for two clients: what is asked of the one is asked of the other in the same words."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from backend_client import AsyncResumeClient, ResumeClient, Retries
from backend_client._core import Analyse

FAST = Retries(first_delay_s=0.001, longest_delay_s=0.002, longest_retry_after_s=5, in_flight_s=1)

Answering = Callable[[httpx.Request], httpx.Response]


@dataclass
class Service:
    """Answers in turn, and the last one ever after; what it was asked is kept."""

    answers: list[httpx.Response | Exception]
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        # A response is read once; the last one may be given often.
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    @property
    def keys(self) -> list[str | None]:
        return [request.headers.get("Idempotency-Key") for request in self.asked]


@dataclass(frozen=True)
class Both:
    """Calls methods by name on a client of one kind, over ``answering`` in place of a network."""

    kind: str

    def ask(
        self,
        answering: Answering,
        method: str,
        *arguments: Any,
        options: Mapping[str, Any] | None = None,
        analyse: Analyse | None = None,
        **named: Any,
    ) -> Any:
        """What the method answers; all entries where that is a list."""
        return self.use(
            answering,
            lambda client: getattr(client, method)(*arguments, **named),
            options=options,
            analyse=analyse,
        )

    def use(
        self,
        answering: Answering,
        *asked: Callable[[Any], Any],
        options: Mapping[str, Any] | None = None,
        analyse: Analyse | None = None,
    ) -> Any:
        """Several questions to one client; the last answer, or the first error."""
        settings = {"base_url": "http://service.test", "retries": FAST, **(options or {})}
        if self.kind == "sync":
            return self._sync(answering, asked, settings, analyse)
        return asyncio.run(self._async(answering, asked, settings, analyse))

    def _sync(self, answering: Answering, asked: Any, settings: Any, analyse: Any) -> Any:
        with httpx.Client(transport=httpx.MockTransport(answering)) as http:
            client = ResumeClient(**settings, http_client=http)
            if analyse is not None:
                client._core = replace(client._core, analyse=analyse)
            answer = None
            for question in asked:
                answer = question(client)
                answer = (
                    list(answer) if isinstance(answer, Iterator) or _is_pages(answer) else answer
                )
            return answer

    async def _async(self, answering: Answering, asked: Any, settings: Any, analyse: Any) -> Any:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answering)) as http:
            client = AsyncResumeClient(**settings, http_client=http)
            if analyse is not None:
                client._core = replace(client._core, analyse=analyse)
            answer = None
            for question in asked:
                answer = question(client)
                if inspect.isawaitable(answer):
                    answer = await answer
                elif isinstance(answer, AsyncIterator) or _is_pages(answer):
                    answer = [item async for item in answer]
            return answer


def form_of(request: httpx.Request) -> dict[str, str]:
    """The fields of a multipart body by their names; the document by its content."""
    boundary = request.headers["Content-Type"].partition("boundary=")[2].encode()
    fields = {}
    for part in request.content.split(b"--" + boundary)[1:-1]:
        head, _, value = part.strip(b"\r\n").partition(b"\r\n\r\n")
        name = head.split(b'name="', 1)[1].partition(b'"')[0].decode()
        fields[name] = value.decode()
        if b"filename=" in head:
            fields["filename"] = head.split(b'filename="', 1)[1].partition(b'"')[0].decode()
    return fields


def _is_pages(answer: object) -> bool:
    return hasattr(answer, "pages") and hasattr(answer, "page")

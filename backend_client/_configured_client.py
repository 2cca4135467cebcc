"""What both clients are made of: options, breaker, outbox, and connections."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import Generic, Self, TypeVar

import httpx

from backend_client._core import Core
from backend_client.breaker import Breaker
from backend_client.options import Fallback, Options, Retries, Timeouts
from backend_client.outbox import MAX_BYTES, MAX_ENTRIES, Keeps, Outbox

Http = TypeVar("Http", httpx.Client, httpx.AsyncClient)


class ConfiguredClient(ABC, Generic[Http]):
    def __init__(
        self,
        base_url: str | None = None,
        *,
        api_key: str | None = None,
        fallback: Fallback | None = None,
        outbox_dir: str | os.PathLike[str] | None = None,
        outbox_keeps: Keeps = "document",
        outbox_key: str | bytes | None = None,
        outbox_max_entries: int = MAX_ENTRIES,
        outbox_max_bytes: int = MAX_BYTES,
        timeouts: Timeouts | None = None,
        retries: Retries | None = None,
        breaker: Breaker | None = None,
        http_client: Http | None = None,
    ) -> None:
        """Raises ConfigurationError. An ``http_client`` of yours is yours to close."""
        options = Options.read(
            base_url=base_url,
            api_key=api_key,
            fallback=fallback,
            timeouts=timeouts,
            retries=retries,
        )
        outbox = None
        if outbox_dir is not None:
            outbox = Outbox(
                outbox_dir,
                keeps=outbox_keeps,
                key=outbox_key,
                max_entries=outbox_max_entries,
                max_bytes=outbox_max_bytes,
            )
        self._core = Core(options, breaker=breaker or Breaker(), outbox=outbox)
        self._http: Http = http_client or self._connections()
        self._owns_http = http_client is None

    @staticmethod
    @abstractmethod
    def _connections() -> Http:
        """Of its own."""

    def with_options(
        self,
        *,
        api_key: str | None = None,
        fallback: Fallback | None = None,
        timeouts: Timeouts | None = None,
        retries: Retries | None = None,
        max_retries: int | None = None,
    ) -> Self:
        """The same client for some calls, otherwise: connections, breaker and outbox are shared."""
        changed = self._core.options.changed(
            api_key=api_key,
            fallback=fallback,
            timeouts=timeouts,
            retries=retries,
            max_retries=max_retries,
        )
        other = object.__new__(type(self))
        other._core = self._core.with_options(changed)
        other._http = self._http
        other._owns_http = False
        return other

    @property
    def base_url(self) -> str:
        return self._core.options.base_url

    @property
    def outbox(self) -> Outbox | None:
        return self._core.outbox

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r}, fallback={self._core.options.fallback!r})"

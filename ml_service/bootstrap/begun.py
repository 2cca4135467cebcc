"""What is loaded while the rest is still being imported."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from ml_service.settings import Settings

Loaded = TypeVar("Loaded")


class Begun(Generic[Loaded]):
    """Loaded in a thread of its own before anybody can wait for it; taken once."""

    def __init__(self, load: Callable[[Settings], Loaded], *, name: str) -> None:
        self._load = load
        self._name = name
        self._begun: tuple[Settings, Future[Loaded]] | None = None

    def begin(self, settings: Settings) -> None:
        thread = ThreadPoolExecutor(1, thread_name_prefix=self._name)
        self._begun = settings, thread.submit(self._load, settings)
        thread.shutdown(wait=False)

    def take(self, settings: Settings) -> Loaded:
        """What was begun with the same settings, or loaded now. Raises what loading raises."""
        begun, self._begun = self._begun, None
        if begun is None or begun[0] != settings:
            return self._load(settings)
        return begun[1].result()

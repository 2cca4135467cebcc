"""What the core asks its sender to do. The core is written once, as generators of these; the
sender of ``ResumeClient`` does them and waits, that of ``AsyncResumeClient`` awaits them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from backend_client._answers import Reply
from backend_client._calls import Wire
from backend_client.options import Timeouts

T = TypeVar("T")

OnProgress: TypeAlias = Callable[[int, int], None]
"""Told the bytes of the body that went out, and all of them; a retry begins at 0 again."""


@dataclass(frozen=True, slots=True)
class Send:
    """Answered with a Reply; raises ConnectionFailed, TimedOut or BadResponse."""

    wire: Wire
    timeouts: Timeouts
    on_progress: OnProgress | None = field(default=None, compare=False)
    on_chunk: Callable[[bytes], None] | None = field(default=None, compare=False)
    keep_open: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    seconds: float


@dataclass(frozen=True, slots=True)
class Work(Generic[T]):
    """Something that blocks: files, or the analysis itself. Answered with what it returns.

    ``abandon``: nobody needs its end once the caller is cancelled.
    """

    function: Callable[[], T]
    abandon: bool = False


Step: TypeAlias = Send | Wait | Work[Any]
Steps: TypeAlias = Generator[Step, Any, T]


def send(step: Send) -> Steps[Reply]:
    reply: Reply = yield step
    return reply


def work(function: Callable[[], T], *, abandon: bool = False) -> Steps[T]:
    result: T = yield Work(function, abandon)
    return result

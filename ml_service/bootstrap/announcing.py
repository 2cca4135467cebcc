"""What takes long at start says so."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


@contextmanager
def announced(step: str) -> Iterator[None]:
    """Say what takes long, and how long it took."""
    log.info("%s ...", step)
    begin = time.perf_counter()
    yield
    log.info("%s: done in %.1f s", step, time.perf_counter() - begin)

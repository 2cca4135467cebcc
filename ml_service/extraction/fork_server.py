"""The process that reading workers are forked from: it has imported the readers and what a worker
hears and answers with, and nothing else of the service.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver

IMPORTED = ("ml_service.extraction.worker", "ml_service.extraction.errands", "pebble.pool.process")


def start_fork_server() -> None:
    """Does nothing where it runs; it imports what workers need while the caller goes on."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(IMPORTED))
    forkserver.ensure_running()

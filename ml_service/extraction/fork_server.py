"""The process that reading workers are forked from: it has imported the readers, and nothing else
of the service.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver

READERS = "ml_service.extraction.worker"


def start_fork_server() -> None:
    """Does nothing where it runs; it imports the readers while the caller goes on."""
    multiprocessing.get_context("forkserver").set_forkserver_preload([READERS])
    forkserver.ensure_running()

"""A service that ends and begins again while a page is open."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.service_process import COMMAND_LINE, ServiceFolder, ServiceProcess

# The page asks again every eight seconds at the most.
BACK_MS = 20_000


@contextmanager
def life_of(folder: ServiceFolder, port: int) -> Iterator[ServiceProcess]:
    """A service on a port that it has again in its next life."""
    folder.path.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", *COMMAND_LINE, "--host", "127.0.0.1", "--port", str(port)]
    with folder.log.open("ab") as log:
        service = ServiceProcess(folder, command, port, log)
        try:
            service.wait_until_ready()
            yield service
        finally:
            service.close()

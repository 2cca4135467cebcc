"""What can begin while the rest of the service is still being imported."""

from __future__ import annotations

from threading import Thread

from ml_service.analysis.language_model import load_language_model
from ml_service.extraction.fork_server import start_fork_server
from ml_service.settings import Settings


def begin_early(settings: Settings) -> None:
    """Processes and threads that need little of Python itself; who needs them later finds them at
    work, and learns of their failures.
    """
    start_fork_server()
    Thread(target=load_language_model, name="languages", daemon=True).start()
    from ml_service.bootstrap.encoder import (  # noqa: PLC0415 - the readers begin meanwhile
        begun_engine,
    )

    begun_engine.begin(settings)
    from ml_service.bootstrap.occupations import (  # noqa: PLC0415 - the encoder begins meanwhile
        begun_occupations,
    )

    begun_occupations.begin(settings)

"""What can begin while the rest of the service is still being imported."""

from __future__ import annotations

from threading import Thread

from ml_service.analysis.language_model import load_language_model
from ml_service.extraction.fork_server import start_fork_server


def begin_early() -> None:
    """Processes and threads for what takes no setting; who needs them later finds them at work."""
    start_fork_server()
    Thread(target=load_language_model, name="languages", daemon=True).start()

"""``serve``: the HTTP service on this machine."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from uvicorn.importer import import_from_string

from ml_service.bootstrap.collecting import nothing_collected
from ml_service.bootstrap.early import begin_early
from ml_service.cli.running import command_line, errors, run
from ml_service.settings import Settings, is_loopback

APP = "ml_service.app.main:app"

FINISH_WITHIN_S = 20
"""After SIGTERM: longer than an upload takes that has arrived."""

REFUSAL = (
    "HOST={host} is reachable from other machines, and no API key is set up. Set API_KEYS, "
    "or ALLOW_ANONYMOUS=true if everybody who reaches it may use it."
)


def serve(
    host: Annotated[str | None, typer.Option(help="address; default: HOST or 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="port; default: PORT or 8000")] = None,
) -> None:
    """Migrate the database, load and warm the model, and serve until stopped."""
    settings = Settings()
    host, port = host or settings.host, settings.port if port is None else port
    keyed = bool(settings.api_keys.get_secret_value())
    if not is_loopback(host) and not keyed and not settings.allow_anonymous:
        errors().print(f"[red]refused[/]: {REFUSAL.format(host=host)}")
        raise typer.Exit(code=1)
    begin_early(settings)
    with nothing_collected():
        import_from_string(APP)
        gc.freeze()
    with _sigterm_is_no_failure():
        uvicorn.run(
            APP,
            host=host,
            port=port,
            log_level="info",
            access_log=False,  # its lines hold paths, and a path may hold a user's name
            timeout_graceful_shutdown=FINISH_WITHIN_S,
        )


def main() -> None:
    """``serve`` alone, without importing the other commands."""
    commands = command_line()
    commands.callback()(_nothing_beside)
    commands.command("serve")(serve)
    run(commands)


def _nothing_beside() -> None:
    """That there is a callback makes a group of a single command."""


@contextmanager
def _sigterm_is_no_failure() -> Iterator[None]:
    """Exit status 0. uvicorn finishes what is in work and then raises the signal once more."""
    before = signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit(signal_number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - called by position
    sys.exit(0)

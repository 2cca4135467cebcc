"""What holds for every test: no socket leaves this machine, no blocking call in the event loop,
and loggers as Python gives them.

Warnings are errors by ``pyproject.toml``. Fixtures of one area stand in its own folder's conftest.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator

import pytest
from blockbuster import blockbuster_ctx
from pytest_socket import socket_allow_hosts

ON_POSTGRESQL = {"postgresql", "postgres"}
LOOPBACK = ["127.0.0.1", "::1", "localhost"]


def pytest_configure() -> None:
    """A shell ignores SIGINT for what it runs in the background; tests send it to commands."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs on PostgreSQL is marked so: ``pytest -m "not postgres"`` leaves it out."""
    for item in items:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if any(isinstance(value, str) and value in ON_POSTGRESQL for value in parameters):
            item.add_marker(pytest.mark.postgres)


def pytest_runtest_setup() -> None:
    """Loopback and unix sockets stay open; pytest-socket lifts this after each test."""
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.fixture(autouse=True)
def loggers_as_python_gives_them() -> None:
    """What a service of an earlier test set for its logs does not reach into this one."""
    ours = logging.getLogger("ml_service")
    ours.setLevel(logging.NOTSET)
    ours.propagate = True
    ours.handlers.clear()


@pytest.fixture(autouse=True)
def blocking_calls_fail() -> Iterator[None]:
    """A call of ours that blocks the event loop raises BlockingError where it stands.

    Calls by tests themselves are let through: only stacks that hold ``ml_service`` or
    ``backend_client`` are looked at.
    """
    with blockbuster_ctx(["ml_service", "backend_client"]):
        yield

"""The guards of ``tests/conftest.py`` do fail the tests that they should."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from blockbuster import BlockingError
from pytest_socket import SocketConnectBlockedError

from ml_service.job_sources.importing import read_postings


def test_sockets_to_other_machines_are_shut() -> None:
    with pytest.raises((SocketConnectBlockedError, UserWarning), match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


async def test_our_own_blocking_call_in_the_event_loop_fails(tmp_path: Path) -> None:
    file = tmp_path / "postings.csv"
    file.write_text("title\nBaker\n", encoding="utf-8")
    with pytest.raises(BlockingError):
        list(read_postings(file))


async def test_the_same_call_in_a_thread_is_right(tmp_path: Path) -> None:
    file = tmp_path / "postings.csv"
    file.write_text("title\nBaker\n", encoding="utf-8")
    postings = await asyncio.to_thread(lambda: list(read_postings(file)))
    assert [posting.title for posting in postings] == ["Baker"]

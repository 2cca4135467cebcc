"""Over a bad network, and over a kill: every upload has its answer and stands there once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from measure_client import Served, kill_amid, recorded_documents, resumes, sync_all
from unreliable_proxy import FAULTS, Fault, UnreliableProxy

from backend_client import ResumeClient, Retries, Timeouts
from tests.service_process import PROJECT, free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("unreliable")) as served:
        yield served


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_costs_a_retry_and_nothing_else(
    service: Served, tmp_path: Path, fault: Fault
) -> None:
    """The first request meets it, the second does not."""
    (document,) = resumes(fault, 1)
    with UnreliableProxy(service.port, faults=(fault,), share=1.0) as proxy:
        proxy.after(1, share=0.0)
        with ResumeClient(
            proxy.base_url, outbox_dir=tmp_path / "outbox", timeouts=Timeouts(read_s=30)
        ) as client:
            prediction = client.predict(document, user_id=fault, force=True)
            history = list(client.user_predictions(fault))

    assert proxy.met[fault] >= 1
    assert prediction.source == "ml-service"
    assert [one.prediction_id for one in history] == [prediction.prediction_id]
    is_harmless = fault in {"none", "latency", "slow_bytes"}
    assert proxy.n_requests == (2 if is_harmless else 3)


@pytest.mark.parametrize("fault", ["lost_reply", "half_reply", "503"])
def test_a_fault_without_end_is_answered_here_and_recorded_once(
    service: Served, tmp_path: Path, fault: Fault
) -> None:
    """After a lost reply the service has it already: its key keeps it from a second."""
    user_id = f"{fault} without end"
    (document,) = resumes(user_id, 1)
    quick = Retries(max_retries=1, first_delay_s=0.1)
    folder = tmp_path / "outbox"
    with (
        UnreliableProxy(service.port, faults=(fault,), share=1.0) as proxy,
        ResumeClient(proxy.base_url, outbox_dir=folder, retries=quick) as client,
    ):
        local = client.predict(document, user_id=user_id, force=True)
    with ResumeClient(service.base_url, outbox_dir=folder) as client:
        before = len(recorded_documents(client, user_id))
        assert sync_all(client) == 1
        recorded = recorded_documents(client, user_id)

    assert local.source == "local"
    assert before == (0 if fault == "503" else 1)
    assert dict(recorded) == {local.document_sha256: 1}


def test_a_kill_amid_uploads_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    n_uploads = 24

    killed = kill_amid(tmp_path, n_uploads)

    assert killed.uploads.errors == {}
    assert killed.uploads.n_answered == n_uploads
    assert killed.n_before < n_uploads
    assert killed.n_synced == killed.uploads.sources["local"]
    assert len(killed.recorded) == n_uploads
    assert set(killed.recorded.values()) == {1}


KILLED_BETWEEN = """
import os, signal, sys
from backend_client import Outbox, ResumeClient

Outbox.remove = lambda self, name: os.kill(os.getpid(), signal.SIGKILL)
with ResumeClient(sys.argv[1], outbox_dir=sys.argv[2]) as client:
    client.sync()
"""


def test_a_caller_killed_between_the_answer_and_the_removal_sends_nothing_twice(
    service: Served, tmp_path: Path
) -> None:
    user_id, folder = "killed between", tmp_path / "outbox"
    (document,) = resumes(user_id, 1)
    with ResumeClient(f"http://127.0.0.1:{free_port()}", outbox_dir=folder) as away:
        away.predict(document, user_id=user_id, force=True)

    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BETWEEN, service.base_url, str(folder)],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        timeout=120,
        check=False,
    )
    with ResumeClient(service.base_url, outbox_dir=folder) as client:
        recorded_before = recorded_documents(client, user_id)
        report = client.sync()
        recorded = recorded_documents(client, user_id)

    assert killed.returncode == -signal.SIGKILL
    assert recorded_before == recorded
    assert set(recorded.values()) == {1}
    assert [one.replayed for one in report.sent.values()] == [True]
    assert report.n_left == 0

"""The commands of the Dockerfile, carried out; what comes of them, started and used."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.service_process import PROJECT

pytestmark = pytest.mark.full


def can_mount() -> bool:
    """Root of a container may be refused what the script needs."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    own = ["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "t", "/mnt"]
    return subprocess.run(own, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="needs root that may mount, on Linux")
def test_the_commands_of_the_dockerfile_make_a_service_that_is_confined_and_serves() -> None:
    done = subprocess.run(
        [sys.executable, str(PROJECT / "scripts" / "run_dockerfile_here.py")],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1_800,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-6_000:]
    assert "== all as documented" in done.stdout

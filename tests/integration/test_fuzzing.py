"""A short run of ``scripts/fuzz_readers.py`` with a fixed seed: the long ones are made by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service_process import PROJECT

pytestmark = pytest.mark.slow

N_DOCUMENTS = 120
SEED = 5


def test_mutated_documents_are_read_or_refused(tmp_path: Path) -> None:
    """A worker that PDFium takes down by its memory limit is expected: it costs one refusal."""
    command = [
        sys.executable, str(PROJECT / "scripts" / "fuzz_readers.py"),
        "--documents", str(N_DOCUMENTS), "--minutes", "5", "--seed", str(SEED),
        "--findings", str(tmp_path / "findings"), "--account", str(tmp_path / "account.json"),
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=400, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]
    account = json.loads((tmp_path / "account.json").read_text("utf-8"))
    assert account["findings"] == {}
    assert sum(account["outcomes"].values()) == N_DOCUMENTS
    assert account["outcomes"]["read"] >= N_DOCUMENTS // 4

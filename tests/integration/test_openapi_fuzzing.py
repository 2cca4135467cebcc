"""Requests invented from the OpenAPI document, by schemathesis, with every check on.

What is allowed beyond its own rules stands in ``tests/fuzzing/schemathesis.toml``. To look further
than this does, start a service and run the same command with more examples and another seed.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.documents import PEOPLE, resume_pdf
from tests.model_shelves import shelf_with_occupations
from tests.service_process import (
    PROJECT,
    ServiceFolder,
    ServiceProcess,
    run_command,
    served,
)

pytestmark = pytest.mark.slow

KEY = "a key for invented requests"
POSTINGS = [{"job_id": "1", "title": "Software Developer", "description": "Python", "city": "Oslo"}]
PHASES = ("coverage", "fuzzing", "stateful")
N_EXAMPLES = 30
SEED = 3


def test_invented_requests_find_nothing(tmp_path: Path) -> None:
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    limits = dict.fromkeys(("UPLOADS", "JOBS", "DEFAULT"), "off")
    folder = ServiceFolder(
        tmp_path / "service",
        {
            "API_KEYS": f"fuzz:admin:{digest}",
            # Whoever may promote and share traffic must not do so in the folder that ships.
            "MODELS_DIR": str(shelf_with_occupations(tmp_path / "models")),
        }
        | {f"RATE_LIMIT_{name}": limit for name, limit in limits.items()},
    )
    postings = tmp_path / "postings.json"
    postings.write_text(json.dumps(POSTINGS), encoding="utf-8")
    run_command(folder, "jobs", "import", str(postings))
    with served(folder) as service, keyed_client(service) as client:
        file = ("resume.pdf", resume_pdf(PEOPLE[0]))
        made = client.post("/predict", files={"file": file}, timeout=60).json()
        found = invent_requests(service, made["prediction_id"], working_folder=tmp_path)
        assert found.returncode == 0, found.stdout[-20_000:] + service.log_tail()
        assert client.get("/health/ready").status_code == 200
    # Without these most requests would have had nothing to work on.
    log = service.log_tail(10_000_000)
    for worked in (
        "GET /predictions/{prediction_id:uuid} 304",
        "GET /predictions/{prediction_id:uuid}/explanation 200",
        "GET /jobs/search 200",
    ):
        assert worked in log


def keyed_client(service: ServiceProcess) -> httpx.Client:
    return httpx.Client(base_url=service.base_url, headers={"X-API-Key": KEY})


def invent_requests(
    service: ServiceProcess, prediction_id: str, *, working_folder: Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("st")),
            f"--config-file={PROJECT / 'tests' / 'fuzzing' / 'schemathesis.toml'}",
            "run",
            f"{service.base_url}/openapi.json",
            f"--header=X-API-Key: {KEY}",
            f"--phases={','.join(PHASES)}",
            f"--max-examples={N_EXAMPLES}",
            f"--seed={SEED}",
            "--no-color",
        ],
        cwd=working_folder,
        env={**os.environ, "PREDICTION_ID": prediction_id},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

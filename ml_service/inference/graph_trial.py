"""A graph that somebody sent, tried in a process of its own with little memory and time.

Reading it, optimising it and running it may take any memory, any time, or end the process:
``python -m ml_service.inference.graph_trial FOLDER`` pays for that, not the service.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import ml_service
from ml_service.domain.errors import ModelRefused, ServiceError
from ml_service.hosting.model_files import Manifest, write_manifest
from ml_service.hosting.offers import GRAPH_FILE
from ml_service.hosting.onnx_graph import read_graph
from ml_service.hosting.onnx_manifest import onnx_manifest
from ml_service.inference.engines.plain_onnx import HostedOnnxModel

LONGEST_TRIAL_S = 30.0
LONGEST_RUN_S = 5.0
MEMORY_BYTES = 2 * 1024**3
"""What the process may map; Python, numpy and the runtime take a quarter of it."""
_MEMORY_OF_FILE = 8
_MOST_SAID_BYTES = 10_000_000
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")


def try_graph(
    folder: Path, stated: Mapping[str, Any], *, model_id: str, longest_s: float = LONGEST_TRIAL_S
) -> Manifest:
    """Write the manifest of the graph in ``folder`` once it has loaded and answered its canary.

    Blocking, for up to ``longest_s``. Raises ModelRefused.
    """
    asked = json.dumps({"model_id": model_id, "stated": stated})
    try:
        done = subprocess.run(  # noqa: S603 - our own module, by the interpreter that runs
            [sys.executable, "-m", __name__, str(folder)],
            input=asked.encode(),
            capture_output=True,
            timeout=longest_s,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired as late:
        raise ModelRefused(
            f"Loading the graph and answering one row took longer than {longest_s:g} s."
        ) from late
    said = _read(done.stdout)
    if "manifest" not in said:
        raise ModelRefused(str(said.get("refused") or _died(done.returncode)))
    manifest: Manifest = said["manifest"]
    return manifest


def _environment() -> dict[str, str]:
    """No key and no address of the service's own."""
    named = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    package = str(Path(ml_service.__file__).parents[1])
    paths = os.pathsep.join([package, *(path for path in sys.path if path)])
    return {**named, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _read(said: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(said[:_MOST_SAID_BYTES])
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _died(status: int) -> str:
    ended = f"signal {-status}" if status < 0 else f"status {status}"
    return (
        f"The graph ended the process that tried it ({ended}): it takes more than "
        f"{MEMORY_BYTES // 1024**2:,} MB, or the runtime breaks on it."
    )


def main(folder: Path) -> None:
    asked = json.loads(sys.stdin.buffer.read())
    _limit_memory(folder / GRAPH_FILE)
    answer: dict[str, Any]
    try:
        answer = {"manifest": _tried(folder, asked["stated"], model_id=asked["model_id"])}
    except ServiceError as refused:
        answer = {"refused": refused.message}
    sys.stdout.write(json.dumps(answer))


def _tried(folder: Path, stated: Mapping[str, Any], *, model_id: str) -> Manifest:
    """Raises ModelRefused or ModelUnavailable."""
    content = (folder / GRAPH_FILE).read_bytes()
    try:
        facts = read_graph(content)
        digest = sha256(content).hexdigest()
        manifest = onnx_manifest(facts, stated, model_id=model_id, sha256=digest)
        write_manifest(folder, manifest)
        HostedOnnxModel(folder, longest_run_s=LONGEST_RUN_S).answer_canary()
    except MemoryError as error:
        raise ModelRefused(_died(0)) from error
    return manifest


def _limit_memory(graph: Path) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows, where the time alone is bounded
    except ImportError:
        return
    most = MEMORY_BYTES + _MEMORY_OF_FILE * graph.stat().st_size
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Requests of eight clients while the model that answers them is exchanged again and again.

    python scripts/measure_swaps.py [--requests 10000] [--swaps 20]

Four revisions of a small classifier give the same rows different shares, so that each answer shows
which revision made it. Counted are requests that failed, answers whose rows disagree with each
other or with the revision that the answer names, and answers of each revision.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.model_shelves import shelf_with_occupations
from tests.onnx_graphs import classifier
from tests.service_process import ServiceFolder, served

CLIENTS = 8
NAME = "swapped"
ROWS = [[1.0, 1.0]] * 3
WEIGHTS = (0.1, 0.2, 0.3, 0.4)
REQUEST = json.dumps({"model_name": NAME, "input_data": ROWS})
HEADERS = {"Content-Type": "application/json"}


@dataclass
class Seen:
    """Grows under ``lock``."""

    answers: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    n_mixed: int = 0
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    given = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        models = shelf_with_occupations(Path(folder) / "models")
        settings = {
            "MODELS_DIR": str(models),
            "ALLOW_MODEL_UPLOAD": "true",
            "JOBS_PROVIDER": "off",
            "LOG_LEVEL": "WARNING",
        }
        with served(ServiceFolder(Path(folder) / "service", settings)) as service:
            shares = _upload_revisions(service.base_url)
            seen, took_s = _under_load(service.base_url, shares, given)
    Console().print(_told(seen, took_s, given))
    if seen.failures or seen.n_mixed or seen.answers.total() != given.requests:
        raise SystemExit(1)


def _upload_revisions(url: str) -> dict[str, float]:
    """What each revision says of a row."""
    shares = {}
    for weight in WEIGHTS:
        answer = httpx.post(
            f"{url}/api/v1/upload-model",
            files={"model_file": ("model.onnx", classifier(weight))},
            data={"model_name": NAME},
            timeout=60,
        )
        answer.raise_for_status()
        shares[str(answer.json()["revision"])] = 1 / (1 + math.exp(-4 * weight))
    return shares


def _under_load(
    url: str, shares: dict[str, float], given: argparse.Namespace
) -> tuple[Seen, float]:
    seen = Seen()
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        per_client = [given.requests // CLIENTS] * CLIENTS
        per_client[0] += given.requests % CLIENTS
        working = [clients.submit(_client, url, n, shares, seen) for n in per_client]
        _swap(url, list(shares), seen, given)
        for work in working:
            work.result()
    return seen, time.perf_counter() - began


def _client(url: str, n: int, shares: dict[str, float], seen: Seen) -> None:
    with httpx.Client(base_url=url, timeout=60) as client:
        for _ in range(n):
            began = time.perf_counter()
            try:
                answer = client.post("/api/v1/predict", content=REQUEST, headers=HEADERS)
            except httpx.TransportError as error:
                with seen.lock:
                    seen.failures[type(error).__name__] += 1
                continue
            _note(answer, time.perf_counter() - began, shares, seen)


def _note(answer: httpx.Response, seconds: float, shares: dict[str, float], seen: Seen) -> None:
    told = answer.json()
    with seen.lock:
        seen.seconds.append(seconds)
        if answer.status_code != httpx.codes.OK:
            seen.failures[str(told.get("code", answer.status_code))] += 1
            return
        revision = str(told["version"])
        seen.answers[revision] += 1
        own = [abs(row["confidence"] - shares[revision]) < 1e-4 for row in told["predictions"]]
        if len(own) != len(ROWS) or not all(own):
            seen.n_mixed += 1


def _swap(url: str, revisions: list[str], seen: Seen, given: argparse.Namespace) -> None:
    """Spread over the run: after each further share of the requests was answered."""
    with httpx.Client(base_url=url, timeout=60) as client:
        for at in range(given.swaps):
            wanted = given.requests * (at + 1) // (given.swaps + 1)
            while len(seen.seconds) + seen.failures.total() < wanted:
                time.sleep(0.005)
            revision = revisions[(at + 1) % len(revisions)]
            moved = client.put(
                f"/api/v1/models/{NAME}/aliases/champion", json={"revision": revision}
            )
            moved.raise_for_status()


def _told(seen: Seen, took_s: float, given: argparse.Namespace) -> Table:
    table = Table(title=f"{given.requests} requests of {CLIENTS} clients, {given.swaps} swaps")
    table.add_column("")
    table.add_column("", justify="right")
    ordered = sorted(seen.seconds)
    rows = {
        "answered": seen.answers.total(),
        "failed": f"{seen.failures.total()} {dict(seen.failures) or ''}",
        "rows of two revisions, or of another than named": seen.n_mixed,
        **{f"answered by {revision}": n for revision, n in seen.answers.most_common()},
        "requests a second": f"{len(ordered) / took_s:.0f}",
        "median ms": f"{1000 * statistics.median(ordered):.1f}",
        "p99 ms": f"{1000 * ordered[int(0.99 * len(ordered))]:.1f}",
        "slowest ms": f"{1000 * ordered[-1]:.1f}",
    }
    for name, value in rows.items():
        table.add_row(name, str(value))
    return table


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--swaps", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""What an install weighs and how fast the service starts in it.

    python scripts/measure_install.py            # requirements-light.txt
    python scripts/measure_install.py --full     # and requirements.txt beside it: gigabytes

Each is installed into a folder of its own, which goes away afterwards. The service runs from a
copy of the checkout, without compiled files: its first start is that of a clone. Ready is when
/health/ready answers 200; later starts find the database of the first. Memory is resident, of the
serving process alone and of it and its workers (proportional where they share). Linux only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from light_environment import make, python_of
from rich.console import Console
from rich.table import Table

PROJECT = Path(__file__).resolve().parents[1]
SERVED = ("ml_service", "frontend_stub", "data/models", "data/occupations")
SAMPLES = tuple(sorted((PROJECT / "data" / "samples").iterdir()))
INSTALLERS = ("pip", "setuptools", "pkg_resources", "_distutils_hack")
N_STARTS = 5
N_UPLOADS = 20
READY_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes on disk, in whole blocks; without pip and setuptools in ``packages``."""

    whole: int
    packages: int


@dataclass(frozen=True, slots=True)
class Memory:
    process: int
    with_workers: int


@dataclass(frozen=True, slots=True)
class Figures:
    weight: Weight
    install_s: float
    first_start_s: float
    start_s: Sequence[float]
    at_rest: Memory
    after_uploads: Memory


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--full", action="store_true", help="measure requirements.txt as well")
    wanted = ["requirements-light.txt", *(["requirements.txt"] if parser.parse_args().full else [])]
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    rows: dict[str, list[str]] = {}
    for pins in wanted:
        table.add_column(pins, justify="right")
        for what, figure in told(measured(pins)):
            rows.setdefault(what, []).append(figure)
    for what, figures in rows.items():
        table.add_row(what, *figures)
    console = Console()
    console.print(table)
    console.print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end")


def measured(pins: str) -> Figures:
    with tempfile.TemporaryDirectory(prefix="install-") as name:
        folder = Path(name)
        place, clone = folder / "environment", folder / "clone"
        begun = time.perf_counter()
        make(place, PROJECT / pins)
        install_s = time.perf_counter() - begun
        for part in SERVED:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(PROJECT / part, clone / part, ignore=ignored)
        weight = weight_of(place)
        with running(python_of(place), clone) as (_, first_start_s):
            pass
        starts = []
        for _ in range(N_STARTS):
            with running(python_of(place), clone) as (service, start_s):
                starts.append(start_s)
        with running(python_of(place), clone) as (service, _):
            at_rest = service.memory()
            service.upload(N_UPLOADS)
            after = service.memory()
        return Figures(weight, install_s, first_start_s, starts, at_rest, after)


def weight_of(place: Path) -> Weight:
    whole = bytes_under(place)
    (packages,) = place.glob("lib/python*/site-packages")
    installers = [
        folder for name in INSTALLERS for folder in packages.glob(f"{name}*") if folder.is_dir()
    ]
    return Weight(whole, whole - sum(bytes_under(folder) for folder in installers))


def bytes_under(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(file.stat().st_blocks * 512 for file in files)


class Service:
    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self._process, self._port, self._log = process, port, log
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)

    def wait_until_ready(self) -> None:
        """The port opens when all is loaded: to ask it costs next to nothing until then."""
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                is_open = probe.connect_ex(("127.0.0.1", self._port)) == 0
            if is_open and self._client.get("/health/ready").status_code == 200:
                return
            time.sleep(0.01)
        raise SystemExit(f"The service did not become ready:\n{self._log.read_text()[-2000:]}")

    def upload(self, count: int) -> None:
        for number in range(count):
            sample = SAMPLES[number % len(SAMPLES)]
            files = {"file": (sample.name, sample.read_bytes())}
            answer = self._client.post("/predict", params={"force": True}, files=files)
            answer.raise_for_status()

    def memory(self) -> Memory:
        own = psutil.Process(self._process.pid)
        everything = [own, *own.children(recursive=True)]
        shared = sum(int(process.memory_full_info().pss) for process in everything)
        return Memory(int(own.memory_info().rss), shared)

    def close(self) -> None:
        self._client.close()


@contextmanager
def running(python: Path, clone: Path) -> Iterator[tuple[Service, float]]:
    """With the seconds from its start until it was ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(clone),
        "PORT": str(port),
        "DATA_DIR": str(clone / "data" / "runtime"),
        "RATE_LIMIT_UPLOADS": "off",
    }
    begun = time.perf_counter()
    command = [str(python), "-m", "ml_service", "serve"]
    log = clone / "service.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=clone, env=environment, stdout=stream, stderr=subprocess.STDOUT
        )
    service = Service(process, port, log)
    try:
        service.wait_until_ready()
        yield service, time.perf_counter() - begun
    finally:
        service.close()
        process.terminate()
        process.wait()


def told(figures: Figures) -> Iterator[tuple[str, str]]:
    yield "on disk", megabytes(figures.weight.whole)
    yield "  without pip and setuptools", megabytes(figures.weight.packages)
    yield "install", f"{figures.install_s:.0f} s"
    yield "first start until ready", f"{figures.first_start_s:.2f} s"
    yield f"later starts, median of {N_STARTS}", f"{statistics.median(figures.start_s):.2f} s"
    span = f"{min(figures.start_s):.2f} to {max(figures.start_s):.2f} s"
    yield "  fastest to slowest", span
    yield "memory at rest", megabytes(figures.at_rest.process)
    yield "  with its workers at rest", megabytes(figures.at_rest.with_workers)
    yield f"memory after {N_UPLOADS} uploads", megabytes(figures.after_uploads.process)
    yield "  with its workers after them", megabytes(figures.after_uploads.with_workers)


def megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.0f} MB"


if __name__ == "__main__":
    main()

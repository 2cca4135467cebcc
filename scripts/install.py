"""Make ``.venv`` and install the pinned packages of the files that are named.

    python scripts/install.py requirements.txt scripts/requirements-dev.txt

Needs Python's own library only. A stamp for each file, written last, says what is installed
there: a second run has nothing to do, and one after an interrupted install goes on with it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def main(names: list[str]) -> int:
    environment = PROJECT / ".venv"
    files = [PROJECT / name for name in names]
    with one_at_a_time(PROJECT / "scripts"):
        make_environment(environment)
        outdated = [file for file in files if not is_installed(file, environment)]
        if not outdated:
            return 0
        print(f"Installing {', '.join(file.name for file in outdated)} into .venv.", flush=True)
        print("The first time this downloads some gigabytes and takes minutes.", flush=True)
        return install(files, environment)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Two starts at once install once: the second waits for the first."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_environment(environment: Path) -> None:
    """Make it, or make it anew when its Python or pip no longer runs."""
    if works(environment):
        return
    print(f"Making .venv with Python {platform.python_version()}.", flush=True)
    venv.create(environment, with_pip=True, clear=True, symlinks=True)


def works(environment: Path) -> bool:
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    command = [str(environment / "bin" / "python"), "-c", question]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:  # it is missing, or half of it is
        return False


def is_installed(file: Path, environment: Path) -> bool:
    stamp = stamp_of(file, environment)
    return stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint(file, environment)


def stamp_of(file: Path, environment: Path) -> Path:
    return environment / f".installed-{file.stem}"


def fingerprint(file: Path, environment: Path) -> str:
    """Hash of the pins and of the Python that the environment was made with."""
    made_with = (environment / "pyvenv.cfg").read_bytes()
    return hashlib.sha256(made_with + file.read_bytes()).hexdigest()


def install(files: list[Path], environment: Path) -> int:
    """Run pip with its own progress; stamps are taken away first and come back last."""
    started = time.monotonic()
    for file in files:
        stamp_of(file, environment).unlink(missing_ok=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    wanted = [argument for file in files for argument in ("-r", str(file))]
    if subprocess.run([*pip, "install", *wanted], check=False).returncode != 0:
        print("The packages could not be installed; pip says why above.", file=sys.stderr)
        print("Start again to go on from here.", file=sys.stderr)
        return 1
    for file in files:
        stamp_of(file, environment).write_text(fingerprint(file, environment), encoding="ascii")
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("Interrupted. Start again to go on from here.", file=sys.stderr)
        sys.exit(130)

"""Make ``.venv`` and install the pinned packages of the files that are named.

    python scripts/install.py requirements.txt scripts/requirements-dev.txt

Needs Python's own library only. A stamp for each file, written last, holds what is installed
there: a second run has nothing to do, and one after an interrupted install goes on with it.
A file that another one includes (``-r``) is installed with it.
"""

from __future__ import annotations

import fcntl
import os
import platform
import re
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FULL = "requirements.txt"


def main(names: list[str]) -> int:
    environment = PROJECT / ".venv"
    files = [PROJECT / name for name in names]
    with one_at_a_time(PROJECT / "scripts"):
        make_environment(environment)
        outdated = [file for file in files if not is_installed(file, environment)]
        if not outdated:
            return 0
        print(f"Installing {', '.join(file.name for file in outdated)} into .venv.", flush=True)
        much = "some gigabytes" if FULL in names else "100 MB"
        print(f"The first time this downloads {much} and takes minutes.", flush=True)
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
    return stamp.is_file() and stamp.read_bytes() == content(file, environment)


def stamp_of(file: Path, environment: Path) -> Path:
    return environment / f".installed-{file.stem}"


def content(file: Path, environment: Path) -> bytes:
    """The Python that the environment was made with, and the pins; scripts/start compares it."""
    made_with = (environment / "pyvenv.cfg").read_bytes()
    return made_with + b"".join(part.read_bytes() for part in with_included(file))


def with_included(file: Path) -> list[Path]:
    named = re.findall(r"^-r (\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return [file, *(part for name in named for part in with_included(file.parent / name))]


def install(files: list[Path], environment: Path) -> int:
    """Run pip with its own progress; stamps are taken away first and come back last."""
    started = time.monotonic()
    parts = dict.fromkeys(part for file in files for part in with_included(file))
    for part in parts:
        stamp_of(part, environment).unlink(missing_ok=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    wanted = [argument for file in files for argument in ("-r", str(file))]
    if subprocess.run([*pip, "install", *wanted], check=False).returncode != 0:
        print("The packages could not be installed; pip says why above.", file=sys.stderr)
        print("Start again to go on from here.", file=sys.stderr)
        return 1
    for part in parts:
        stamp_of(part, environment).write_bytes(content(part, environment))
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("Interrupted. Start again to go on from here.", file=sys.stderr)
        sys.exit(130)

"""Make an environment of its own with what ``requirements-light.txt`` names, as scripts/start does.

    python scripts/light_environment.py

The tests of the light install run in it. It lies in the cache folder of the user, one for each
state of the pins.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

PINS = Path(__file__).resolve().parents[1] / "requirements-light.txt"


def main() -> None:
    place = environment()
    if installed() is None:
        print(f"Installing {PINS.name} into {place}", flush=True)
        make(place, PINS)
        (place / "installed").touch()
    print(f"{PINS.name} is installed in {place}")


def environment() -> Path:
    """Where it is or would be; another one for other pins or another Python."""
    state = hashlib.sha256(PINS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "ml-service" / f"light-{state}"


def installed() -> Path | None:
    """Its Python; None before it is installed whole."""
    place = environment()
    return python_of(place) if (place / "installed").is_file() else None


def make(place: Path, pins: Path) -> None:
    """Raises CalledProcessError where pip fails; it says why."""
    venv.create(place, with_pip=True, clear=True, symlinks=True)
    pip = [str(python_of(place)), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--requirement", str(pins)], check=True)


def python_of(place: Path) -> Path:
    return place / "bin" / "python"


if __name__ == "__main__":
    main()

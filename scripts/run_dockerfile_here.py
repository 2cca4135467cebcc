"""Carry out the Dockerfile without Docker, start what comes of it, and upload a resume to it.

    sudo python3 scripts/run_dockerfile_here.py [--build-arg TORCH_INDEX_URL=...]

docs/deploying.md says what this shows and what it cannot show.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from container.dockerfile import NotUnderstood, read_stages
from container.stages import Builder, Image, require_this_machine
from container.trial import Trial, TrialFailed

PROJECT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--build-arg", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside is not None:
        return build_and_try(chosen.inside, dict(pair.split("=", 1) for pair in chosen.build_arg))
    require_this_machine()
    folder = Path(tempfile.mkdtemp(prefix="dockerfile-"))
    own_mounts = ["unshare", "--mount", "--propagation", "private"]
    again = [sys.executable, *sys.argv, "--inside", str(folder)]
    try:
        return subprocess.run([*own_mounts, *again], check=False).returncode
    finally:
        shutil.rmtree(folder)


def build_and_try(folder: Path, arguments: dict[str, str]) -> int:
    begin = time.monotonic()
    builder = Builder(PROJECT, folder, arguments=arguments)
    try:
        image = None
        for stage in read_stages(PROJECT / "Dockerfile"):
            print(f"== {stage.name}: FROM {stage.base}, for which this machine stands", flush=True)
            image = builder.build(stage)
        if image is None:
            raise NotUnderstood("the Dockerfile has no stage")
        print(f"== built in {time.monotonic() - begin:.0f} s: {megabytes(image)} MB over the base")
        Trial(image, PROJECT, folder).run()
    except (NotUnderstood, TrialFailed, subprocess.CalledProcessError) as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1
    print(f"== all as documented, in {time.monotonic() - begin:.0f} s")
    return 0


def megabytes(image: Image) -> int:
    done = subprocess.run(
        ["du", "--summarize", "--block-size=1000000", str(image.written)],
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout.split()[0])


if __name__ == "__main__":
    sys.exit(main())

"""Carry out the stages of a Dockerfile on copy-on-write views of this machine's file system.

This machine stands for the base image: a Debian with Python 3.11. Each stage is an overlay over
``/``, entered by chroot, so that the very commands of the Dockerfile run with the paths they name
and leave nothing behind. Needs root, in a mount namespace of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from container.context import BuildContext
from container.dockerfile import NotUnderstood, Stage, Step, expanded

BASE_PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
PYTHONS = ("/usr/local/bin/python3.11", "/usr/bin/python3.11")
NOT_IN_AN_IMAGE = ("/app", "/build", "/data", "/opt/packages")
# The machine's own way to packages; nothing else of its environment gets in.
LET_IN = ("PIP_", "SSL_CERT_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy")


@dataclass(slots=True)
class Image:
    """``root`` is where it is mounted, ``written`` holds what its own steps wrote."""

    root: Path
    written: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": BASE_PATH})
    workdir: str = "/"
    user: str = "0:0"
    volumes: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)

    def note(self, step: Step) -> None:
        """How a container of this image is run."""
        match step.instruction:
            case "USER":
                self.user = step.rest
            case "VOLUME":
                self.volumes = step.arguments()
            case "CMD":
                self.command = step.arguments()
            case "HEALTHCHECK":
                command = step.rest.partition("CMD ")[2]
                self.healthcheck = Step("CMD", {}, command).arguments()
            case "EXPOSE" | "LABEL" | "STOPSIGNAL":
                pass
            case other:
                raise NotUnderstood(other)

    def inside(self, arguments: Sequence[str], more: Mapping[str, str] | None = None) -> list[str]:
        """The command line that runs ``arguments`` in here as its user, without any capability
        unless that is root.
        """
        uid, gid = self.user.split(":")
        confined = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
        who = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
        variables = {**self.environment, **(more or {})}
        return [
            "chroot",
            str(self.root),
            *who,
            *(confined if uid != "0" else []),
            *("env", "-i", "-C", self.workdir),
            *(f"{name}={value}" for name, value in variables.items()),
            *arguments,
        ]


class Builder:
    def __init__(self, project: Path, folder: Path, *, arguments: Mapping[str, str]) -> None:
        self._project = project
        self._folder = folder
        self._arguments = arguments
        self._context = BuildContext(project)
        self._images: dict[str, Image] = {}
        self._pip_cache = Path.home() / ".cache" / "pip"

    def build(self, stage: Stage) -> Image:
        """Raises NotUnderstood, or CalledProcessError when a command fails."""
        if stage.base in self._images:
            raise NotUnderstood(f"FROM {stage.base}: a stage on another stage")
        image = self._mounted(stage.name)
        variables: dict[str, str] = {}
        for step in stage.steps:
            print(f"   {step.instruction} {_shortened(step.rest)}", flush=True)
            self._carry_out(step, image, variables)
        self._images[stage.name] = image
        return image

    def _mounted(self, name: str) -> Image:
        folder = self._folder / name
        upper, work, root = (folder / part for part in ("written", "work", "root"))
        for path in (upper, work, root):
            path.mkdir(parents=True)
        options = f"lowerdir=/,upperdir={upper},workdir={work}"
        mount("-t", "overlay", "overlay", "-o", options, str(root))
        for name_in_root in ("proc", "sys", "dev"):
            mount("--rbind", f"/{name_in_root}", f"{root}/{name_in_root}")
        mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(root / "tmp"))
        hidden = Path(f"{root}{self._project}")
        hidden.mkdir(parents=True, exist_ok=True)  # it may lie under /tmp
        mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(hidden))
        for foreign in NOT_IN_AN_IMAGE:
            if Path(f"{root}{foreign}").exists():
                raise NotUnderstood(f"this machine has a {foreign}, as no base image has")
        python = Path(f"{root}/usr/local/bin/python")
        python.unlink(missing_ok=True)
        python.symlink_to(_python_of_this_machine())
        return Image(root=root, written=upper)

    def _carry_out(self, step: Step, image: Image, variables: dict[str, str]) -> None:
        known = {**image.environment, **variables}
        match step.instruction:
            case "ARG":
                name, _, default = step.rest.partition("=")
                variables[name] = self._arguments.get(name, default.strip('"'))
            case "ENV":
                image.environment |= {k: expanded(v, known) for k, v in step.pairs().items()}
            case "RUN":
                self._run(step, image, variables)
            case "COPY":
                self._copy(step, image)
            case "WORKDIR":
                image.workdir = step.rest
                Path(f"{image.root}{step.rest}").mkdir(parents=True, exist_ok=True)
            case _:
                image.note(step)

    def _run(self, step: Step, image: Image, variables: Mapping[str, str]) -> None:
        cache = step.flags.get("mount", "")
        target = cache.partition("target=")[2] if cache.startswith("type=cache,") else ""
        if target:
            self._pip_cache.mkdir(parents=True, exist_ok=True)
            Path(f"{image.root}{target}").mkdir(parents=True, exist_ok=True)
            mount("--bind", str(self._pip_cache), f"{image.root}{target}")
        outside = {name: value for name, value in os.environ.items() if name.startswith(LET_IN)}
        command = image.inside(step.arguments(), {"HOME": "/root", **outside, **variables})
        try:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        finally:
            if target:
                subprocess.run(["umount", f"{image.root}{target}"], check=True)

    def _copy(self, step: Step, image: Image) -> None:
        *sources, target = step.arguments()
        place = Path(os.path.normpath(f"{image.root}/{image.workdir}/{target}"))
        if target.startswith("/"):
            place = Path(f"{image.root}{target}")
        for source in sources:
            if "from" in step.flags:
                origin = f"{self._images[step.flags['from']].root}{source}"
                place.parent.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cp", "--archive", origin, str(place)], check=True)
            else:
                into = place / Path(source).name if target.endswith("/") else place
                for file in self._context.copy(source, into):
                    os.chown(file, 0, 0)


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _python_of_this_machine() -> str:
    """One that any user may run and that can make virtual environments."""
    for python in PYTHONS:
        check = [
            "setpriv",
            "--reuid=65534",
            "--clear-groups",
            python,
            "-c",
            "import ensurepip, venv",
        ]
        if Path(python).exists() and subprocess.run(check, check=False).returncode == 0:
            return python
    raise NotUnderstood(f"none of {', '.join(PYTHONS)} can make a virtual environment")


def _shortened(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:100]} ..."


def require_this_machine() -> None:
    """Ends the program with a sentence where the commands cannot be carried out."""
    if sys.platform != "linux" or os.geteuid() != 0:
        sys.exit("This needs Linux and root: it mounts a copy-on-write view of the file system.")

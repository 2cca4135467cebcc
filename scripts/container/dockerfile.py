"""A Dockerfile as steps: the part of the language that ours uses, and a refusal of the rest.

Source: Docker's "Dockerfile reference".
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

KNOWN = frozenset({
    "ARG", "CMD", "COPY", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "STOPSIGNAL",
    "USER", "VOLUME", "WORKDIR",
})  # fmt: skip
_FLAG = re.compile(r"--([a-z-]+)(?:=(\S+))?\s+")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class NotUnderstood(Exception):
    """The Dockerfile uses something that is not carried out here."""


@dataclass(frozen=True, slots=True)
class Step:
    """``rest`` is what follows the flags, with continued lines joined."""

    instruction: str
    flags: Mapping[str, str]
    rest: str

    def arguments(self) -> list[str]:
        """Of the exec form or of plain words; a shell form becomes a call of the shell."""
        if self.rest.startswith("["):
            return [str(word) for word in json.loads(self.rest)]
        if self.instruction in {"CMD", "RUN"}:
            return ["/bin/sh", "-c", self.rest]
        return shlex.split(self.rest)

    def pairs(self) -> dict[str, str]:
        """Of ``NAME=value NAME="other value"``."""
        return dict(word.split("=", 1) for word in shlex.split(self.rest))


@dataclass(slots=True)
class Stage:
    """``base`` names an image or an earlier stage."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list)


def read_stages(file: Path) -> list[Stage]:
    """Raises NotUnderstood."""
    stages: list[Stage] = []
    for line in _joined(file.read_text(encoding="utf-8")):
        step = _step(line)
        if step.instruction == "FROM":
            words = step.rest.split()
            name = words[2] if len(words) == 3 else f"stage-{len(stages)}"
            stages.append(Stage(base=words[0], name=name))
        elif stages:
            stages[-1].steps.append(step)
        else:
            raise NotUnderstood(f"before the first FROM: {line}")
    return stages


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """``$NAME`` and ``${NAME}``; what is not set becomes nothing."""
    return _VARIABLE.sub(lambda found: variables.get(found[1] or found[2], ""), text)


def _joined(text: str) -> list[str]:
    """One line a step: comments and blank lines fall out, also between continued lines."""
    kept = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    return re.sub(r"\\\n\s*", "", "\n".join(kept)).split("\n")


def _step(line: str) -> Step:
    instruction, _, rest = line.strip().partition(" ")
    rest, flags = rest.strip(), {}
    while found := _FLAG.match(rest):
        flags[found[1]] = found[2] or ""
        rest = rest[found.end() :]
    if instruction.upper() not in KNOWN:
        raise NotUnderstood(line)
    return Step(instruction.upper(), flags, rest)

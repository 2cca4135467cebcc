"""What ``pip install`` brings: the client needs two packages; the rest is in requirements.txt."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
BUILD = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PIN = re.compile(r"^([\w.-]+)==(\S+)$", re.MULTILINE)
REQUIREMENTS = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
TESTS = {"pytest", "pytest-asyncio"}
CLIENT = {"httpx", "pydantic"}


def pins(text: str) -> dict[str, str]:
    return {name.lower(): version for name, version in PIN.findall(text)}


def test_the_client_needs_httpx_and_pydantic_only() -> None:
    assert {re.split(r"[<>=]", needed)[0] for needed in BUILD["dependencies"]} == CLIENT


@pytest.mark.parametrize("extra", ["local", "service", "training", "encrypted-outbox"])
def test_an_extra_has_the_versions_of_the_requirements(extra: str) -> None:
    pinned = pins("\n".join(BUILD["optional-dependencies"][extra]))

    assert pinned
    assert pinned.items() <= pins(REQUIREMENTS).items()


def test_the_extras_leave_nothing_out() -> None:
    """But for what the tests need, and the plotting library's own parts."""
    chosen, _, of_these = REQUIREMENTS.partition("# What the above need")
    extras = "\n".join(
        line
        for extra in ("local", "service", "training")
        for line in BUILD["optional-dependencies"][extra]
    )
    of_matplotlib = {
        "contourpy",
        "cycler",
        "fonttools",
        "kiwisolver",
        "pyparsing",
        "python-dateutil",
    }

    missing = pins(chosen).keys() - pins(extras).keys() - TESTS - CLIENT - of_matplotlib
    # What others bring all the same, listed above them for its version alone.
    assert missing <= {"flatbuffers", "protobuf"}
    assert of_these

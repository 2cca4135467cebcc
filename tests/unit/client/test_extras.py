"""What ``pip install`` brings: the client needs two packages; the rest is in the requirements."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
BUILD = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PIN = re.compile(r"^([\w.-]+)==(\S+)$", re.MULTILINE)
LIGHT = (PROJECT / "requirements-light.txt").read_text(encoding="utf-8")
FULL = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
TESTS = {"pytest", "pytest-asyncio"}
MEASURED_AGAINST = {"pdfplumber", "python-docx"}
CLIENT = {"httpx", "pydantic"}


def pins(text: str) -> dict[str, str]:
    return {name.lower(): version for name, version in PIN.findall(text)}


def test_the_client_needs_httpx_and_pydantic_only() -> None:
    assert {re.split(r"[<>=]", needed)[0] for needed in BUILD["dependencies"]} == CLIENT


def in_extras(*extras: str) -> dict[str, str]:
    return pins(
        "\n".join(line for extra in extras for line in BUILD["optional-dependencies"][extra])
    )


@pytest.mark.parametrize("extra", ["local", "service", "training", "encrypted-outbox"])
def test_an_extra_has_the_versions_of_the_requirements(extra: str) -> None:
    pinned = in_extras(extra)

    assert pinned
    assert pinned.items() <= (pins(LIGHT) | pins(FULL)).items()


def test_what_serves_is_the_light_install_and_nothing_more() -> None:
    chosen, _, of_these = LIGHT.partition("# What the above need")

    assert in_extras("local", "service").keys() == pins(chosen).keys() - CLIENT
    assert of_these


def test_training_adds_the_rest() -> None:
    """But for what the tests and comparisons need."""
    chosen, _, of_these = FULL.partition("# What the above need")

    added = pins(chosen).keys() - pins(LIGHT).keys() - TESTS - MEASURED_AGAINST
    assert in_extras("training").keys() == added
    assert of_these

from __future__ import annotations

import subprocess
import sys

import pytest
import typer
import uvicorn

from ml_service.cli import serve


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "API_KEYS", "ALLOW_ANONYMOUS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    hosts: list[str] = []
    monkeypatch.setattr(uvicorn, "run", lambda *_, host, **__: hosts.append(host))
    return hosts


def test_an_open_address_without_keys_is_refused(served: list[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        serve.serve(host="0.0.0.0", port=0)

    assert ended.value.exit_code == 1
    assert served == []


def test_an_open_address_is_served_with_keys(
    served: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEYS", f"web:read:{'0' * 64}")

    serve.serve(host="0.0.0.0", port=0)

    assert served == ["0.0.0.0"]


def test_this_machine_alone_needs_no_key(served: list[str]) -> None:
    serve.serve(host=None, port=0)

    assert served == ["127.0.0.1"]


def test_serving_imports_no_other_command() -> None:
    """Each costs time at every start."""
    question = (
        "import sys, ml_service.cli.serve; "
        "print(sorted(name for name in sys.modules if name.startswith('ml_service.cli.')))"
    )

    found = subprocess.check_output([sys.executable, "-c", question], text=True)

    assert found == "['ml_service.cli.running', 'ml_service.cli.serve']\n"


@pytest.mark.parametrize("asked", ["serve", "models"])
def test_a_command_is_called_by_the_name_of_the_program(asked: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ml_service", asked, "--help"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert f"Usage: python -m ml_service {asked} [OPTIONS]" in done.stdout

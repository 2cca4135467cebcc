"""The Dockerfile and compose.yaml hold what docs/deploying.md promises of them."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from ml_service.cli.serve import FINISH_WITHIN_S
from ml_service.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (PROJECT / "compose.yaml").read_text(encoding="utf-8")
NGINX = (PROJECT / "docs" / "deploying" / "nginx.conf").read_text(encoding="utf-8")
OURS = ("service", "replica")
MODEL_SERVICES = {"communication": 8001, "technical": 8002}
# Read by uvicorn, not by our settings.
OTHERS_SETTINGS = {"FORWARDED_ALLOW_IPS"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(COMPOSE)
    return content


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [str(hadolint), str(PROJECT / "Dockerfile")], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_image_runs_as_a_number_that_is_not_root() -> None:
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]


def test_the_image_starts_by_itself_and_without_a_shell() -> None:
    assert 'CMD ["python", "-m", "ml_service", "serve"]' in DOCKERFILE.splitlines()
    assert "ENTRYPOINT" not in DOCKERFILE


def test_the_health_check_asks_for_readiness_without_curl() -> None:
    check = DOCKERFILE.partition("HEALTHCHECK")[2]

    assert "/health/ready" in check
    assert '["python", "-c",' in check
    assert "curl" not in DOCKERFILE


def test_every_base_image_is_pinned_to_a_release() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    images = re.findall(r"^ +image: (\S+)", COMPOSE, re.MULTILINE)

    assert set(bases) == {"python:3.11-slim-bookworm"}
    assert all(":" in image and not image.endswith(":latest") for image in images)


def test_no_registry_or_index_is_written_down() -> None:
    assert not re.search(r"https?://", DOCKERFILE)
    assert not re.search(r"index[-_]url[= ]+[\"']?http", DOCKERFILE + COMPOSE, re.IGNORECASE)


def test_the_build_fetches_no_frontend() -> None:
    """``# syntax=`` makes BuildKit ask Docker Hub, also where the base image is at hand."""
    assert not re.search(r"^#\s*syntax\s*=", DOCKERFILE, re.MULTILINE | re.IGNORECASE)


def test_all_that_the_image_copies_exists_and_is_let_through() -> None:
    copied = re.findall(r"^COPY (?!--)(\S+) ", DOCKERFILE, re.MULTILINE)
    let_in = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert [name for name in copied if not (PROJECT / name).exists()] == []
    assert sorted(copied) == sorted(line[1:] for line in let_in if line.startswith("!"))
    assert let_in[1] == "*"


def test_the_version_is_the_projects(compose: dict[str, Any]) -> None:
    version = re.search(r'^version = "(.+)"$', (PROJECT / "pyproject.toml").read_text(), re.M)
    assert version is not None

    assert f'org.opencontainers.image.version="{version[1]}"' in DOCKERFILE
    ours = {compose["services"][name]["image"] for name in (*OURS, *MODEL_SERVICES)}
    assert ours == {f"ml-service:{version[1]}"}


def test_every_setting_that_is_given_exists(compose: dict[str, Any]) -> None:
    known = {name.upper() for name in Settings.model_fields} | OTHERS_SETTINGS
    for name in (*OURS, *MODEL_SERVICES):
        assert set(compose["services"][name]["environment"]) <= known


@pytest.mark.parametrize("name", [*OURS, *MODEL_SERVICES, "proxy", "database"])
def test_every_container_is_confined(compose: dict[str, Any], name: str) -> None:
    container = compose["services"][name]

    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert "cap_add" not in container
    assert not container.get("privileged", False)
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert set(container["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}


def test_nothing_is_published_beyond_this_machine(compose: dict[str, Any]) -> None:
    published = [
        port for container in compose["services"].values() for port in container.get("ports", [])
    ]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert "ports" not in compose["services"]["database"]
    assert compose["networks"]["inside"]["internal"] is True


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    del compose
    for secret in ("API_KEYS", "DATABASE_PASSWORD"):
        uses = re.findall(rf"\$\{{{secret}(..)", COMPOSE)
        assert uses
        assert set(uses) == {":?"}


def test_a_stop_leaves_time_to_finish_what_is_in_work(compose: dict[str, Any]) -> None:
    for name in (*OURS, *MODEL_SERVICES):
        grace_s = int(compose["services"][name]["stop_grace_period"].removesuffix("s"))
        assert grace_s >= FINISH_WITHIN_S + 10


def test_what_is_named_is_there(compose: dict[str, Any]) -> None:
    """Volumes, networks and services that one entry asks of another."""
    for container in compose["services"].values():
        for volume in container.get("volumes", []):
            source = volume.split(":")[0]
            assert (
                (PROJECT / source).is_file() if source[0] == "." else source in compose["volumes"]
            )
        assert set(container["networks"]) <= set(compose["networks"])
        assert set(container.get("depends_on", {})) <= set(compose["services"])


def test_the_replicas_profile_adds_a_second_one_and_the_proxy(compose: dict[str, Any]) -> None:
    by_profile = {
        name: container.get("profiles", []) for name, container in compose["services"].items()
    }

    assert by_profile == {
        "service": [],
        "database": [],
        "replica": ["replicas"],
        "proxy": ["replicas"],
        "communication": ["model-services"],
        "technical": ["model-services"],
    }
    assert re.findall(r"server (\w+):8000", NGINX) == list(OURS)


def test_the_model_services_are_reached_from_inside_alone(compose: dict[str, Any]) -> None:
    for name, port in MODEL_SERVICES.items():
        container = compose["services"][name]
        command = container["command"]
        assert container["networks"] == ["inside"]
        assert "ports" not in container
        assert container["environment"]["MODEL_SERVICE"] == name
        assert {"API_KEYS", "DATABASE_URL"}.isdisjoint(container["environment"])
        assert command[:4] == ["python", "-m", "uvicorn", "ml_service.app.model_service:app"]
        assert command[command.index("--port") + 1] == str(port)
        assert f"127.0.0.1:{port}/health" in container["healthcheck"]["test"][-1]
        assert f"=http://{name}:{port}" in COMPOSE
    for name in OURS:
        environment = compose["services"][name]["environment"]
        assert {"MODEL_SERVICE_1_URL", "MODEL_SERVICE_2_URL"} <= set(environment)


def test_the_model_services_keep_nothing(compose: dict[str, Any]) -> None:
    """A VOLUME of the image that nothing is mounted over becomes a nameless volume each time."""
    volumes = json.loads(DOCKERFILE.partition("VOLUME ")[2].splitlines()[0])

    for name in MODEL_SERVICES:
        container = compose["services"][name]
        assert "volumes" not in container
        assert set(volumes) <= {mount.partition(":")[0] for mount in container["tmpfs"]}


def test_the_model_services_end_with_status_0(compose: dict[str, Any], tmp_path: Path) -> None:
    """What uvicorn by itself does with the signal that compose sends it to stop."""
    (tmp_path / "smallest.py").write_text("async def app(scope, receive, send): ...\n")
    for name in MODEL_SERVICES:
        container = compose["services"][name]
        at_module = container["command"].index("uvicorn") + 1
        options = container["command"][container["command"].index("--timeout-graceful-shutdown") :]
        command = [sys.executable, *container["command"][1:at_module], "smallest:app", *options]
        uvicorn = subprocess.Popen(
            [*command, "--lifespan", "off", "--host", "127.0.0.1", "--port", "0"],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
        )
        with uvicorn:
            assert uvicorn.stderr is not None
            assert any("running on" in line for line in uvicorn.stderr)
            uvicorn.send_signal(signal.Signals[container["stop_signal"]])
            assert uvicorn.wait(timeout=20) == 0


def test_the_proxy_needs_no_replica_to_start(compose: dict[str, Any]) -> None:
    """nginx asks for the replicas' names once, and one that is down has none."""
    known = dict(entry.split(":") for entry in compose["services"]["proxy"]["extra_hosts"])
    addresses = {
        name: compose["services"][name]["networks"]["outside"]["ipv4_address"]
        for name in (*OURS, "proxy")
    }
    subnet = ip_network(compose["networks"]["outside"]["ipam"]["config"][0]["subnet"])

    assert known == {name: addresses[name] for name in OURS}
    assert len(set(addresses.values())) == len(addresses)
    assert all(ip_address(address) in subnet for address in addresses.values())


def test_the_proxy_leaves_limits_to_the_service_and_holds_nothing_back() -> None:
    assert "client_max_body_size 0;" in NGINX
    assert "error_log /dev/stderr crit;" in NGINX
    assert "proxy_buffering off;" in NGINX
    assert "proxy_request_buffering off;" in NGINX
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "$request_uri" not in NGINX


def test_only_the_proxy_is_believed_about_addresses(compose: dict[str, Any]) -> None:
    address = compose["services"]["proxy"]["networks"]["outside"]["ipv4_address"]

    for name in OURS:
        assert compose["services"][name]["environment"]["FORWARDED_ALLOW_IPS"] == address

"""Real inference servers with our encoder, each a process of its own from its own environment.

``scripts/engine_servers.py install mlserver torchserve triton`` makes the environments; a test that
finds none is skipped with that sentence, and fails in continuous integration.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from ml_service.settings import Settings
from tests.needed_parts import cannot_run
from tests.service_process import free_port

PROJECT = Path(__file__).resolve().parents[1]
SCRIPT = PROJECT / "scripts" / "engine_servers.py"
MODEL = "all-MiniLM-L6-v2"
USUAL_PORTS = ("8080", "8081", "8082", "7070", "7071")
START_S = 120.0
_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class EngineServer:
    """A server that has answered once that it is ready; ``settings`` reach it."""

    process: subprocess.Popen[bytes]
    settings: Mapping[str, object]
    folder: Path

    def kill(self) -> None:
        """SIGKILL to all its processes at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> None:
        """Nobody of it does anything until ``go_on``."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.killpg(self.process.pid, signal.SIGCONT)


def remote_settings(server: EngineServer, **more: object) -> Settings:
    stated = {"inference_mode": "remote", **server.settings, **more}
    return Settings(_env_file=None, **stated)  # type: ignore[arg-type]  # one value a setting


@contextmanager
def mlserver(folder: Path, *, port: int | None = None) -> Iterator[EngineServer]:
    commands = _commands("mlserver")
    _assemble("mlserver", folder)
    port = free_port() if port is None else port
    environment = {"MLSERVER_HTTP_PORT": str(port), "MLSERVER_GRPC_PORT": str(free_port())}
    url = f"http://127.0.0.1:{port}"
    command = [str(commands / "mlserver"), "start", str(folder)]
    with _running(command, folder, environment, settings={"inference_url": url}) as server:
        _wait_for(server, f"{url}/v2/models/{MODEL}/ready")
        yield server


@contextmanager
def triton(folder: Path) -> Iterator[EngineServer]:
    """That of the wheel nvidia-pytriton, which keeps server, backend and libraries apart."""
    commands = _commands("triton")
    packages = commands.parent / "lib" / _PYTHON / "site-packages"
    server_files = packages / "pytriton" / "tritonserver"
    models, backends = folder / "models", folder / "backends"
    _assemble("triton", models)
    shutil.copytree(server_files / "backends", backends)
    stubs = server_files / "python_backend_stubs" / _PYTHON.removeprefix("python")
    stub = shutil.copy(stubs / "triton_python_backend_stub", backends / "python")
    server = shutil.copy(server_files / "bin" / "tritonserver", folder)
    for program in (stub, server):
        Path(program).chmod(0o755)
    ports = {name: free_port() for name in ("http", "grpc", "metrics")}
    command = [str(server), "--model-repository", str(models), "--backend-directory", str(backends)]
    for name, port in ports.items():
        command += [f"--{name}-port", str(port), f"--{name}-address", "127.0.0.1"]
    libraries = (packages / "nvidia_pytriton.libs", sysconfig.get_config_var("LIBDIR"))
    environment = {
        "LD_LIBRARY_PATH": os.pathsep.join(str(folder) for folder in libraries),
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
    }
    url = f"http://127.0.0.1:{ports['http']}"
    with _running(command, folder, environment, settings={"inference_url": url}) as running:
        _wait_for(running, f"{url}/v2/models/{MODEL}/ready")
        yield running


@contextmanager
def torchserve(folder: Path) -> Iterator[EngineServer]:
    """With token authorization, as it is by default."""
    commands = _commands("torchserve")
    if shutil.which("java") is None:
        cannot_run("TorchServe needs Java: apt-get install openjdk-17-jre-headless")
    _assemble("torchserve", folder)
    url = _own_ports(folder / "config.properties")
    temporary = folder / "tmp"  # the server notes there that it runs, for the whole machine
    temporary.mkdir()
    environment = {"TMPDIR": str(temporary), "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"}
    command = [str(commands / "torchserve"), "--foreground", "--model-store", "store"]
    command += ["--models", f"{MODEL}={MODEL}.mar", "--ts-config", "config.properties"]
    key_file = folder / "key_file.json"
    settings = {
        "inference_url": url,
        "inference_protocol": "torchserve",
        "inference_token_file": key_file,
    }
    with _running(command, folder, environment, settings=settings) as server:
        _wait_for(server, f"{url}/ping", key_file=key_file)
        yield server


def _commands(server: str) -> Path:
    sys.path.insert(0, str(SCRIPT.parent))
    try:
        from engine_servers import installed
    finally:
        sys.path.remove(str(SCRIPT.parent))
    commands = installed(server)
    if commands is None:
        cannot_run(f"{server} is not installed: python scripts/engine_servers.py install {server}")
    return commands


def _assemble(server: str, folder: Path) -> None:
    command = [sys.executable, str(SCRIPT), "assemble", server, "--to", str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def _own_ports(properties: Path) -> str:
    """Where it will answer."""
    content = properties.read_text(encoding="utf-8")
    ports = {usual: str(free_port()) for usual in USUAL_PORTS}
    for usual, port in ports.items():
        assert content.count(usual) == 1
        content = content.replace(usual, port)
    properties.write_text(content, encoding="utf-8")
    return f"http://127.0.0.1:{ports[USUAL_PORTS[0]]}"


@contextmanager
def _running(
    command: list[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    settings: Mapping[str, object],
) -> Iterator[EngineServer]:
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        server = EngineServer(process, settings, folder)
        try:
            yield server
        finally:
            if process.poll() is None:
                server.kill()


def _wait_for(server: EngineServer, url: str, *, key_file: Path | None = None) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.process.poll() is None:
        if _is_ready(url, key_file):
            return
        time.sleep(0.2)
    log = (server.folder / "server.log").read_text(encoding="utf-8", errors="replace")
    raise AssertionError(f"{server.process.args!r} is not ready:\n{log[-3000:]}")


def _is_ready(url: str, key_file: Path | None) -> bool:
    try:
        return httpx.get(url, headers=_token(key_file), timeout=2).status_code == 200
    except (httpx.TransportError, FileNotFoundError, ValueError):
        return False


def _token(key_file: Path | None) -> Mapping[str, str]:
    if key_file is None:
        return {}
    key = json.loads(key_file.read_text(encoding="utf-8"))["inference"]["key"]
    return {"Authorization": f"Bearer {key}"}

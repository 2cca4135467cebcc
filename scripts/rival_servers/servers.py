"""How each server is started and spoken to: ours and the rivals, each with two settings."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ml_service.domain.ports import Float32Array
from ml_service.inference.weights import MINILM, locate_checked
from ml_service.settings import Settings
from rival_servers.environments import Precision
from tests.service_process import FROM_OUTSIDE, ServiceFolder

HERE = Path(__file__).resolve().parent
OURS, OURS_BASE64 = "ours", "ours, base64"


@dataclass(frozen=True, slots=True)
class Setting:
    """``name`` says to people what was set."""

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """How one server is asked for vectors, in its own words."""

    path: str
    body: Mapping[str, Any]
    texts_at: str

    def request(self, texts: Sequence[str]) -> bytes:
        return json.dumps({**self.body, self.texts_at: list(texts)}).encode()

    def vectors(self, answer: bytes) -> Float32Array:
        return np.array(_rows(json.loads(answer)), dtype=np.float32)


class OpenInference(Call):
    """The texts are one tensor; the vectors come back flat."""

    __slots__ = ()

    def request(self, texts: Sequence[str]) -> bytes:
        tensor = {
            "name": "text",
            "datatype": "BYTES",
            "shape": [len(texts), 1],
            "data": list(texts),
        }
        return json.dumps({"inputs": [tensor]}).encode()

    def vectors(self, answer: bytes) -> Float32Array:
        output = json.loads(answer)["outputs"][0]
        return np.array(output["data"], dtype=np.float32).reshape(output["shape"])


class Base64Call(Call):
    """As ours without numbers in words: the bytes of float32."""

    __slots__ = ()

    def vectors(self, answer: bytes) -> Float32Array:
        rows = [base64.b64decode(row) for row in json.loads(answer)["vectors"]]
        return np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), -1).copy()


def _rows(answer: Any) -> list[list[float]]:
    if isinstance(answer, list):
        return answer
    if "vectors" in answer:
        return list(answer["vectors"])
    return [row["embedding"] for row in answer["data"]]


CALLS: Mapping[str, Call] = {
    OURS: Call("/api/v1/embeddings", {}, "texts"),
    OURS_BASE64: Base64Call("/api/v1/embeddings", {"encoding": "base64"}, "texts"),
    "LitServe": Call("/predict", {}, "texts"),
    "BentoML": Call("/encode", {}, "texts"),
    "MLServer": OpenInference("/v2/models/embeddings/infer", {}, ""),
    "infinity": Call("/embeddings", {"model": "encoder"}, "input"),
}

_WHOLE_MACHINE = {"RIVAL_WORKERS": "1", "RIVAL_THREADS": "0"}
_WORKER_A_CORE = {"RIVAL_WORKERS": "2", "RIVAL_THREADS": "1", "OMP_NUM_THREADS": "1"}
SETTINGS: Mapping[str, tuple[Setting, ...]] = {
    OURS: (Setting("defaults"),),
    "LitServe": (
        Setting("1 worker, 8 requests a batch", {**_WHOLE_MACHINE, "RIVAL_BATCH": "8"}),
        Setting("2 workers, 4 requests a batch", {**_WORKER_A_CORE, "RIVAL_BATCH": "4"}),
    ),
    "BentoML": (
        Setting("1 worker, 160 texts a batch", {**_WHOLE_MACHINE, "RIVAL_BATCH": "160"}),
        Setting("2 workers, 64 texts a batch", {**_WORKER_A_CORE, "RIVAL_BATCH": "64"}),
    ),
    "MLServer": (
        Setting("in its process, 8 requests a batch", {**_WHOLE_MACHINE, "RIVAL_BATCH": "8"}),
        Setting("2 workers, 4 requests a batch", {**_WORKER_A_CORE, "RIVAL_BATCH": "4"}),
    ),
    "infinity": (
        Setting("32 texts a batch", arguments=("--batch-size", "32")),
        Setting(
            "16 texts a batch, by tokens",
            arguments=("--batch-size", "16", "--lengths-via-tokenize"),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Start:
    """What a process is started with."""

    command: list[str]
    environment: Mapping[str, str]
    folder: Path


def start_of(
    server: str, setting: Setting, *, precision: Precision, commands: Path, folder: Path, port: int
) -> Start:
    """``commands`` are those of the server's environment, ``folder`` is free for its files."""
    folder.mkdir(parents=True, exist_ok=True)
    if server == OURS:
        return _ours(precision, folder, port)
    given = {
        **{name: os.environ[name] for name in FROM_OUTSIDE if name in os.environ},
        "PYTHONPATH": str(HERE.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "RIVAL_ENCODER": str(_encoder(precision)),
        "HF_HUB_OFFLINE": "1",
        "DO_NOT_TRACK": "1",
        "BENTOML_DO_NOT_TRACK": "1",
        "BENTOML_HOME": str(folder),
        **setting.environment,
    }
    given["PATH"] = f"{commands}:{given.get('PATH', '')}"
    python = str(commands / "python")
    where = ["--host", "127.0.0.1", "--port", str(port)]
    command = {
        "LitServe": [python, str(HERE / "litserve_server.py"), str(port)],
        "BentoML": [
            *[python, "-m", "bentoml", "serve", "rival_servers.bentoml_service:Embeddings"],
            *["--working-dir", str(HERE.parent), *where],
        ],
        "MLServer": [str(commands / "mlserver"), "start", str(folder)],
        "infinity": [
            *[str(commands / "infinity_emb"), "v2", "--model-id", str(_encoder(precision))],
            *["--served-model-name", "encoder", "--engine", "torch", "--device", "cpu"],
            *["--dtype", "float32", "--log-level", "warning", *where, *setting.arguments],
        ],
    }[server]
    if server == "MLServer":
        _write_mlserver_settings(folder, setting, port)
    return Start(command, given, folder)


def _ours(precision: Precision, folder: Path, port: int) -> Start:
    engine = "onnx" if precision == "int8" else "sentence-transformers"
    settings = {
        "JOBS_PROVIDER": "off",
        "VECTOR_CACHE_BYTES": "0",
        "EMBEDDING_ENGINE": engine,
        "EMBEDDING_PRECISION": "auto" if precision == "int8" else "fp32",
        "LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "ml_service", "serve", "--host", "127.0.0.1"]
    environment = ServiceFolder(folder, settings).environment()
    return Start([*command, "--port", str(port)], environment, folder)


def _encoder(precision: Precision) -> Path:
    return Settings().encoder_dir if precision == "int8" else locate_checked(MINILM)


def _write_mlserver_settings(folder: Path, setting: Setting, port: int) -> None:
    workers = int(setting.environment["RIVAL_WORKERS"])
    server = {
        "host": "127.0.0.1",
        "http_port": port,
        "grpc_port": port + 1,
        "metrics_endpoint": None,
        "parallel_workers": 0 if workers == 1 else workers,
        "debug": False,
    }
    model = {
        "name": "embeddings",
        "implementation": "rival_servers.mlserver_runtime.Embeddings",
        "max_batch_size": int(setting.environment["RIVAL_BATCH"]),
        "max_batch_time": 0.005,
    }
    (folder / "settings.json").write_text(json.dumps(server))
    (folder / "model-settings.json").write_text(json.dumps(model))

"""The files of docs/engines, as they are put together for a server."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from engine_servers import ENCODER, FILES, INSTALLED, MODEL, assemble_mlserver, assemble_triton

from ml_service.inference.encoder_files import read_checked
from ml_service.inference.weights import MINILM
from ml_service.settings import PROJECT, Settings

SERVING = PROJECT / "requirements-light.txt"


def pins(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    found = (re.fullmatch(r"([A-Za-z0-9._-]+)==(\S+)", line) for line in lines)
    return {pin[1].lower(): pin[2] for pin in found if pin is not None}


@pytest.mark.parametrize("server", INSTALLED)
def test_a_server_runs_the_encoder_with_our_own_versions(server: str) -> None:
    theirs, ours = pins(FILES / server / "requirements.txt"), pins(SERVING)

    for package in ("onnxruntime", "tokenizers"):
        assert theirs[package] == ours[package]


def test_mlserver_gets_its_files_and_the_encoder(tmp_path: Path) -> None:
    assemble_mlserver(tmp_path)

    stated = json.loads((tmp_path / MODEL / "model-settings.json").read_text(encoding="utf-8"))
    folder = tmp_path / MODEL / stated["parameters"]["uri"]
    assert stated["name"] == Settings(_env_file=None).inference_model
    assert stated["parameters"]["version"] == MINILM.revision
    assert read_checked(folder).revision == MINILM.revision
    assert (tmp_path / MODEL / "sentence_encoder.py").is_file()
    assert (folder / "LICENSE").is_file()


def test_so_does_triton_with_the_precision_that_the_encoder_has(tmp_path: Path) -> None:
    assemble_triton(tmp_path)

    configured = (tmp_path / MODEL / "config.pbtxt").read_text(encoding="utf-8")
    assert f'"{read_checked(tmp_path / MODEL / "encoder").precision}"' in configured
    assert (tmp_path / MODEL / "1" / "sentence_encoder.py").is_file()


def test_the_encoder_is_the_one_that_the_service_runs() -> None:
    assert Settings(_env_file=None).encoder_dir == ENCODER

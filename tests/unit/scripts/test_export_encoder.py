"""The encoder that ships is what the script writes around its rounded matrices."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from export_encoder import exported, shipped_rounding

from ml_service.inference.encoder_files import (
    GRAPH_FILE,
    MANIFEST_FILE,
    TOKENIZER_FILE,
    read_manifest,
)
from ml_service.settings import Settings

SHIPPED = Settings(_env_file=None).encoder_dir


@pytest.mark.slow
def test_the_shipped_encoder_is_what_the_script_writes() -> None:
    made = exported(shipped_rounding(SHIPPED))

    assert made[GRAPH_FILE] == (SHIPPED / GRAPH_FILE).read_bytes()
    assert made[TOKENIZER_FILE] == (SHIPPED / TOKENIZER_FILE).read_bytes()
    shipped = replace(read_manifest(SHIPPED), agreement=None, canary_sha256=None)
    assert json.loads(made[MANIFEST_FILE]) == shipped.as_json()

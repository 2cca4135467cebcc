"""How intents stand, as ``/health/ready`` tells it; with a model in tests/integration."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from ml_service.bootstrap.clock import utc_now
from ml_service.bootstrap.encoder import AnyEncoder
from ml_service.bootstrap.intents import IntentsState
from ml_service.domain.health import Part, PartState
from ml_service.hosting.host import ModelHost
from ml_service.hosting.model_files import write_model
from ml_service.hosting.shelf import ModelShelf


@dataclass
class EncoderThatIs:
    state: PartState

    async def part(self) -> Part:
        return Part("encoder", self.state, needed=True, detail={"engine": "torchserve"})


async def part_of(folder: Path, encoder: PartState) -> Part:
    def load(_: Path) -> Any:
        raise AssertionError  # to look must load nothing

    host = ModelHost(ModelShelf(folder), load, clock=utc_now)
    await host.refresh()
    state = IntentsState(host, cast(AnyEncoder, EncoderThatIs(encoder)), "intents", "remote")
    return await state.part()


def put(folder: Path, kind: str) -> str:
    def write(into: Path) -> Any:
        return write_model(into, {}, {"model_id": "intents", "kind": kind})

    return ModelShelf(folder).add("intents", write)


async def test_without_a_model_there_is_none(tmp_path: Path) -> None:
    part = await part_of(tmp_path, "ready")

    assert (part.state, part.needed) == ("not_configured", False)
    assert part.detail == {
        "mode": "remote",
        "model": "intents",
        "revision": None,
        "engine": "torchserve",
    }


@pytest.mark.parametrize(
    ("kind", "encoder", "state"),
    [
        ("intents", "ready", "ready"),
        ("intents", "not_ready", "not_ready"),
        ("career", "ready", "not_ready"),
    ],
)
async def test_it_takes_a_model_of_intents_and_an_encoder(
    tmp_path: Path, kind: str, encoder: PartState, state: PartState
) -> None:
    revision = await asyncio.to_thread(put, tmp_path, kind)

    part = await part_of(tmp_path, encoder)

    assert (part.state, part.needed) == (state, False)
    assert part.detail["revision"] == revision


async def test_a_manifest_that_cannot_be_read_is_not_ready(tmp_path: Path) -> None:
    revision = await asyncio.to_thread(put, tmp_path, "intents")
    manifest = tmp_path / "intents" / revision / "manifest.json"
    await asyncio.to_thread(manifest.write_text, "[]", encoding="utf-8")

    assert (await part_of(tmp_path, "ready")).state == "not_ready"

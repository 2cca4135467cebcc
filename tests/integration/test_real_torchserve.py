"""What TorchServe does beyond answering: new tokens, replies that never come, its end."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from ml_service.bootstrap.encoder import remote_encoder
from ml_service.domain.errors import ModelUnavailable
from ml_service.inference.remote.encoder import RemoteEncoder
from tests.engine_servers import EngineServer, remote_settings, torchserve

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXTS = ("Registered nurse", "welds steel pipes")
TIMEOUT_S = 10.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineServer]:
    with torchserve(tmp_path_factory.mktemp("torchserve")) as server:
        yield server


@asynccontextmanager
async def remote(server: EngineServer, model: str | None = None) -> AsyncIterator[RemoteEncoder]:
    settings = remote_settings(server, inference_timeout_s=TIMEOUT_S)
    if model is not None:
        settings = settings.model_copy(update={"inference_model": model})
    encoder = await asyncio.to_thread(remote_encoder, settings)
    await encoder.start()
    try:
        yield encoder
    finally:
        await encoder.close()


def make_new_token(server: EngineServer) -> tuple[str, str]:
    """The inference key before and after; the server writes its file anew."""
    file = server.folder / "key_file.json"
    before = json.loads(file.read_text(encoding="utf-8"))
    lines = (server.folder / "config.properties").read_text(encoding="utf-8").splitlines()
    (management,) = [line for line in lines if line.startswith("management_address=")]
    answer = httpx.get(
        f"{management.partition('=')[2]}/token",
        params={"type": "inference"},
        headers={"Authorization": f"Bearer {before['API']['key']}"},
    )
    answer.raise_for_status()
    after = json.loads(file.read_text(encoding="utf-8"))
    return before["inference"]["key"], after["inference"]["key"]


async def test_a_token_that_the_server_replaced_is_read_again(server: EngineServer) -> None:
    async with remote(server) as encoder:
        await encoder.embed_documents(TEXTS)
        before, after = await asyncio.to_thread(make_new_token, server)
        found = await encoder.embed_documents(TEXTS)

    assert before != after
    assert found.vectors.shape == (2, 384)
    assert encoder.outcomes == {"ok": 2}


async def test_a_model_that_is_not_there_is_named_as_that(server: EngineServer) -> None:
    async with remote(server, model="other") as encoder:
        reason = str((await encoder.part()).detail["reason"])

    assert reason == "The remote encoder answered 404 ModelNotFoundException."


async def test_one_version_of_it_can_be_asked_for(server: EngineServer) -> None:
    name = remote_settings(server).inference_model
    async with remote(server, model=f"{name}@1.0") as encoder:
        found = await encoder.embed_documents(TEXTS)
    async with remote(server, model=f"{name}@9.9") as encoder:
        reason = str((await encoder.part()).detail["reason"])

    assert found.vectors.shape == (2, 384)
    assert reason.startswith("The remote encoder answered 404 ModelVersionNotFoundException")


async def test_a_reply_that_does_not_come_costs_the_deadline_and_its_end_is_survived(
    server: EngineServer,
) -> None:
    async with remote(server) as encoder:
        server.stop()
        began = time.monotonic()
        with pytest.raises(ModelUnavailable, match="within 10 s"):
            await encoder.embed_documents(TEXTS)
        took_s = time.monotonic() - began

        waiting = asyncio.create_task(encoder.embed_documents(TEXTS))
        await asyncio.sleep(0.5)
        server.kill()
        with pytest.raises(ModelUnavailable, match="remote encoder"):
            await waiting

    assert TIMEOUT_S - 0.2 < took_s < 2 * TIMEOUT_S
    assert encoder.outcomes == {"timeout": 1, "unreachable": 1}

"""Revisions that go from the shelf while a host holds them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ml_service.domain.errors import ModelInUse, ModelNotFound
from ml_service.hosting.host import ModelHost
from ml_service.hosting.shelf import ModelShelf
from tests.unit.hosting.models import FIRST, SECOND, add, answers


async def test_what_answers_is_not_removed(
    shelf: ModelShelf, host: ModelHost, tmp_path: Path
) -> None:
    first, second = await add(shelf, FIRST), await add(shelf, SECOND)
    await host.refresh()
    with pytest.raises(ModelInUse):
        await host.remove(first)
    async with host.lease(second):
        with pytest.raises(ModelInUse):
            await host.remove(second)

    await host.remove(second)

    assert not (tmp_path / "models" / "trades" / SECOND).exists()
    with pytest.raises(ModelNotFound):
        await answers(host, f"trades@{SECOND}")


async def test_what_another_process_removed_answers_nobody_after_the_next_look(
    shelf: ModelShelf, host: ModelHost
) -> None:
    await add(shelf, FIRST)
    second = await add(shelf, SECOND)
    await host.refresh()
    async with host.lease(second):
        await asyncio.to_thread(ModelShelf(shelf.folder).remove, "trades", SECOND)
        assert await answers(host, f"trades@{SECOND}") == SECOND

        await host.refresh()

        with pytest.raises(ModelNotFound):
            await answers(host, f"trades@{SECOND}")
    assert host.figures.events["trades", SECOND, "drained"] == 1
    assert host.memory_bytes == 0


async def test_what_answers_goes_on_when_its_folder_is_out_of_reach(
    shelf: ModelShelf, host: ModelHost, tmp_path: Path
) -> None:
    await add(shelf, FIRST)
    await add(shelf, SECOND)
    await answers(host)
    (tmp_path / "models" / "trades" / FIRST).rename(tmp_path / "elsewhere")

    await host.refresh()

    assert await answers(host) == FIRST


async def test_the_last_of_a_name_is_removed_with_the_name(
    shelf: ModelShelf, host: ModelHost, tmp_path: Path
) -> None:
    first, second = await add(shelf, FIRST), await add(shelf, SECOND)
    await host.point("trades", "champion", SECOND)
    await host.remove(first)

    await host.remove(second)

    assert not (tmp_path / "models" / "trades").exists()
    assert "trades" not in host.answering
    with pytest.raises(ModelNotFound):
        await answers(host)
    await add(shelf, FIRST)
    assert await answers(host) == FIRST


async def test_the_last_of_a_name_that_is_kept_or_in_use_stays(
    shelf: ModelShelf, host: ModelHost
) -> None:
    first = await add(shelf, FIRST)
    await host.refresh()
    async with host.lease(first):
        with pytest.raises(ModelInUse):
            await host.remove(first)
    host.keep("trades")
    with pytest.raises(ModelInUse):
        await host.remove(first)
    assert await answers(host) == FIRST

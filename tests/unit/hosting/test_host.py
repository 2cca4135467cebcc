from __future__ import annotations

import asyncio
import logging
import threading
from pathlib import Path

import pytest

from ml_service.domain.errors import ModelInUse, ModelNotFound, ModelUnavailable
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.choice import ModelChoice, read_choice
from ml_service.hosting.host import ModelHost
from ml_service.hosting.pointers import CHAMPION_FILE
from ml_service.hosting.shelf import ModelShelf
from tests.unit.hosting.models import (
    FIRST,
    FOURTH,
    SECOND,
    THIRD,
    Hands,
    Loader,
    add,
    answers,
    put,
)


async def promote(shelf: ModelShelf, revision: str) -> None:
    await asyncio.to_thread(shelf.promote, "trades", revision)


def state(host: ModelHost, revision: str) -> str:
    return host.state_of(ModelRef("trades", revision)).state


async def test_a_model_is_loaded_when_it_is_first_asked_for_and_once(
    shelf: ModelShelf, host: ModelHost, loader: Loader
) -> None:
    await add(shelf, FIRST)
    await host.refresh()
    assert (state(host, FIRST), loader.loaded) == ("registered", [])

    answered = await asyncio.gather(*(answers(host) for _ in range(8)))

    assert (state(host, FIRST), loader.loaded) == ("ready", [FIRST])
    assert answered == [FIRST] * 8


@pytest.mark.parametrize(
    "said",
    ["nobody", "../trades", "Trades", "", "trades@", "trades@eeeeeeeeeeee", "trades@.."],
)
async def test_what_is_not_there_is_not_found_and_leaves_nothing(
    shelf: ModelShelf, host: ModelHost, said: str
) -> None:
    await add(shelf, FIRST)
    with pytest.raises(ModelNotFound):
        await host.choose(read_choice(said))
    assert state(host, "eeeeeeeeeeee") == "registered"


async def test_an_alias_without_a_revision_is_told(shelf: ModelShelf, host: ModelHost) -> None:
    await add(shelf, FIRST)
    with pytest.raises(ModelNotFound, match="challenger"):
        await host.choose(ModelChoice("trades", "challenger"))


async def test_what_is_promoted_elsewhere_answers_after_the_next_look(
    shelf: ModelShelf, host: ModelHost
) -> None:
    await add(shelf, FIRST)
    assert await answers(host) == FIRST
    await add(shelf, SECOND)

    await promote(shelf, SECOND)
    assert await answers(host) == FIRST
    await host.refresh()

    assert await answers(host) == SECOND
    assert state(host, FIRST) == "unloaded"
    assert host.figures.events["trades", SECOND, "swap"] == 1


async def test_an_alias_is_moved_after_the_canary_was_answered(
    shelf: ModelShelf, host: ModelHost, loader: Loader
) -> None:
    await add(shelf, FIRST)
    await add(shelf, SECOND)
    assert await answers(host) == FIRST

    await host.point("trades", "champion", SECOND)

    assert await answers(host) == SECOND
    assert (await asyncio.to_thread(shelf.champion, "trades"))[0] == SECOND
    await host.point("trades", "challenger", FIRST)
    assert await answers(host, "trades@challenger") == FIRST
    assert loader.loaded == [FIRST, SECOND, FIRST]


@pytest.mark.parametrize("weights", ["broken", "100 lame"])
async def test_what_cannot_be_loaded_or_fails_its_canary_is_not_promoted(
    shelf: ModelShelf, host: ModelHost, weights: str
) -> None:
    await add(shelf, FIRST)
    await answers(host)
    await add(shelf, SECOND, weights)

    with pytest.raises(ModelUnavailable):
        await host.point("trades", "champion", SECOND)

    assert await answers(host) == FIRST
    assert (await asyncio.to_thread(shelf.champion, "trades"))[0] == FIRST
    assert state(host, SECOND) == "failed"
    assert host.state_of(ModelRef("trades", SECOND)).reason
    assert host.figures.events["trades", SECOND, "failure"] == 1


async def test_a_broken_one_that_was_promoted_elsewhere_leaves_the_former_answering(
    shelf: ModelShelf,
    host: ModelHost,
    loader: Loader,
    clock: Hands,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add(shelf, FIRST)
    await answers(host)
    await add(shelf, SECOND, "broken")
    await promote(shelf, SECOND)

    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            await host.refresh()
            assert await answers(host) == FIRST

    assert loader.loaded == [FIRST, SECOND]  # not tried at each look
    assert [record.levelname for record in caplog.records] == ["ERROR"]

    (await asyncio.to_thread(shelf.folder_of, "trades", SECOND) / "weights.npz").write_text("100")
    clock.pass_by(31)
    await host.refresh()
    assert await answers(host) == SECOND


async def test_a_pointer_that_says_nothing_leaves_the_former_answering(
    shelf: ModelShelf, host: ModelHost, tmp_path: Path
) -> None:
    await add(shelf, FIRST)
    await answers(host)
    (tmp_path / "models" / "trades" / CHAMPION_FILE).write_text("no revision")

    await host.refresh()

    assert await answers(host) == FIRST


async def test_a_model_that_was_taken_away_is_not_found_after_the_next_look(
    shelf: ModelShelf, host: ModelHost, tmp_path: Path
) -> None:
    await add(shelf, FIRST)
    await answers(host)
    (tmp_path / "models" / "trades").rename(tmp_path / "elsewhere")
    await host.refresh()
    with pytest.raises(ModelNotFound):
        await host.choose(ModelChoice("trades"))


async def test_the_former_ends_what_it_began_before_it_goes(
    shelf: ModelShelf, host: ModelHost
) -> None:
    first = await add(shelf, FIRST)
    await add(shelf, SECOND)
    await host.refresh()
    async with host.lease(first):
        await host.point("trades", "champion", SECOND)
        assert state(host, FIRST) == "draining"
        assert host.state_of(first).requests_in_work == 1
        assert await answers(host) == SECOND
    assert state(host, FIRST) == "unloaded"
    assert host.figures.events["trades", FIRST, "drained"] == 1


async def test_one_that_is_promoted_again_while_it_drains_stays(
    shelf: ModelShelf, host: ModelHost, loader: Loader
) -> None:
    first = await add(shelf, FIRST)
    await add(shelf, SECOND)
    await host.refresh()
    async with host.lease(first):
        await host.point("trades", "champion", SECOND)
        await host.point("trades", "champion", FIRST)
    assert state(host, FIRST) == "ready"
    assert loader.loaded == [FIRST, SECOND]


async def test_what_answers_is_not_held_up_by_a_loading(
    shelf: ModelShelf, host: ModelHost, loader: Loader
) -> None:
    await add(shelf, FIRST)
    await answers(host)
    await add(shelf, SECOND)
    may_load = threading.Event()
    loader.before = lambda: may_load.wait(10)
    swap = asyncio.create_task(host.point("trades", "champion", SECOND))
    await asyncio.sleep(0.05)

    async with asyncio.timeout(5):
        assert await answers(host) == FIRST
    assert state(host, SECOND) == "loading"

    may_load.set()
    await swap
    assert await answers(host) == SECOND


async def test_who_goes_away_while_a_model_loads_takes_nobody_with_him(
    shelf: ModelShelf, host: ModelHost, loader: Loader
) -> None:
    await add(shelf, FIRST)
    may_load = threading.Event()
    loader.before = lambda: may_load.wait(10)
    gone, stays = asyncio.create_task(answers(host)), asyncio.create_task(answers(host))
    await asyncio.sleep(0.05)
    gone.cancel()
    may_load.set()
    assert await stays == FIRST
    assert loader.loaded == [FIRST]
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_the_longest_unused_makes_room(
    shelf: ModelShelf, host: ModelHost, clock: Hands
) -> None:
    for revision in (FIRST, SECOND, THIRD):
        await add(shelf, revision)
        await answers(host, f"trades@{revision}")
        clock.pass_by(1)
    assert [state(host, at) for at in (FIRST, SECOND, THIRD)] == ["unloaded", "ready", "ready"]
    assert host.memory_bytes == 200
    assert host.figures.events["trades", FIRST, "memory"] == 1


async def test_what_is_in_use_or_kept_does_not_make_room(
    shelf: ModelShelf, host: ModelHost
) -> None:
    await add(shelf, FIRST)
    second, third = await add(shelf, SECOND), await add(shelf, THIRD)
    host.keep("trades")
    await answers(host)
    async with host.lease(second):
        with pytest.raises(ModelUnavailable, match="MODELS_MEMORY_BYTES"):
            async with host.lease(third):
                pytest.fail("there was no room")
    assert [state(host, at) for at in (FIRST, SECOND, THIRD)] == ["ready", "ready", "failed"]


async def test_the_idle_are_unloaded_and_come_back_when_asked_for(
    shelf: ModelShelf, host: ModelHost, loader: Loader, clock: Hands
) -> None:
    await add(shelf, FIRST)
    await add(shelf, SECOND)
    host.keep("trades")
    await answers(host)
    await answers(host, f"trades@{SECOND}")

    clock.pass_by(61)
    host.unload_idle()
    assert [state(host, at) for at in (FIRST, SECOND)] == ["ready", "unloaded"]

    assert await answers(host, f"trades@{SECOND}") == SECOND
    assert loader.loaded == [FIRST, SECOND, SECOND]


async def test_unloading_waits_for_what_is_in_work_and_spares_what_is_kept(
    shelf: ModelShelf, host: ModelHost
) -> None:
    first, second = await add(shelf, FIRST), await add(shelf, SECOND)
    host.keep("trades")
    await answers(host)
    with pytest.raises(ModelInUse):
        await host.unload(first)
    async with host.lease(second):
        await host.unload(second)
        assert state(host, SECOND) == "draining"
    assert state(host, SECOND) == "unloaded"


async def test_swaps_under_load_fail_no_request_and_mix_no_answer(
    shelf: ModelShelf, host: ModelHost
) -> None:
    revisions = [FIRST, SECOND, THIRD, FOURTH]
    for revision in revisions:
        await add(shelf, revision, "10")
    await host.refresh()
    seen: set[str] = set()
    done = asyncio.Event()

    async def client(number: int) -> int:
        n_answered = 0
        while not done.is_set():
            ref = await host.choose(ModelChoice("trades"), who=str(number))
            async with host.lease(ref) as model:
                await asyncio.sleep(0)
                assert model.ref.revision == ref.revision
            seen.add(ref.revision)
            n_answered += 1
        return n_answered

    clients = [asyncio.create_task(client(number)) for number in range(8)]
    for at in range(20):
        await host.point("trades", "champion", revisions[(at + 1) % 4])
    done.set()

    assert min(await asyncio.gather(*clients)) > 0
    assert seen == set(revisions)
    assert sum(n for (_, _, event), n in host.figures.events.items() if event == "swap") == 20


async def test_what_fails_as_nobody_foresaw_is_refused_and_holds_up_no_other(
    shelf: ModelShelf, host: ModelHost
) -> None:
    for name in ("atlas", "trades"):
        await asyncio.to_thread(put, shelf, name, FIRST)
        await answers(host, name)
        await asyncio.to_thread(put, shelf, name, SECOND, "no size" if name == "atlas" else "100")
        await asyncio.to_thread(shelf.promote, name, SECOND)

    await host.refresh()

    assert await answers(host, "atlas") == FIRST
    assert await answers(host, "trades") == SECOND
    refused = host.state_of(ModelRef("atlas", SECOND))
    assert (refused.state, bool(refused.reason)) == ("failed", True)
    with pytest.raises(ModelUnavailable):
        await answers(host, f"atlas@{SECOND}")


async def test_what_can_never_fit_unloads_nothing(shelf: ModelShelf, host: ModelHost) -> None:
    await add(shelf, FIRST)
    await add(shelf, SECOND)
    await add(shelf, THIRD, "300")
    for revision in (FIRST, SECOND):
        await answers(host, f"trades@{revision}")

    with pytest.raises(ModelUnavailable, match="MODELS_MEMORY_BYTES"):
        await answers(host, f"trades@{THIRD}")

    assert [state(host, at) for at in (FIRST, SECOND, THIRD)] == ["ready", "ready", "failed"]

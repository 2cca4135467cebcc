"""Requests shared between the revisions that a host holds."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from ml_service.domain.errors import ModelInUse, ModelNotFound, ModelUnavailable
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.choice import ModelChoice
from ml_service.hosting.host import ModelHost
from ml_service.hosting.shelf import ModelShelf
from ml_service.hosting.traffic import traffic_of
from tests.unit.hosting.models import FIRST, FOURTH, SECOND, add, answers

SINCE = datetime(2026, 3, 1, tzinfo=UTC)


async def test_traffic_is_shared_by_weight_and_sticks_to_a_user(
    shelf: ModelShelf, host: ModelHost
) -> None:
    await add(shelf, FIRST)
    await add(shelf, SECOND)
    await host.refresh()
    await host.point("trades", "challenger", SECOND)
    await host.share(
        "trades", traffic_of({"champion": 3, "challenger": 1}, shadow=None, since=SINCE)
    )
    people = [f"user-{at}" for at in range(400)]

    chosen = [await host.choose(ModelChoice("trades"), who=who) for who in people]
    again = [await host.choose(ModelChoice("trades"), who=who) for who in people]

    arms = [ref.arm for ref in chosen]
    assert chosen == again
    assert 70 < arms.count("challenger") < 130
    assert {ref.revision for ref in chosen if ref.arm == "challenger"} == {SECOND}
    named = await host.choose(ModelChoice("trades", SECOND), who="user-1")
    assert named == ModelRef("trades", SECOND, arm=None)


async def test_a_shadow_is_told_and_does_not_answer(shelf: ModelShelf, host: ModelHost) -> None:
    await add(shelf, FIRST)
    await add(shelf, SECOND)
    await host.refresh()
    assert host.shadow_of("trades") is None
    await host.share("trades", traffic_of({"champion": 1}, shadow=SECOND, since=SINCE))
    assert host.shadow_of("trades") == ModelRef("trades", SECOND, SECOND)
    assert {await answers(host, who=str(at)) for at in range(20)} == {FIRST}


async def test_traffic_to_an_arm_that_leads_nowhere_is_refused(
    shelf: ModelShelf, host: ModelHost
) -> None:
    await add(shelf, FIRST)
    await host.refresh()
    for arm in ("challenger", FOURTH):
        with pytest.raises(ModelNotFound):
            await host.share("trades", traffic_of({arm: 1}, shadow=None, since=SINCE))
    assert host.traffic("trades").is_plain


async def test_a_challenger_that_gets_traffic_is_not_dropped(
    shelf: ModelShelf, host: ModelHost
) -> None:
    await add(shelf, FIRST)
    await add(shelf, SECOND)
    await host.refresh()
    await host.point("trades", "challenger", SECOND)
    await host.share("trades", traffic_of({"challenger": 1}, shadow=None, since=SINCE))
    with pytest.raises(ModelInUse):
        await host.drop_challenger("trades")

    await host.share("trades", traffic_of({"champion": 1}, shadow=None, since=SINCE))
    await host.drop_challenger("trades")

    assert "challenger" not in host.answering["trades"]


@pytest.mark.parametrize("weights", ["broken", "100 lame", "200"])
async def test_traffic_to_what_cannot_be_loaded_beside_the_others_is_refused(
    shelf: ModelShelf, host: ModelHost, weights: str
) -> None:
    await add(shelf, FIRST)
    await add(shelf, SECOND, weights)
    await host.refresh()
    shared = traffic_of({"champion": 1, SECOND: 1}, shadow=None, since=SINCE)

    with pytest.raises(ModelUnavailable):
        await host.share("trades", shared)
    with pytest.raises(ModelUnavailable):
        await host.share("trades", traffic_of({"champion": 1}, shadow=SECOND, since=SINCE))

    assert host.traffic("trades").is_plain
    assert (await asyncio.to_thread(shelf.pointers, "trades")).traffic.is_plain


async def test_traffic_of_a_name_goes_with_it(shelf: ModelShelf, host: ModelHost) -> None:
    first = await add(shelf, FIRST)
    await host.share("trades", traffic_of({FIRST: 1}, shadow=None, since=SINCE))

    await host.remove(first)
    await add(shelf, SECOND)

    assert await answers(host) == SECOND
    assert host.traffic("trades").is_plain

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from ml_service.domain.errors import InvalidRequest
from ml_service.hosting.traffic import PLAIN, Traffic, read_traffic, traffic_of

SINCE = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE = [f"user-{number}" for number in range(2_000)]


def shared(weights: Mapping[str, float], *, shadow: str | None = None) -> Traffic:
    return traffic_of(weights, shadow=shadow, since=SINCE)


def test_weights_of_any_size_become_shares() -> None:
    assert shared({"champion": 9, "challenger": 1}).weights == {"champion": 0.9, "challenger": 0.1}
    assert shared({"champion": 2, "challenger": 0}).weights == {"champion": 1.0}


def test_each_arm_gets_its_share_and_a_person_always_the_same() -> None:
    traffic = shared({"champion": 0.7, "challenger": 0.2, "abcdef": 0.1})
    arms = [traffic.arm_of("trades", who) for who in PEOPLE]
    assert arms == [traffic.arm_of("trades", who) for who in PEOPLE]
    for arm, share in traffic.weights.items():
        assert arms.count(arm) / len(PEOPLE) == pytest.approx(share, abs=0.03)


def test_more_traffic_for_the_challenger_takes_nobody_away_from_it() -> None:
    few, many = shared({"champion": 9, "challenger": 1}), shared({"champion": 6, "challenger": 4})
    before = {who for who in PEOPLE if few.arm_of("trades", who) == "challenger"}
    after = {who for who in PEOPLE if many.arm_of("trades", who) == "challenger"}
    assert before < after


def test_two_models_do_not_choose_the_same_people() -> None:
    traffic = shared({"champion": 1, "challenger": 1})
    same = sum(traffic.arm_of("one", who) == traffic.arm_of("two", who) for who in PEOPLE)
    assert same / len(PEOPLE) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("weights", "shadow", "field"),
    [
        ({"winner": 1.0}, None, "weights"),
        ({"champion": -1.0, "challenger": 2.0}, None, "weights"),
        ({"champion": 0.0}, None, "weights"),
        ({"champion": float("nan")}, None, "weights"),
        ({"champion": float("inf")}, None, "weights"),
        ({"champion": 1e308, "challenger": 1e308}, None, "weights"),
        ({f"abcde{at}": 1.0 for at in range(9)}, None, "weights"),
        ({"champion": 1.0}, "champion", "shadow"),
        ({"champion": 1.0}, "../..", "weights"),
    ],
)
def test_what_is_no_sharing_is_refused(
    weights: dict[str, float], shadow: str | None, field: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        shared(weights, shadow=shadow)
    assert refused.value.field == field


def test_what_was_written_is_read_back() -> None:
    traffic = shared({"champion": 3, "challenger": 1}, shadow="abcdef")
    assert read_traffic(json.loads(json.dumps(traffic.as_json()))) == traffic


def test_only_all_to_the_champion_is_plain() -> None:
    assert PLAIN.is_plain
    assert shared({"champion": 5}).is_plain
    assert not shared({"champion": 5}, shadow="challenger").is_plain
    assert not shared({"challenger": 5}).is_plain

"""How the requests for one model are shared between its revisions."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ml_service.domain.errors import InvalidRequest
from ml_service.hosting.choice import ALIASES, is_revision

MOST_ARMS = 8


@dataclass(frozen=True, slots=True)
class Traffic:
    """An arm is an alias or a revision. ``weights`` are shares that add up to 1; ``shadow`` sees
    what the others answer and its own answers go nowhere. In force since ``since``.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: {"champion": 1.0})
    shadow: str | None = None
    since: datetime | None = None

    @property
    def is_plain(self) -> bool:
        """Whether all goes to the champion, as it does where nothing was said."""
        return self.shadow is None and set(self.weights) == {"champion"}

    @property
    def arms(self) -> frozenset[str]:
        """Of the shadow as well."""
        return frozenset({*self.weights, *([] if self.shadow is None else [self.shadow])})

    def arm_of(self, model_id: str, who: str) -> str:
        """The same for the same ``who``, as long as the weights are the same.

        Where two arms share, giving one a larger weight only ever moves people to it.
        """
        digest = hashlib.sha256(f"{model_id}\n{who}".encode()).digest()
        place = int.from_bytes(digest[:8], "big") / 2**64
        # The champion last: what the others gain or lose, it loses or gains.
        arms = sorted(self.weights, key=lambda arm: (arm == "champion", arm))
        for arm in arms:
            place -= self.weights[arm]
            if place < 0:
                return arm
        return arms[-1]

    def as_json(self) -> dict[str, Any]:
        since = None if self.since is None else self.since.isoformat()
        return {"weights": dict(self.weights), "shadow": self.shadow, "since": since}


PLAIN = Traffic()


def traffic_of(weights: Mapping[str, float], *, shadow: str | None, since: datetime) -> Traffic:
    """Weights of any size become shares. Raises InvalidRequest naming the field."""
    for arm in [*weights, *([] if shadow is None else [shadow])]:
        if arm not in ALIASES and not is_revision(arm):
            raise InvalidRequest(
                f"{arm[:64]!r} is no arm: name champion, challenger or a revision.", field="weights"
            )
    total = sum(weights.values())
    # The sum of finite weights may not be.
    if not (all(weight >= 0 for weight in weights.values()) and 0 < total < math.inf):
        raise InvalidRequest(
            "Weights are numbers from 0 up, one of them above 0, and not too large to add up.",
            field="weights",
        )
    if len(weights) > MOST_ARMS:
        raise InvalidRequest(f"Traffic has {MOST_ARMS} arms at most.", field="weights")
    shares = {arm: weight / total for arm, weight in weights.items() if weight}
    if shadow in shares:
        raise InvalidRequest("An arm that answers cannot be the shadow as well.", field="shadow")
    return Traffic(shares, shadow, since)


def read_traffic(stated: Mapping[str, Any]) -> Traffic:
    """What ``as_json`` gave. Raises ValueError, TypeError, KeyError or InvalidRequest."""
    since = datetime.fromisoformat(stated["since"])
    return traffic_of(dict(stated["weights"]), shadow=stated.get("shadow"), since=since)

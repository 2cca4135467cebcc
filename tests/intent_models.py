"""A small model of intents for tests, learned from a part of the examples that ship."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ml_service.bootstrap.engine import TextEngine
from ml_service.bootstrap.training import intents_training
from ml_service.settings import Settings
from ml_service.use_cases.trained_intents import LabelledText, TrainedIntents
from ml_service.use_cases.trained_model import Wish

EXAMPLES = Path(__file__).parents[1] / "data" / "intents" / "train.csv"
OF_EACH = 40


class NobodyWatches:
    def started(self, what: str, total: int) -> None: ...

    def advanced(self, count: int) -> None: ...


def some_examples(of_each: int) -> Iterator[LabelledText]:
    """The first of each label."""
    counts: Counter[str] = Counter()
    with EXAMPLES.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            counts[row["label"]] += 1
            if counts[row["label"]] <= of_each:
                yield LabelledText(f"row {number}", row["text"], row["label"])


async def train_intents(
    engine: TextEngine, settings: Settings, name: str, *, of_each: int = OF_EACH
) -> TrainedIntents:
    """Into ``settings.models_dir``; the newest answers."""
    learn = intents_training(engine, settings)
    wish = Wish(name, "tests", promote=True)
    return await learn(list(some_examples(of_each)), wish, watch=NobodyWatches())

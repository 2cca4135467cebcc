"""Do the passages that an explanation names move the answer more than others do?

    python scripts/measure_explanation.py --documents DIR --only validation.txt

The best passages of the explanation are deleted from the text, which is then read anew: cut into
passages, embedded, predicted. Beside it as many passages drawn at random, five times. The fall is
that of the probability of the first answer.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.analysis.profile import profile_and_text
from ml_service.bootstrap.engine import Engine, running_engine
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.explanation import contributions
from ml_service.career.passages import Passage, split_into_passages
from ml_service.career.predictor import AnyPredictor, label_of
from ml_service.domain.ports import Embeddings, Encoder, Float32Array
from ml_service.domain.resume import RedactedText, ResumeProfile
from ml_service.settings import Settings
from ml_service.use_cases.evaluate_model import without_first_line

DRAWS = 5
DELETED = (1, 2, 3)
READ_ON = date(2025, 5, 1)


@dataclass(frozen=True, slots=True)
class Fall:
    """Of the probability of the first answer; ``flipped``: another answer comes first."""

    probability: float
    flipped: float
    words: float


@dataclass(frozen=True, slots=True)
class Compared:
    named: Fall
    chance: Fall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--only", type=Path, help="file names, one a line")
    parser.add_argument("--model")
    parser.add_argument(
        "--most", type=int, default=100, help="resumes, in the order of their names"
    )
    given = parser.parse_args()
    names = set(given.only.read_text().split()) if given.only else None
    files = sorted(
        path for path in given.documents.rglob("*.pdf") if names is None or path.name in names
    )[: given.most]
    compared = asyncio.run(_compare_all(files, given.model))
    Console(width=110).print(_table(compared, len(files)))


async def _compare_all(files: Sequence[Path], model_id: str | None) -> dict[int, list[Compared]]:
    compared: dict[int, list[Compared]] = {count: [] for count in DELETED}
    async with running_engine(Settings()) as engine:
        model = await engine.models.get(model_id)
        for file in track(files, console=Console(stderr=True)):
            for count, one in (await _compare(engine, model, file)).items():
                compared[count].append(one)
    return compared


async def _compare(engine: Engine, model: AnyPredictor, file: Path) -> dict[int, Compared]:
    profile, redacted = await _read(engine, file)
    embedded = _Embedded(engine.encoder)
    evidence = await _evidence(embedded, profile, redacted)
    career = model.predict(evidence)
    first = model.labels.index(label_of(career.career_paths[0]))
    before = float(model.rank(model.signals(evidence)).probabilities[first])
    told = sorted(contributions(model, evidence, career), key=lambda one: -one.contribution)
    chance = random.Random(file.name)  # noqa: S311 - draws for a comparison

    async def fall(lines: Sequence[tuple[int, ...]]) -> Fall:
        gone = {order for some in lines for order in some}
        kept = RedactedText(tuple(line for line in redacted.lines if line.order not in gone))
        rest = await _evidence(embedded, profile, kept)
        ranking = model.rank(model.signals(rest))
        n_words = sum(len(line.text.split()) for line in redacted.lines if line.order in gone)
        return Fall(
            before - float(ranking.probabilities[first]),
            float(int(ranking.order[0]) != first),
            n_words,
        )

    found: dict[int, Compared] = {}
    for count in DELETED:
        if len(evidence.passages) < 2 * count:
            continue
        named = await fall([one.lines for one in told[:count]])
        drawn = [
            await fall([one.lines for one in _draw(chance, evidence.passages, count)])
            for _ in range(DRAWS)
        ]
        found[count] = Compared(named, _mean(drawn))
    return found


def _draw(chance: random.Random, passages: Sequence[Passage], count: int) -> list[Passage]:
    return chance.sample(list(passages), count)


async def _read(engine: Engine, file: Path) -> tuple[ResumeProfile, RedactedText]:
    """Title line hidden: with it, that line alone decides."""
    content = await asyncio.to_thread(file.read_bytes)
    extracted = without_first_line(
        await engine.reader.read(engine.reader.identify(content, filename=file.name))
    )
    return profile_and_text(extracted, document_date=READ_ON, vocabulary=engine.vocabulary)


async def _evidence(
    embedded: _Embedded, profile: ResumeProfile, redacted: RedactedText
) -> ResumeEvidence:
    passages = split_into_passages(redacted)
    vectors = await embedded.of([passage.text for passage in passages])
    return ResumeEvidence(passages, vectors, redacted, profile)


class _Embedded:
    """Vectors by text: most passages stay what they were when one is deleted."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Float32Array] = {}

    async def of(self, texts: Sequence[str]) -> Embeddings:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        embedded = await self._encoder.embed_documents(new)
        self._known.update(zip(new, embedded.vectors, strict=True))
        vectors = np.stack([self._known[text] for text in texts])
        return Embeddings(vectors, embedded.encoder)


def _mean(falls: Sequence[Fall]) -> Fall:
    return Fall(
        float(np.mean([fall.probability for fall in falls])),
        float(np.mean([fall.flipped for fall in falls])),
        float(np.mean([fall.words for fall in falls])),
    )


def _table(compared: dict[int, list[Compared]], n_files: int) -> Table:
    table = Table(title=f"{n_files} resumes, title line hidden; fall of the first answer")
    for column in (
        "passages deleted",
        "n",
        "named: fall, flipped, words",
        "at random: fall, flipped, words",
        "difference of falls (95 %)",
        "named falls more",
    ):
        table.add_column(column)
    for count, rows in compared.items():
        if rows:
            table.add_row(str(count), str(len(rows)), *_row(rows))
    return table


def _row(rows: Sequence[Compared]) -> tuple[str, ...]:
    differences = np.array([row.named.probability - row.chance.probability for row in rows])
    chance = np.random.default_rng(0)
    means = [chance.choice(differences, len(rows)).mean() for _ in range(1_000)]
    low, high = np.quantile(means, [0.025, 0.975])
    return (
        _told(_mean([row.named for row in rows])),
        _told(_mean([row.chance for row in rows])),
        f"{differences.mean():+.3f} ({low:+.3f} to {high:+.3f})",
        f"{(differences > 0).mean():.0%}",
    )


def _told(fall: Fall) -> str:
    return f"{fall.probability:+.3f}, {fall.flipped:.0%}, {fall.words:.0f}"


if __name__ == "__main__":
    main()

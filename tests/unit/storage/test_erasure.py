"""Deleted means gone from the files, not only from the answers."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ml_service.domain.prediction import Annotations, PredictionChange
from ml_service.storage import full_text
from ml_service.storage.predictions import SqlPredictionStore
from tests.unit.storage.examples import NOON, a_prediction, an_analysis, text_lines

SECRETS = ("Quetzalcoatlus", "xylophonist", "zyzzyvaphile", "wyvernsmith", "jabberwocky")


def remains(file: Path) -> set[str]:
    """Secrets whose endings still stand in a file; the index keeps words without their start."""
    content = b"".join(path.read_bytes().lower() for path in file.parent.iterdir())
    return {secret for secret in SECRETS if secret.lower()[4:].encode() in content}


async def test_no_word_of_a_deleted_prediction_stays_in_the_files(
    store: SqlPredictionStore, database_file: Path
) -> None:
    others = [a_prediction(minutes=n) for n in range(60)]
    for n, prediction in enumerate(others):
        await store.add(prediction, lines=text_lines(f"word{n} " * 50, "quiet xylem jab wyv"))
    analysis = an_analysis(filename=f"{SECRETS[0]}.pdf", skills=(SECRETS[1],))
    secret = a_prediction(analysis=analysis, annotations=Annotations(notes=SECRETS[2]))
    await store.add(secret, lines=text_lines(SECRETS[3], "and more"))
    for prediction in others[:20]:
        await store.change(prediction.prediction_id, PredictionChange(notes="n"), at=NOON)
    await store.change(secret.prediction_id, PredictionChange(notes=SECRETS[4]), at=NOON)
    assert await asyncio.to_thread(remains, database_file) == set(SECRETS)
    await store.delete(secret.prediction_id)
    assert await asyncio.to_thread(remains, database_file) == set()
    for prediction in others:
        found = await store.get(prediction.prediction_id)
        assert found.analysis == prediction.analysis


@pytest.mark.skipif(
    full_text.HAS_SECURE_DELETE, reason="this SQLite forgets at once, whatever the size"
)
async def test_a_large_index_is_not_rewritten_for_one_deletion(
    store: SqlPredictionStore, database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: without a rewrite, it would find the words."""
    monkeypatch.setattr(full_text, "MAX_ENTRIES_TO_REWRITE", 0)
    await store.add(a_prediction(), lines=text_lines("nothing"))
    secret = a_prediction()
    await store.add(secret, lines=text_lines(SECRETS[3]))
    await store.delete(secret.prediction_id)
    assert await asyncio.to_thread(remains, database_file) == {SECRETS[3]}

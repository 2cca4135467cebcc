"""Our way to load the identifier gives the library's own answers."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import py3langid
import pytest

from ml_service.analysis import language_model
from ml_service.analysis.language_model import load_language_model, rank_languages

TEXTS = Path(__file__).parents[2] / "texts"


@pytest.mark.parametrize("file", ["other_languages.txt", "english_resumes.txt"])
def test_it_ranks_as_the_library_does(file: str) -> None:
    texts = (TEXTS / file).read_text(encoding="utf-8").split("\n=== ")

    assert len(texts) > 10
    for text in texts:
        assert rank_languages(text) == py3langid.rank(text)


def test_threads_that_come_at_once_load_it_once() -> None:
    language_model._identifier.cache_clear()
    threads = [Thread(target=load_language_model) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert language_model._identifier.cache_info().misses == 1

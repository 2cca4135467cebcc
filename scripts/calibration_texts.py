"""Texts that an encoder's rounding is fitted to.

Of every kind that the service embeds, and unlikely ones: a rounding that never saw a word
repeated a hundred times gives such a text a vector that has nothing to do with it.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from real_resumes import real_resumes

_SEED = 29
_RESUMES, _EACH = 120, 400
_UNLIKELY = 200
_MOST_UNLIKELY_WORDS = 250
_SIGNS = "!@#$%^&*()_+-=[]{}|;:,.<>/?~•●→★0123456789 "
_MOST_WORDS = 60
"""Adverts and answers are cut into pieces of up to so many."""


def calibration_texts(data: Path, vocabulary: Sequence[str]) -> list[str]:
    """In an order that is always the same. No resume is of the validation part."""
    chance = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    resumes = real_resumes(data / "resumes", _RESUMES, seed=_SEED, only="train")
    texts = [passage for resume in resumes for passage in resume.passages]
    for found in (
        _column(data / "onet" / "Task Statements.csv", "Task"),
        _column(data / "onet" / "Alternate Titles.csv", "Alternate Title"),
        _pieces(_adverts(data / "postings" / "health_service_2020.jsonl"), chance),
        _pieces(_column(data / "postings" / "data_science.csv", "Job Description"), chance),
        _pieces(_answers(data / "interviews" / "transcripts.jsonl"), chance),
        _requests(data / "intents" / "clinc150.jsonl"),
    ):
        texts += chance.sample(found, min(_EACH, len(found)))
    return texts + _unlikely(vocabulary, chance)


def _unlikely(vocabulary: Sequence[str], chance: random.Random) -> list[str]:
    """Words without a sentence, one word over and over, signs alone."""
    found = []
    for _ in range(_UNLIKELY):
        n_words = chance.randint(1, _MOST_UNLIKELY_WORDS)
        found += [
            " ".join(chance.sample(vocabulary, n_words)),
            " ".join([chance.choice(vocabulary)] * n_words),
            "".join(chance.choices(_SIGNS, k=n_words)),
        ]
    return found


def _column(file: Path, name: str) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return [row[name] for row in csv.DictReader(stream) if row[name]]


def _adverts(file: Path) -> list[str]:
    return [row["description"] for row in _lines(file)]


def _answers(file: Path) -> list[str]:
    return [turn["content"] for row in _lines(file) for turn in row["transcript"]]


def _requests(file: Path) -> list[str]:
    return [row["text"] for row in _lines(file) if row["part"] == "train"]


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _pieces(texts: Sequence[str], chance: random.Random) -> list[str]:
    """Of each text one, of any length."""
    found = []
    for words in (text.split() for text in texts):
        begin = chance.randrange(max(1, len(words) - _MOST_WORDS))
        found.append(" ".join(words[begin : begin + chance.randint(4, _MOST_WORDS)]))
    return [piece for piece in found if piece]

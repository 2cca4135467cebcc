"""What one passage says about every occupation, measured once and then pooled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.occupations import Catalogue
from ml_service.career.passages import Passage
from ml_service.career.title_index import TitleIndex
from ml_service.career.title_mentions import (
    TitleMention,
    exact_mentions,
    inner_mentions,
    position_texts,
)
from ml_service.career.titles import normalise
from ml_service.domain.ports import Float32Array

_EDUCATION = re.compile(r"^\W*(?:education|academic)\b", re.IGNORECASE)
_WORK = re.compile(r"\b(?:experience|employment|work|career|history)\b", re.IGNORECASE)
_HEADING_WORDS = 5
_SHORT_LINE_WORDS = 8


@dataclass(frozen=True, slots=True)
class PassageSignals:
    """All arrays have the shape (n_codes,) and the order of the catalogue's codes.

    ``exact``: 1 / number of codes of a title that a line is; ``inner``: the same for titles inside
    a line, times the share of the line they cover; ``alike``: best word cosine to a title;
    ``log_p``: what the vector says, as a log probability. ``position`` is true where the passage
    opens a work entry in which a position could be read.
    """

    passage: Passage
    position: bool
    exact: Float32Array
    inner: Float32Array
    alike: Float32Array
    log_p: Float32Array


@dataclass(frozen=True, slots=True)
class Projections:
    """Linear maps from a passage's vector to occupations: (n_dims, n_codes) and (n_codes,)."""

    header_weights: Float32Array
    header_bias: Float32Array
    body_weights: Float32Array
    body_bias: Float32Array


KnownSignals = dict[tuple[Passage, bool], PassageSignals]
"""What was read already, by passage and whether it stands among the studies."""


class SignalReader:
    """Holds the indexes that the titles of a passage are looked up in."""

    def __init__(self, catalogue: Catalogue, projections: Projections) -> None:
        self._titles = catalogue.title_codes
        self._column = {code: at for at, code in enumerate(catalogue.codes)}
        self._index = TitleIndex(catalogue)
        self._projections = projections

    def read(
        self, evidence: ResumeEvidence, *, known: KnownSignals | None = None
    ) -> tuple[PassageSignals, ...]:
        """One entry a passage, in reading order. What is not ``known`` yet is read and added."""
        known = {} if known is None else known
        keys = list(zip(evidence.passages, in_education(evidence.passages), strict=True))
        unread = [at for at, key in enumerate(keys) if key not in known]
        for at, log_p in zip(unread, self._log_probabilities(evidence, unread), strict=True):
            passage, studied = keys[at]
            known[keys[at]] = self._of_passage(passage, log_p, skip_titles=studied)
        signals = [known[key] for key in keys]
        if signals:
            signals[0] = self._with_headline(signals[0])
        return tuple(signals)

    def _with_headline(self, first: PassageSignals) -> PassageSignals:
        """A resume that begins with a job title says what its owner does now: a position."""
        headline = normalise(first.passage.text.split("\n")[0])
        votes = self._votes(exact_mentions([headline], self._titles))
        if first.passage.header or not votes.any():
            return first
        alike = self._most_alike([headline])
        return replace(first, position=True, exact=votes, alike=alike)

    def _of_passage(
        self, passage: Passage, log_p: Float32Array, *, skip_titles: bool
    ) -> PassageSignals:
        lines = passage.text.split("\n")
        zeros = np.zeros(len(self._column), dtype=np.float32)
        if skip_titles:
            return PassageSignals(passage, False, zeros, zeros, zeros, log_p)
        if passage.header:
            keys = [key for line in lines for key in position_texts(line)]
            alike = self._most_alike(keys)
            exact = [
                hit for line in lines for hit in exact_mentions(position_texts(line), self._titles)
            ]
        else:
            keys = [normalise(line) for line in lines]
            alike = zeros
            short = [key for key in keys if 2 <= len(key.split()) <= _SHORT_LINE_WORDS]
            exact = [hit for key in short for hit in exact_mentions([key], self._titles)]
        inner = [hit for key in keys for hit in inner_mentions(key, self._titles)]
        return PassageSignals(
            passage=passage,
            position=passage.header and bool(keys),
            exact=self._votes(exact),
            inner=self._votes(inner),
            alike=alike,
            log_p=log_p,
        )

    def _votes(self, mentions: Iterable[TitleMention]) -> Float32Array:
        votes = np.zeros(len(self._column), dtype=np.float32)
        for mention in mentions:
            share = mention.coverage / len(mention.codes)
            for code in mention.codes:
                at = self._column[code]
                votes[at] = max(votes[at], share)
        return votes

    def _most_alike(self, keys: Sequence[str]) -> Float32Array:
        best = np.zeros(len(self._column), dtype=np.float32)
        for key in dict.fromkeys(keys):
            np.maximum(best, self._index.similarities(key), out=best)
        return best

    def _log_probabilities(self, evidence: ResumeEvidence, rows: Sequence[int]) -> Float32Array:
        vectors, maps = evidence.vectors.vectors[list(rows)], self._projections
        header = vectors @ maps.header_weights + maps.header_bias
        body = vectors @ maps.body_weights + maps.body_bias
        is_header = np.array([evidence.passages[at].header for at in rows], dtype=bool)
        return log_softmax(np.where(is_header[:, None], header, body))


def log_softmax(scores: Float32Array) -> Float32Array:
    """Over the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    normalised: Float32Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return normalised


def in_education(passages: Sequence[Passage]) -> list[bool]:
    """Whether each passage begins in the part of the resume that lists studies."""
    inside, flags = False, []
    for passage in passages:
        before = inside
        for line in passage.text.split("\n"):
            if len(line.split()) <= _HEADING_WORDS and _EDUCATION.match(line):
                inside = True
            elif len(line.split()) <= _HEADING_WORDS and _WORK.search(line):
                inside = False
        flags.append(before and inside)
    return flags

"""What one passage says about every occupation, measured once and then pooled."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.catalogue.title_mentions import (
    TitleMention,
    exact_mentions,
    inner_mentions,
    may_be_title,
    position_texts,
    title_openings,
)
from ml_service.career.catalogue.titles import normalise
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.occupation_model.title_words import TitleWords
from ml_service.career.passages import Passage
from ml_service.domain.ports import Float32Array
from ml_service.domain.shares import log_softmax

_EDUCATION = re.compile(r"^\W*(?:education|academic)\b", re.IGNORECASE)
_WORK = re.compile(r"\b(?:experience|employment|work|career|history)\b", re.IGNORECASE)
_HEADING_WORDS = 5
_SHORT_LINE_WORDS = 8
_OPENING_LINES = 2
_FLOOR = np.float32(-14.0)


@dataclass(frozen=True, slots=True)
class Headline:
    """The first line of a resume, read as the title of its owner; as in ``PassageSignals``."""

    exact: Float32Array
    alike: Float32Array
    said: Float32Array


@dataclass(frozen=True, slots=True)
class PassageSignals:
    """All arrays have the shape (n_codes,) and the order of the catalogue's codes.

    ``exact``: 1 / number of codes of a title that a line is; ``inner``: the same for titles inside
    a line, times the share of the line they cover; ``alike``: best word cosine to a title;
    ``log_p``: what the vector says, as a log probability, -14 at least; ``said``: the same of the
    position's words alone, the best of its pieces. ``position`` is true where the passage opens a
    work entry in which a position could be read, ``studied`` where it stands among the studies.
    """

    passage: Passage
    position: bool
    exact: Float32Array
    inner: Float32Array
    alike: Float32Array
    log_p: Float32Array
    said: Float32Array
    studied: bool = False
    headline: Headline | None = None


@dataclass(frozen=True, slots=True)
class Projections:
    """Linear maps from a passage's vector to occupations: (n_dims, n_codes) and (n_codes,)."""

    header_weights: Float32Array
    header_bias: Float32Array
    body_weights: Float32Array
    body_bias: Float32Array


KnownSignals = dict[Hashable, PassageSignals]
"""What was read already, by passage and whether it stands among the studies."""


class SignalReader:
    """Holds the indexes that the titles of a passage are looked up in."""

    def __init__(self, catalogue: Catalogue, projections: Projections, words: TitleWords) -> None:
        self._titles = catalogue.title_codes
        self._openings = title_openings(catalogue.title_codes)
        self._column = {code: at for at, code in enumerate(catalogue.codes)}
        self._index = catalogue.title_index
        self._projections = projections
        self._words = words

    def without(self, titles: Collection[str], projections: Projections) -> SignalReader:
        """A reader of a catalogue that lacks the normalised ``titles``."""
        other = copy(self)
        other._titles = {key: codes for key, codes in self._titles.items() if key not in titles}
        other._index = self._index.without(titles)
        other._projections = projections
        return other

    def read(
        self, evidence: ResumeEvidence, *, known: KnownSignals | None = None
    ) -> tuple[PassageSignals, ...]:
        """One entry a passage, in reading order. What is not ``known`` yet is read and added."""
        known = {} if known is None else known
        keys = list(zip(evidence.passages, in_education(evidence.passages), strict=True))
        unread = [at for at, key in enumerate(keys) if key not in known]
        for at, log_p in zip(unread, self._log_probabilities(evidence, unread), strict=True):
            passage, studied = keys[at]
            known[keys[at]] = self._of_passage(passage, log_p, studied=studied)
        signals = [known[key] for key in keys]
        for at in range(1, len(signals)):
            signals[at] = self._with_position_above(signals[at - 1], signals[at])
        if signals:
            signals[0] = self._with_headline(signals[0])
        return tuple(signals)

    def _with_headline(self, first: PassageSignals) -> PassageSignals:
        """A resume that begins with a job title says what its owner does now."""
        key = normalise(first.passage.text.split("\n")[0])
        if first.passage.header or not may_be_title(key):
            return first
        exact = self._votes(exact_mentions([key], self._titles))
        return replace(first, headline=Headline(exact, self._most_alike([key]), self._said([key])))

    def _with_position_above(self, above: PassageSignals, entry: PassageSignals) -> PassageSignals:
        """Below a header of dates alone, the text may begin with the position."""
        bare = above.passage.header and not above.position
        if not bare or entry.passage.header or above.studied or entry.studied:
            return entry
        for line in entry.passage.text.split("\n")[:_OPENING_LINES]:
            keys = position_texts(line)
            votes = self._votes(exact_mentions(keys, self._titles))
            if votes.any():
                alike, said = self._most_alike(keys), self._said(keys)
                return replace(entry, position=True, exact=votes, alike=alike, said=said)
        return entry

    def _of_passage(
        self, passage: Passage, log_p: Float32Array, *, studied: bool
    ) -> PassageSignals:
        zeros = np.zeros(len(self._column), dtype=np.float32)
        blank = PassageSignals(
            passage, False, zeros, zeros, zeros, log_p, flat(len(zeros)), studied
        )
        if studied:
            return blank
        lines = passage.text.split("\n")
        return self._of_header(blank, lines) if passage.header else self._of_text(blank, lines)

    def _of_header(self, blank: PassageSignals, lines: Sequence[str]) -> PassageSignals:
        pieces = [position_texts(line) for line in lines]
        keys = list(dict.fromkeys(key for line in pieces for key in line))
        exact = [hit for line in pieces for hit in exact_mentions(line, self._titles)]
        inner = [hit for key in keys for hit in inner_mentions(key, self._titles, self._openings)]
        return replace(
            blank,
            position=bool(keys),
            exact=self._votes(exact),
            inner=self._votes(inner),
            alike=self._most_alike(keys),
            said=self._said(keys),
        )

    def _of_text(self, blank: PassageSignals, lines: Sequence[str]) -> PassageSignals:
        keys = [normalise(line) for line in lines]
        short = [key for key in keys if 2 <= len(key.split()) <= _SHORT_LINE_WORDS]
        exact = [hit for key in short for hit in exact_mentions([key], self._titles)]
        inner = [hit for key in keys for hit in inner_mentions(key, self._titles, self._openings)]
        return replace(blank, exact=self._votes(exact), inner=self._votes(inner))

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

    def _said(self, keys: Sequence[str]) -> Float32Array:
        vectors, maps = self._words.embed(keys), self._projections
        if not len(vectors):
            return flat(len(self._column))
        told = log_softmax(vectors @ maps.header_weights + maps.header_bias)
        best: Float32Array = np.maximum(told.max(axis=0), _FLOOR)
        return best

    def _log_probabilities(self, evidence: ResumeEvidence, rows: Sequence[int]) -> Float32Array:
        if not rows:  # nothing is left of a resume that is all contact data
            return np.zeros((0, len(self._column)), dtype=np.float32)
        vectors, maps = evidence.vectors.vectors[list(rows)], self._projections
        is_header = np.array([evidence.passages[at].header for at in rows], dtype=bool)
        scores = np.empty((len(rows), len(self._column)), dtype=np.float32)
        scores[is_header] = vectors[is_header] @ maps.header_weights + maps.header_bias
        scores[~is_header] = vectors[~is_header] @ maps.body_weights + maps.body_bias
        floored: Float32Array = np.maximum(log_softmax(scores), _FLOOR)
        return floored


def flat(n_codes: int) -> Float32Array:
    """The log probabilities of something that tells nothing."""
    return np.full(n_codes, -np.log(np.float32(n_codes)), dtype=np.float32)


def in_education(passages: Sequence[Passage]) -> list[bool]:
    """Whether each passage begins in the part of the resume that lists studies."""
    inside, flags = False, []
    for passage in passages:
        before = inside
        for line in passage.text.split("\n"):
            if len(line.split(maxsplit=_HEADING_WORDS)) > _HEADING_WORDS:
                continue
            if _EDUCATION.match(line):
                inside = True
            elif _WORK.search(line):
                inside = False
        flags.append(before and inside)
    return flags

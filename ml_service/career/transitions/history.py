"""The jobs of a resume as occupations, latest first, and what is written under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ml_service.career.catalogue.occupations import MOST_CODES_OF_A_TITLE, Catalogue
from ml_service.career.catalogue.titles import normalise
from ml_service.career.evidence import ResumeEvidence
from ml_service.domain.ports import Float32Array
from ml_service.domain.resume import ResumeProfile, Work

Columns = tuple[int, ...]
"""Positions of codes in ``Catalogue.codes``, ascending."""

NAMES_NO_OCCUPATION = frozenset(
    {"owner", "co owner", "founder", "intern", "internship", "trainee", "apprentice", "volunteer"}
    | {"assistant", "associate", "coordinator", "consultant", "specialist", "administrator"}
    | {"supervisor", "manager", "director", "lead", "team lead", "team leader", "team member"}
    | {"employee", "member", "contractor", "freelancer", "self employed", "partner", "president"}
)
"""Keys that say a rank or a form of employment. O*NET lists some of them under one occupation each
("Owner" under one kind of physician), which would make every owner one."""

_DECAY = 0.6
_MIN_LIKENESS = 0.5
_LIKE_TITLES = 5
_SHARPNESS = 10.0
_TRUST_IN_LIKENESS = 0.8


@dataclass(frozen=True, slots=True)
class PastJob:
    """``title`` is normalised; ``belief`` (n_codes,) is at least 0 and sums to at most 1.

    ``known``: the occupations that carry exactly this title, at most eight; empty for a title that
    the catalogue does not know or that names no occupation, whose belief rests on its words.
    """

    title: str
    belief: Float32Array
    known: Columns
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class History:
    """All that a next occupation is told by; arrays of shape (n_codes,), ``text`` of (n_dims,).

    ``present`` sums to 1. ``held`` is the mean of the jobs' beliefs, each job back in time 0.6 of
    the one after it, ``ever`` their maximum, ``newest`` the latest job's. ``text`` is the unit mean
    vector of what is written under the jobs, with the same weights.
    """

    present: Float32Array
    held: Float32Array
    ever: Float32Array
    newest: Float32Array
    text: Float32Array


class HistoryReader:
    """Holds the indexes that positions are looked up in."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._column = {code: at for at, code in enumerate(catalogue.codes)}
        self._index = catalogue.title_index

    def jobs(self, profile: ResumeProfile) -> tuple[PastJob, ...]:
        """The job begun last first; in reading order where a job has no date of its beginning."""
        return tuple(self._job(work) for work in latest_first(profile.work))

    def _job(self, work: Work) -> PastJob:
        key = normalise(work.position or "")
        codes = self._codes(key, work.position or "")
        belief = self._shared(codes) if codes else self._by_words(key)
        known = codes if len(codes) <= MOST_CODES_OF_A_TITLE else ()
        return PastJob(key, belief, known, work.start_line, work.end_line)

    def _codes(self, key: str, position: str) -> Columns:
        if key in NAMES_NO_OCCUPATION:
            return ()
        return tuple(
            sorted(self._column[code] for code in self._catalogue.codes_of_title(position))
        )

    def _shared(self, codes: Columns) -> Float32Array:
        return belief_in(codes, n_codes=len(self._column))

    def _by_words(self, key: str) -> Float32Array:
        """Little belief in the occupations with the most similar titles; none without a title."""
        belief = np.zeros(len(self._column), dtype=np.float32)
        if not key or key in NAMES_NO_OCCUPATION:
            return belief
        likeness = self._index.similarities(key)
        best = np.argsort(-likeness, kind="stable")[:_LIKE_TITLES]
        best = best[likeness[best] > _MIN_LIKENESS]
        if len(best):
            shares = np.exp(_SHARPNESS * (likeness[best] - 1))
            belief[best] = _TRUST_IN_LIKENESS * likeness[best[0]] * shares / shares.sum()
        return belief


def latest_first(work: Sequence[Work]) -> list[Work]:
    """By the beginning of each job; resumes do list them in other orders."""
    if all(job.start_date is not None for job in work):
        return sorted(work, key=lambda job: job.start_date or "", reverse=True)
    return list(work)


def belief_in(codes: Columns, *, n_codes: int) -> Float32Array:
    """Equal shares of 1."""
    belief = np.zeros(n_codes, dtype=np.float32)
    belief[list(codes)] = 1 / len(codes)
    return belief


def history_of(
    jobs: Sequence[PastJob], evidence: ResumeEvidence, *, present: Float32Array
) -> History | None:
    """None where no text stands under the jobs: then only the present occupation can be asked."""
    text = _text_of(jobs, evidence)
    if text is None:
        return None
    weights = _DECAY ** np.arange(len(jobs), dtype=np.float32)
    beliefs = np.stack([job.belief for job in jobs])
    held = weights @ beliefs
    return History(
        present=present,
        held=(held / max(float(held.sum()), 1e-6)).astype(np.float32),
        ever=beliefs.max(axis=0),
        newest=beliefs[0],
        text=text,
    )


def with_present(jobs: Sequence[PastJob], column: int) -> tuple[PastJob, ...]:
    """The latest job made sure of ``column`` where its title allows that among others."""
    if not jobs or column not in jobs[0].known:
        return tuple(jobs)
    sure = belief_in((column,), n_codes=len(jobs[0].belief))
    return (replace(jobs[0], belief=sure, known=(column,)), *jobs[1:])


def passages_under(jobs: Sequence[PastJob], evidence: ResumeEvidence) -> list[list[int]]:
    """For each job the passages that lie within its lines as a whole."""
    return [
        [
            at
            for at, passage in enumerate(evidence.passages)
            if passage.lines[0] >= job.first_line and passage.lines[-1] <= job.last_line
        ]
        for job in jobs
    ]


def _text_of(jobs: Sequence[PastJob], evidence: ResumeEvidence) -> Float32Array | None:
    weights = np.zeros(len(evidence.passages), dtype=np.float32)
    for age, rows in enumerate(passages_under(jobs, evidence)):
        weights[rows] = _DECAY**age
    if not weights.any():
        return None
    return unit(weights @ evidence.vectors.vectors)


def unit(vector: npt.NDArray[np.floating]) -> Float32Array:
    return (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)

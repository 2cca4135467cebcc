"""Parts of a collection that do not know each other: near-duplicates stand in one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import combinations, pairwise

N_FOLDS = 5
RUN_LENGTH = 6
SAME_SHARE = 0.3
_COMMON = 50
"""Of a run that stands in more resumes, only neighbours are compared: all pairs would be millions.
Copies of one text have all their runs in common, so that each finds the next."""


def assign_folds(
    texts: Sequence[Sequence[str]], labels: Sequence[int], *, n_folds: int = N_FOLDS
) -> list[int]:
    """A fold for each text, the labels spread evenly, the same for the same texts in any order.

    ``texts`` are words. There are as many folds as groups of near-duplicates if these are fewer.
    """
    groups: dict[int, list[int]] = defaultdict(list)
    for row, group in enumerate(near_duplicates(texts)):
        groups[group].append(row)
    sizes: dict[int, Counter[int]] = defaultdict(Counter)
    folds = [0] * len(texts)
    n_folds = min(n_folds, len(groups))
    digests = {group: min(_digest(texts[row]) for row in rows) for group, rows in groups.items()}
    for group in sorted(groups, key=lambda group: (-len(groups[group]), digests[group])):
        wanted = _most_common(labels[row] for row in groups[group])
        fold = min(range(n_folds), key=lambda at: (sizes[wanted][at], _total(sizes, at), at))
        for row in groups[group]:
            folds[row] = fold
            sizes[labels[row]][fold] += 1
    return folds


def near_duplicates(texts: Sequence[Sequence[str]]) -> list[int]:
    """A group for each text: those that share three in ten of the shorter one's six-word runs."""
    runs = [_runs(text) for text in texts]
    holders: dict[bytes, list[int]] = defaultdict(list)
    for row in sorted(range(len(texts)), key=lambda row: _digest(texts[row])):
        for run in runs[row]:
            holders[run].append(row)
    shared: Counter[tuple[int, int]] = Counter()
    for rows in holders.values():
        shared.update(combinations(rows, 2) if len(rows) <= _COMMON else pairwise(rows))
    group = list(range(len(texts)))
    for (one, other), count in shared.items():
        if count >= SAME_SHARE * min(len(runs[one]), len(runs[other])):
            _join(group, one, other)
    return [_root(group, row) for row in range(len(texts))]


def _runs(words: Sequence[str]) -> set[bytes]:
    """All of a text that is shorter than a run is its one run."""
    last = max(1, len(words) - RUN_LENGTH + 1)
    return {_digest(words[at : at + RUN_LENGTH]) for at in range(last)}


def _digest(words: Sequence[str]) -> bytes:
    return blake2b(" ".join(words).encode(), digest_size=8).digest()


def _most_common(labels: Iterable[int]) -> int:
    """Of equally common ones the first."""
    return min(Counter(labels).items(), key=lambda entry: (-entry[1], entry[0]))[0]


def _total(sizes: dict[int, Counter[int]], fold: int) -> int:
    return sum(counts[fold] for counts in sizes.values())


def _join(group: list[int], one: int, other: int) -> None:
    group[_root(group, other)] = _root(group, one)


def _root(group: list[int], row: int) -> int:
    while group[row] != row:
        group[row] = group[group[row]]
        row = group[row]
    return row

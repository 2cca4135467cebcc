"""The occupation catalogue: O*NET-SOC 2019 as facts, loaded once and kept in memory."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import NotRequired, TypedDict

from rapidfuzz import fuzz, process

from ml_service.career.catalogue.title_index import TitleIndex
from ml_service.career.catalogue.titles import normalise, normalise_each, without_rank
from ml_service.domain.errors import OccupationNotFound
from ml_service.domain.occupation import Occupation, Wage

CATALOGUE_FILE = "catalogue.json.gz"
MOST_CODES_OF_A_TITLE = 8
"""A title that more occupations carry ("Manager") teaches nothing."""

_CONTAINS_ALL_WORDS = 0.8
_TITLE_BONUS = 0.01
_MIN_FUZZY = 75.0
_FUZZY_CANDIDATES = 200


class OccupationRow(TypedDict):
    """``technologies`` and ``skills`` are indexes into the lists of the file."""

    soc_code: str
    title: str
    alternate_titles: list[str]
    job_zone: int | None
    related: list[str]
    technologies: list[int]
    skills: list[int]
    wage: NotRequired[WageRow]


class WageRow(TypedDict):
    median: int
    year: int
    at_least: bool


class CatalogueRows(TypedDict):
    """What ``catalogue.json.gz`` holds; ``major_groups`` by the first two digits of a code."""

    release: str
    attribution: str
    major_groups: dict[str, str]
    technologies: list[str]
    skills: list[str]
    occupations: list[OccupationRow]


@dataclass(frozen=True, slots=True)
class OccupationHit:
    """``matched_title`` is the title or alternate title that was found; relevance is in (0, 1]."""

    occupation: Occupation
    matched_title: str
    relevance: float


class Catalogue:
    """Iterates over its occupations in the order of their codes."""

    def __init__(
        self,
        occupations: tuple[Occupation, ...],
        *,
        major_groups: Mapping[str, str],
        attribution: str,
    ) -> None:
        self.attribution = attribution
        self._by_code = {entry.soc_code: entry for entry in occupations}
        self._major_groups = dict(major_groups)

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """Raises OSError when ``catalogue.json.gz`` is not in ``folder``."""
        rows: CatalogueRows = json.loads(gzip.decompress((folder / CATALOGUE_FILE).read_bytes()))
        occupations = tuple(_occupation(row, rows) for row in rows["occupations"])
        return cls(occupations, major_groups=rows["major_groups"], attribution=rows["attribution"])

    def __iter__(self) -> Iterator[Occupation]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, soc_code: object) -> bool:
        return soc_code in self._by_code

    def get(self, soc_code: str) -> Occupation:
        """Raises OccupationNotFound."""
        try:
            return self._by_code[soc_code]
        except KeyError:
            raise OccupationNotFound from None

    def major_group(self, soc_code: str) -> str:
        """The title of the SOC major group. Raises OccupationNotFound."""
        return self._major_groups[self.get(soc_code).soc_code[:2]]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(self._by_code)

    @cached_property
    def title_codes(self) -> Mapping[str, frozenset[str]]:
        """Normalised titles and alternate titles with every code that carries them."""
        titles = [(entry.title, *entry.alternate_titles) for entry in self]
        keys = iter(normalise_each(list(chain(*titles))))
        found: dict[str, frozenset[str]] = {}
        for code, names in zip(self.codes, titles, strict=True):
            alone = frozenset((code,))
            for key in islice(keys, len(names)):
                known = found.get(key)
                found[key] = alone if known is None else known | alone
        found.pop("", None)
        return found

    @cached_property
    def title_index(self) -> TitleIndex:
        """Made once for all models that look titles up in it."""
        return TitleIndex(self)

    def codes_of_title(self, title: str) -> frozenset[str]:
        """Codes whose titles equal ``title``, if need be without words of rank; may be empty."""
        key = normalise(title)
        exact = self.title_codes.get(key)
        return exact or self.title_codes.get(without_rank(key), frozenset())

    def technologies(self) -> tuple[str, ...]:
        """Every technology once, alphabetically: the vocabulary that skills are found with."""
        return tuple(sorted({name for entry in self for name in entry.technologies}))

    def search(self, text: str, *, limit: int, offset: int = 0) -> tuple[OccupationHit, ...]:
        """Occupations whose titles meet ``text``, best first, each once; ties by code.

        Equal titles come first, then those that hold every word, then similar spellings.
        """
        key = normalise(text)
        if not key:
            return ()
        best: dict[str, OccupationHit] = {}
        for hit in self._hits(key):
            known = best.get(hit.occupation.soc_code)
            if known is None or hit.relevance > known.relevance:
                best[hit.occupation.soc_code] = hit
        ranked = sorted(best.values(), key=lambda hit: (-hit.relevance, hit.occupation.soc_code))
        return tuple(ranked[offset : offset + limit])

    def _hits(self, key: str) -> Iterator[OccupationHit]:
        words = key.split()
        whole = [(at, entry) for at, entry in enumerate(self._titles) if _holds(entry.key, words)]
        for _, entry in whole:
            share = len(key) / max(len(entry.key), 1)
            relevance = 1.0 if entry.key == key else _CONTAINS_ALL_WORDS * (0.5 + 0.5 * share)
            yield self._hit(entry, relevance)
        for _, similarity, at in process.extract(
            key,
            self._keys,
            scorer=fuzz.ratio,
            limit=_FUZZY_CANDIDATES,
            score_cutoff=_MIN_FUZZY,
        ):
            yield self._hit(self._titles[at], similarity / 100 * _CONTAINS_ALL_WORDS)

    def _hit(self, entry: _TitleEntry, relevance: float) -> OccupationHit:
        bonus = _TITLE_BONUS if entry.is_title else 0.0
        return OccupationHit(
            occupation=self._by_code[entry.soc_code],
            matched_title=entry.title,
            relevance=min(1.0, relevance - _TITLE_BONUS + bonus),
        )

    @cached_property
    def _titles(self) -> tuple[_TitleEntry, ...]:
        return tuple(
            _TitleEntry(normalise(title), title, entry.soc_code, title == entry.title)
            for entry in self
            for title in (entry.title, *entry.alternate_titles)
        )

    @cached_property
    def _keys(self) -> tuple[str, ...]:
        return tuple(entry.key for entry in self._titles)


@dataclass(frozen=True, slots=True)
class _TitleEntry:
    key: str
    title: str
    soc_code: str
    is_title: bool


def _holds(key: str, words: list[str]) -> bool:
    return all(f" {word}" in f" {key}" for word in words)


def _occupation(row: OccupationRow, rows: CatalogueRows) -> Occupation:
    wage = row.get("wage")
    return Occupation(
        soc_code=row["soc_code"],
        title=row["title"],
        alternate_titles=tuple(row["alternate_titles"]),
        job_zone=row["job_zone"],
        related=tuple(row["related"]),
        technologies=tuple(rows["technologies"][at] for at in row["technologies"]),
        skills=tuple(rows["skills"][at] for at in row["skills"]),
        wage=Wage(**wage) if wage is not None else None,
    )

"""The figures of the occupations model: by the contract's rules, and by kind of reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.evaluation_tables import class_table, figure_table
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.occupation_model.head import Metrics
from ml_service.career.occupation_model.model import OccupationModel
from ml_service.career.occupation_training.examples import KINDS
from ml_service.career.occupation_training.training import HeldOutRow

N_RANKED = 5
LEAST_OF_OCCUPATION = 5
"""Resumes of an occupation from which on its figures are listed."""


def figures_of_model(
    model: OccupationModel, resumes: Iterable[tuple[ResumeEvidence, frozenset[str]]]
) -> Metrics:
    """Of ``career_paths``, as callers get them, for resumes whose right codes are known."""
    rows = [(model.predict(evidence), codes) for evidence, codes in resumes]
    paths = [career.career_paths for career, _ in rows]
    ranked = [[path.soc_code or "" for path in found] for found in paths]
    right = [codes for _, codes in rows]
    listed = np.array([[path.confidence for path in found] for found in paths])
    abstained = float(np.mean([career.abstained for career, _ in rows]))
    return {
        **_table(ranked, right, listed[:, 0]),
        **{f"confidence_top_{k}": round(float(listed[:, :k].sum(1).mean()), 4) for k in (1, 3, 5)},
        "abstained": round(abstained, 4),
    }


def figures_of_kinds(
    rows: Sequence[HeldOutRow], confidences: Sequence[float], catalogue: Catalogue
) -> Metrics:
    """Of bare rankings: the four behind the first are in the order of their probabilities."""
    found: Metrics = {}
    for kind in KINDS:
        own = [at for at, row in enumerate(rows) if row.kind == kind]
        ranked = [_ranked(rows[at], catalogue) for at in own]
        right = [_codes(rows[at], catalogue) for at in own]
        found[kind] = _table(ranked, right, np.array([confidences[at] for at in own]))
    return found


def figures_of_classes(rows: Sequence[HeldOutRow], catalogue: Catalogue) -> Metrics:
    """Of titles as they are stated: by major group, and by occupation where that says something."""
    stated = [row for row in rows if row.kind == "stated"]
    answered = [_ranked(row, catalogue)[0] for row in stated]
    right = [_codes(row, catalogue) for row in stated]
    groups = [catalogue.major_group(code) for code in answered]
    group_sets = [{catalogue.major_group(code) for code in codes} for codes in right]
    titles = [catalogue.get(code).title for code in answered]
    title_sets = [{catalogue.get(code).title for code in codes} for codes in right]
    return {
        "by_major_group": {"n": len(stated), "classes": class_table(groups, group_sets)},
        "by_occupation": {
            "n": len(stated),
            "classes": class_table(titles, title_sets, at_least=LEAST_OF_OCCUPATION),
        },
    }


def _ranked(row: HeldOutRow, catalogue: Catalogue) -> list[str]:
    best = np.argsort(-row.probabilities, kind="stable")[:N_RANKED]
    return [catalogue.codes[at] for at in best]


def _codes(row: HeldOutRow, catalogue: Catalogue) -> frozenset[str]:
    return frozenset(catalogue.codes[at] for at in np.flatnonzero(row.right).tolist())


def _table(
    ranked: Sequence[Sequence[str]],
    right: Sequence[frozenset[str]],
    confidences: npt.NDArray[np.float64],
) -> Metrics:
    groups = [
        row[0][:2] in {code[:2] for code in codes} for row, codes in zip(ranked, right, strict=True)
    ]
    table = figure_table(ranked, right, confidences) | {"major_group": float(np.mean(groups))}
    return {"n": len(right), **{name: round(value, 4) for name, value in table.items()}}

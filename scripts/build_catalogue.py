"""Build ``data/occupations`` from an O*NET release and a table of national wages: facts only.

    python scripts/build_catalogue.py --onet DIR --wages FILE --out data/occupations

Codes, titles, names, numbers and relations are taken; no description and no task statement is.
The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.career.catalogue.occupations import (
    CATALOGUE_FILE,
    CatalogueRows,
    OccupationRow,
    WageRow,
)

RELEASE = "O*NET 29.3 (May 2025); OEWS May 2023"
ATTRIBUTION = (
    "This catalogue includes information from the O*NET 29.3 Database by the U.S. Department of "
    "Labor, Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. "
    "O*NET is a trademark of USDOL/ETA. The information has been modified: a selection of facts, "
    "merged and normalised; USDOL/ETA has not approved, endorsed or tested these modifications. "
    "Wages: U.S. Bureau of Labor Statistics, Occupational Employment and Wage Statistics, May 2023."
)
WAGE_YEAR = 2023
WAGE_CAP = 239_200
MIN_IMPORTANCE = 3.5

MAJOR_GROUPS = {
    "11": "Management Occupations",
    "13": "Business and Financial Operations Occupations",
    "15": "Computer and Mathematical Occupations",
    "17": "Architecture and Engineering Occupations",
    "19": "Life, Physical, and Social Science Occupations",
    "21": "Community and Social Service Occupations",
    "23": "Legal Occupations",
    "25": "Educational Instruction and Library Occupations",
    "27": "Arts, Design, Entertainment, Sports, and Media Occupations",
    "29": "Healthcare Practitioners and Technical Occupations",
    "31": "Healthcare Support Occupations",
    "33": "Protective Service Occupations",
    "35": "Food Preparation and Serving Related Occupations",
    "37": "Building and Grounds Cleaning and Maintenance Occupations",
    "39": "Personal Care and Service Occupations",
    "41": "Sales and Related Occupations",
    "43": "Office and Administrative Support Occupations",
    "45": "Farming, Fishing, and Forestry Occupations",
    "47": "Construction and Extraction Occupations",
    "49": "Installation, Maintenance, and Repair Occupations",
    "51": "Production Occupations",
    "53": "Transportation and Material Moving Occupations",
    "55": "Military Specific Occupations",
}

Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--onet", type=Path, required=True, help="folder of the O*NET tables (CSV)")
    parser.add_argument("--wages", type=Path, required=True, help="OEWS national table (CSV)")
    parser.add_argument("--out", type=Path, required=True, help="folder of the catalogue")
    given = parser.parse_args()
    rows = build(given.onet, given.wages)
    given.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    packed = gzip.compress(text.encode(), compresslevel=9, mtime=0)
    (given.out / CATALOGUE_FILE).write_bytes(packed)
    print(f"{len(rows['occupations'])} occupations, {len(packed) / 1e6:.2f} MB")


def build(onet: Path, wages: Path) -> CatalogueRows:
    technologies = _technologies(onet)
    skills = _important_skills(onet)
    technology_names = sorted({name for names in technologies.values() for name in names})
    skill_names = sorted({name for names in skills.values() for name in names})
    technology_at = {name: at for at, name in enumerate(technology_names)}
    skill_at = {name: at for at, name in enumerate(skill_names)}
    alternates, zones, related, median = (
        _alternate_titles(onet),
        {row["O*NET-SOC Code"]: int(row["Job Zone"]) for row in _read(onet / "Job Zones.csv")},
        _related(onet),
        dict(_wages(wages)),
    )

    def occupation(row: Row) -> OccupationRow:
        code = row["O*NET-SOC Code"]
        entry = OccupationRow(
            soc_code=code,
            title=row["Title"],
            alternate_titles=[title for title in alternates[code] if title != row["Title"]],
            job_zone=zones.get(code),
            related=related[code],
            technologies=[technology_at[name] for name in technologies[code]],
            skills=[skill_at[name] for name in skills[code]],
        )
        if code[:7] in median:
            entry["wage"] = median[code[:7]]
        return entry

    return CatalogueRows(
        release=RELEASE,
        attribution=ATTRIBUTION,
        major_groups=MAJOR_GROUPS,
        technologies=technology_names,
        skills=skill_names,
        occupations=[
            occupation(row)
            for row in sorted(
                _read(onet / "Occupation Data.csv"), key=lambda row: row["O*NET-SOC Code"]
            )
        ],
    )


def _read(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _alternate_titles(onet: Path) -> dict[str, list[str]]:
    """Reported titles first, because people said them; each spelling once."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in _read(onet / "Sample of Reported Titles.csv"):
        found[row["O*NET-SOC Code"]][row["Reported Job Title"].strip()] = None
    for row in _read(onet / "Alternate Titles.csv"):
        found[row["O*NET-SOC Code"]][row["Alternate Title"].strip()] = None
    return defaultdict(list, {code: list(titles) for code, titles in found.items()})


def _technologies(onet: Path) -> dict[str, list[str]]:
    """Those in demand first, then the hot ones, then by name."""
    found: dict[str, dict[str, tuple[bool, bool]]] = defaultdict(dict)
    for row in _read(onet / "Technology Skills.csv"):
        mark = (row["In Demand"] != "Y", row["Hot Technology"] != "Y")
        found[row["O*NET-SOC Code"]][row["Example"].strip()] = mark
    ordered = {
        code: [name for _, name in sorted((mark, name) for name, mark in marks.items())]
        for code, marks in found.items()
    }
    return defaultdict(list, ordered)


def _important_skills(onet: Path) -> dict[str, list[str]]:
    """Names of skills and knowledge, the most important first."""
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for table in ("Skills (importance).csv", "Knowledge (importance).csv"):
        for row in _read(onet / table):
            if float(row["Importance"]) >= MIN_IMPORTANCE:
                found[row["O*NET-SOC Code"]].append(
                    (-float(row["Importance"]), row["Element Name"])
                )
    return defaultdict(
        list, {code: [name for _, name in sorted(pairs)] for code, pairs in found.items()}
    )


def _related(onet: Path) -> dict[str, list[str]]:
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in _read(onet / "Related Occupations.csv"):
        found[row["O*NET-SOC Code"]].append((int(row["Index"]), row["Related O*NET-SOC Code"]))
    return defaultdict(
        list, {code: [other for _, other in sorted(pairs)] for code, pairs in found.items()}
    )


def _wages(path: Path) -> Iterator[tuple[str, WageRow]]:
    """Keyed by the six digits of the SOC; ``#`` is the cap, ``*`` is not published."""
    for row in _read(path):
        median = row["A_MEDIAN"].replace(",", "").strip()
        if median == "#":
            yield row["OCC_CODE"], WageRow(median=WAGE_CAP, year=WAGE_YEAR, at_least=True)
        elif median.isdigit():
            yield row["OCC_CODE"], WageRow(median=int(median), year=WAGE_YEAR, at_least=False)


if __name__ == "__main__":
    main()

"""How many fields of invented resumes come back exactly, by producer, columns and format.

python scripts/measure_round_trip.py [--producers reportlab chromium] [--n 40] [-v]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.analysis.profile import analyse_profile
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import ServiceError
from ml_service.extraction.docx.document import read_docx
from ml_service.extraction.pdf.document import read_pdf
from tests.resume_factory.designs import DESIGNS, Design
from tests.resume_factory.invention import invent_resumes
from tests.resume_factory.resumes import InventedResume
from tests.resume_factory.truth import (
    Field,
    Miss,
    differences,
    expected_fields,
    found_fields,
    misses,
)

CATALOGUE = Path(__file__).resolve().parents[1] / "data/occupations"
BAR = 0.98
MAX_PAGES, SECOND_READING_S = 30, 5.0
DOCUMENT_DATE = date(2025, 5, 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """One resume in one design; ``found`` is None where the document was refused."""

    resume: InventedResume
    design: Design
    misses: tuple[Miss, ...]
    found: Mapping[str, Field] | None

    @property
    def n_fields(self) -> int:
        return len(expected_fields(self.resume))


def main() -> None:
    given = _arguments()
    resumes = invent_resumes(given.n, seed=given.seed)
    designs = [
        design
        for design in DESIGNS
        if design.producer in given.producers and given.design in design.name
    ]
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = given.keep or Path(made)
        readings: list[Reading] = []
        for reading in _read_all(resumes, designs, folder=folder, write=given.keep is not None):
            readings.append(reading)
            if given.failures and reading.resume is resumes[-1]:
                failures = "\n".join(_failure_lines(readings))
                given.failures.write_text(f"{failures}\n", encoding="utf-8")
    if given.verbose:
        print("\n".join(_failure_lines(readings)))
    _print_shares(readings)
    _print_fields(readings)
    _print_agreement(readings)


def _read_all(
    resumes: Sequence[InventedResume], designs: Sequence[Design], *, folder: Path, write: bool
) -> Iterator[Reading]:
    vocabulary = SkillVocabulary(Catalogue.load(CATALOGUE).technologies())
    for design in designs:
        print(f"{design.name} ...", file=sys.stderr, flush=True)
        for resume, content in zip(resumes, design.render(resumes, folder), strict=True):
            if write:
                _write(resume, design, content, folder=folder)
            yield _read(resume, design, content, vocabulary=vocabulary)


def _write(resume: InventedResume, design: Design, content: bytes, *, folder: Path) -> None:
    stem = folder / f"{resume.number:02d}"
    Path(f"{stem}.{design.name}.{design.kind}").write_bytes(content)
    truth = json.dumps(asdict(resume), ensure_ascii=False, indent=1)
    Path(f"{stem}.truth.json").write_text(truth, encoding="utf-8")


def _read(
    resume: InventedResume, design: Design, content: bytes, *, vocabulary: SkillVocabulary
) -> Reading:
    try:
        extracted = _extracted(content, design)
    except ServiceError as refused:
        lost = (Miss("document", "readable", refused.code),) * len(expected_fields(resume))
        return Reading(resume, design, lost, None)
    profile = analyse_profile(extracted, document_date=DOCUMENT_DATE, vocabulary=vocabulary)
    return Reading(resume, design, tuple(misses(resume, profile)), found_fields(profile))


def _extracted(content: bytes, design: Design) -> ExtractedText:
    if design.kind == "docx":
        return read_docx(content, max_pages=MAX_PAGES)
    return read_pdf(content, max_pages=MAX_PAGES, second_reading_s=SECOND_READING_S)


def _failure_lines(readings: Sequence[Reading]) -> Iterator[str]:
    """What was missed, each once with the designs in which it was, the most frequent first."""
    designs: dict[tuple[int, Miss], list[str]] = defaultdict(list)
    for reading in readings:
        for miss in reading.misses:
            designs[reading.resume.number, miss].append(reading.design.name)
    for (number, miss), names in sorted(designs.items(), key=lambda item: -len(item[1])):
        yield (
            f"{number:02d} {miss.field}: {len(names)} designs: {' '.join(names)}\n"
            f"    expected {miss.expected!r}\n    got      {miss.found!r}"
        )


def _print_shares(readings: Sequence[Reading]) -> None:
    groups: dict[tuple[str, int, str], list[Reading]] = defaultdict(list)
    by_design: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        design = reading.design
        groups[design.producer, design.columns, design.kind].append(reading)
        by_design[design.name].append(reading)
    print("| producer | columns | format | documents | fields | exact | share | bar |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for (producer, columns, kind), members in sorted(groups.items()):
        print(f"| {producer} | {columns} | {kind} | {_figures(members)} |")
    print(f"| all | | | {_figures(readings)} |\n")
    print("| design | documents | fields | exact | share | bar |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, members in by_design.items():
        print(f"| {name} | {_figures(members)} |")


def _figures(readings: Sequence[Reading]) -> str:
    total = sum(reading.n_fields for reading in readings)
    exact = total - sum(len(reading.misses) for reading in readings)
    return f"{len(readings)} | {total} | {exact} | {exact / max(total, 1):.2%} | {BAR:.0%}"


def _print_fields(readings: Sequence[Reading]) -> None:
    total, missed = Counter[str](), Counter[str]()
    for reading in readings:
        total.update(_kind_of(name) for name in expected_fields(reading.resume))
        missed.update(_kind_of(miss.field) for miss in reading.misses)
    print("\n| field | expected | exact | share |")
    print("| --- | ---: | ---: | ---: |")
    for name, count in total.items():
        exact = count - missed[name]
        print(f"| {name} | {count} | {exact} | {exact / count:.2%} |")


def _print_agreement(readings: Sequence[Reading]) -> None:
    """Against the one-column design of the same producer, and PDF against DOCX of one design."""
    by_key = {(r.resume.number, r.design.name): r for r in readings}
    columns, formats = Counter[str](), Counter[str]()
    for (number, name), reading in by_key.items():
        one = next(
            (
                other
                for other in readings
                if other.resume.number == number
                and other.design.producer == reading.design.producer
                and other.design.columns == 1
            ),
            None,
        )
        if one is not None and reading.design.columns > 1:
            columns.update(_verdict(one, reading))
        twin = by_key.get((number, name.replace("libreoffice", "python-docx")))
        if reading.design.producer == "libreoffice" and twin is not None:
            formats.update(_verdict(twin, reading))
    print("\n| the same profile | pairs | same fields | share | wholly the same |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for title, found in (("columns and one column", columns), ("PDF and its DOCX", formats)):
        share = found["same"] / max(found["fields"], 1)
        print(f"| {title} | {found['pairs']} | {found['same']} | {share:.2%} | {found['whole']} |")


def _verdict(one: Reading, other: Reading) -> dict[str, int]:
    fields = {*(one.found or {}), *(other.found or {})}
    differ = differences(one.found or {}, other.found or {})
    return {
        "pairs": 1,
        "fields": len(fields),
        "same": len(fields) - len(differ),
        "whole": int(not differ),
    }


def _kind_of(name: str) -> str:
    return re.sub(r"\[\d+\]", "[]", name)


def _arguments() -> argparse.Namespace:
    producers = sorted({design.producer for design in DESIGNS})
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--producers", nargs="+", choices=producers, default=producers)
    parser.add_argument("--design", default="", help="only designs with this in their name")
    parser.add_argument("--n", type=int, default=40, help="how many resumes are invented")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a folder that keeps documents and truths")
    parser.add_argument("--failures", type=Path, help="a file for every field that was missed")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what was missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()

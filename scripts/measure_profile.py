"""How much of what stands in a resume the profile finds, and how much of what it says stands there.

    python scripts/measure_profile.py --layouts DIR --annotated FILE.jsonl [-v]

``--layouts``: documents with the truth beside them, written by hand (``NAME.truth.json``).
``--annotated``: resumes as text with marked entities; a mark that begins or ends within a word,
runs over a line or is far too long is dropped, and so counted. Half of these resumes, chosen by a
hash of their text, are for tuning. Of the other half only the totals were seen while the rules were
written (and marks from both halves when the format of the file was read): it is less tuned on, not
untouched. The layouts are all tuned on.

A value is right if the truth holds it in the same document, each pair once. Exact: the same words,
without case, accents and punctuation. Partial: all words of one stand in the other, or they share
half of all their words. A skill counts under the name that the catalogue has for it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from profile_baseline import found_by_baseline

from ml_service.analysis.phrases.folding import fold
from ml_service.analysis.profile import analyse_profile
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.document import ExtractedText, Line
from ml_service.domain.resume import ResumeProfile
from ml_service.extraction.docx.document import read_docx
from ml_service.extraction.pdf.document import read_pdf
from ml_service.use_cases.plain_text import read_plain_text

DATA = Path(__file__).resolve().parents[1] / "data" / "occupations"
DOCUMENT_DATE = date(2025, 5, 1)
FIELDS = ("e-mail", "link", "name", "employer", "title", "institution", "degree", "skill")
LABELS = {
    "Name": "name",
    "Email Address": "e-mail",
    "Companies worked at": "employer",
    "Designation": "title",
    "College Name": "institution",
    "Degree": "degree",
    "Skills": "skill",
}
MAX_CHARS = 100
MAX_SKILL_WORDS = 5
BAR = 0.95

Values = Mapping[str, Sequence[str]]
Matches = Callable[[str, str], bool]


@dataclass(slots=True)
class Tally:
    """``found`` values of the truth, ``right`` of those said, over all documents."""

    n_true: int = 0
    n_said: int = 0
    exact: int = 0
    partial: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def figures(self) -> str:
        return f"{self._three(self.exact)} | {self._three(self.partial)}"

    def recall(self) -> float:
        return self.exact / self.n_true if self.n_true else 1.0

    def _three(self, right: int) -> str:
        precision = right / self.n_said if self.n_said else 0.0
        recall = right / self.n_true if self.n_true else 0.0
        both = precision + recall
        return f"{precision:5.2f} {recall:5.2f} {2 * precision * recall / both if both else 0:5.2f}"


def main() -> None:
    given = _arguments()
    vocabulary = SkillVocabulary(Catalogue.load(DATA).technologies())
    if given.layouts:
        measure_layouts(given.layouts, vocabulary, verbose=given.verbose)
    if given.annotated:
        measure_annotated(given.annotated, vocabulary, verbose=given.verbose)


def measure_layouts(folder: Path, vocabulary: SkillVocabulary, *, verbose: bool) -> None:
    tallies: dict[str, Tally] = defaultdict(Tally)
    baseline: dict[str, Tally] = defaultdict(Tally)
    truths = sorted(folder.glob("*.truth.json"))
    for path in truths:
        truth = _truth_of(json.loads(path.read_text(encoding="utf-8")))
        extracted = _read(path)
        said = _said(analyse_profile(extracted, document_date=DOCUMENT_DATE, vocabulary=vocabulary))
        texts = [line.text for line in extracted.lines]
        _add(tallies, truth, said, vocabulary, where=path.stem)
        _add(baseline, truth, found_by_baseline(texts), vocabulary, where=path.stem)
    print(f"\nLayouts with truth: {len(truths)} documents; bar: recall >= {BAR}")
    _print_table(tallies, baseline, verbose=verbose)


def measure_annotated(file: Path, vocabulary: SkillVocabulary, *, verbose: bool) -> None:
    halves: dict[str, dict[str, Tally]] = {name: defaultdict(Tally) for name in ("tuned", "rest")}
    baselines: dict[str, dict[str, Tally]] = {name: defaultdict(Tally) for name in halves}
    dropped, n_marks = Counter[str](), Counter[str]()
    n_resumes = Counter[str]()
    for row in file.read_text(encoding="utf-8").splitlines():
        marked = json.loads(row)
        half = half_of(marked["content"])
        n_resumes[half] += 1
        truth = _marked_values(marked, n_marks=n_marks, dropped=dropped)
        extracted = read_plain_text(marked["content"])
        said = _said(analyse_profile(extracted, document_date=DOCUMENT_DATE, vocabulary=vocabulary))
        texts = [line.text for line in extracted.lines]
        where = str(sum(n_resumes.values()))
        _add(halves[half], truth, said, vocabulary, where=where)
        _add(baselines[half], truth, found_by_baseline(texts), vocabulary, where=where)
    print("\nMarks dropped as implausible: ", end="")
    print(", ".join(f"{label} {dropped[label]} of {n}" for label, n in sorted(n_marks.items())))
    for half, tallies in halves.items():
        print(f"\nAnnotated resumes, {half}: {n_resumes[half]} documents")
        _print_table(tallies, baselines[half], verbose=verbose and half == "tuned")


def half_of(text: str) -> str:
    """ "tuned" or "rest", by the last bit of a hash of the text."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    return "tuned" if digest[-1] % 2 == 0 else "rest"


def normal(text: str) -> str:
    """Words without case, accents and punctuation; ``C++`` and ``C#`` stay what they are."""
    return " ".join(re.findall(r"[^\W_]+[+#]*", fold(text)))


def overlaps(one: str, other: str) -> bool:
    first, second = set(one.split()), set(other.split())
    shared = len(first & second)
    return bool(shared) and (
        shared == min(len(first), len(second)) or 2 * shared >= len(first | second)
    )


def _read(truth: Path) -> ExtractedText:
    document = truth.with_name(truth.name.replace(".truth.json", ".pdf"))
    if document.exists():
        return read_pdf(document.read_bytes(), max_pages=30, second_reading_s=3.0)
    return read_docx(document.with_suffix(".docx").read_bytes(), max_pages=30)


def _truth_of(truth: Mapping[str, Any]) -> Values:
    contact, jobs, schools = truth["contact"], truth["experience"], truth["education"]
    return {
        "e-mail": [contact["email"]] if contact.get("email") else [],
        "name": [contact["full_name"]] if contact.get("full_name") else [],
        "title": [job["title"] for job in jobs if job.get("title")],
        "employer": [job["company"] for job in jobs if job.get("company")],
        "institution": [item["institution"] for item in schools if item.get("institution")],
        "degree": [item["degree"] for item in schools if item.get("degree")],
        "skill": truth.get("skills", []),
    }


def _said(profile: ResumeProfile) -> Values:
    """The skills of a document are said without those that stand only in running text."""
    contact = profile.contact
    return {
        "e-mail": [contact.email] if contact.email else [],
        "link": list(contact.links),
        "name": [contact.name] if contact.name else [],
        "title": [job.position for job in profile.work if job.position],
        "employer": [job.name for job in profile.work if job.name],
        "institution": [item.institution for item in profile.education if item.institution],
        "degree": [
            " in ".join(part for part in (item.study_type, item.area) if part)
            for item in profile.education
            if item.study_type or item.area
        ],
        "skill": [skill.name for skill in profile.skills],
    }


def _marked_values(
    marked: Mapping[str, Any], *, n_marks: Counter[str], dropped: Counter[str]
) -> Values:
    values: dict[str, list[str]] = {name: [] for name in FIELDS}
    text = marked["content"]
    for annotation in marked["annotation"]:
        for label in annotation["label"]:
            name = LABELS.get(label)
            for point in annotation["points"] if name else ():
                n_marks[label] += 1
                whole = _plausible(text, point["start"], point["end"] + 1, label=label)
                if whole is None:
                    dropped[label] += 1
                elif name == "e-mail":
                    address = re.sub(r"\s", "", whole)
                    values["e-mail" if "@" in address else "link"].append(address)
                elif name == "skill":
                    values["skill"].extend(_items(whole))
                elif name is not None:
                    values[name].append(whole)
    return values


def _plausible(text: str, start: int, end: int, *, label: str) -> str | None:
    """The marked text without blanks around it; None if it can hardly be what was meant."""
    whole = text[start:end]
    start += len(whole) - len(whole.lstrip())
    whole = whole.strip()
    end = start + len(whole)
    inside_word = text[max(0, start - 1) : start + 1].isalnum() and start > 0
    inside_word = inside_word or (text[end - 1 : end + 1].isalnum() and end < len(text))
    if not whole or inside_word or not any(map(str.isalpha, whole)):
        return None
    if label == "Skills":
        return whole
    if label == "Email Address":
        return whole if "@" in whole or "indeed.com/r/" in whole else None
    return None if "\n" in whole or len(whole) > MAX_CHARS else whole


def _items(block: str) -> Iterator[str]:
    """The skills of a marked block: its parts between commas and bullets, without labels."""
    plain = re.sub(r"\([^)]*\)", " ", " ".join(block.split("\n\n")))
    for part in re.split(r"[,;•●➢|*:\n]|\s[-–]\s", plain):
        item = part.strip(" .-–")
        if item and len(item.split()) <= MAX_SKILL_WORDS and any(map(str.isalpha, item)):
            yield item


def _add(
    tallies: dict[str, Tally],
    truth: Values,
    said: Values,
    vocabulary: SkillVocabulary,
    *,
    where: str,
) -> None:
    for name in FIELDS:
        tally = tallies[name]
        expected = _distinct(truth.get(name, ()), vocabulary if name == "skill" else None)
        told = _distinct(said.get(name, ()), vocabulary if name == "skill" else None)
        if name in ("e-mail", "link") and not expected:
            continue
        tally.n_true += len(expected)
        tally.n_said += len(told)
        missed, wrong = _unmatched(expected, told, str.__eq__)
        tally.exact += len(expected) - len(missed)
        tally.missed += [f"{where}: {value}" for value in missed]
        tally.wrong += [f"{where}: {value}" for value in wrong]
        still_missed, _ = _unmatched(missed, wrong, overlaps)
        tally.partial += len(expected) - len(still_missed)


def _distinct(values: Iterable[str], vocabulary: SkillVocabulary | None) -> list[str]:
    plain = list(values)
    if vocabulary is not None:
        plain = [name for value in plain for name in _as_in_catalogue(value, vocabulary)]
    return [value for value in dict.fromkeys(map(normal, plain)) if value]


def _as_in_catalogue(skill: str, vocabulary: SkillVocabulary) -> list[str]:
    lines = (Line(skill, 1, None, 0, 0),)
    return [found.name for found in vocabulary.find(lines, listed=lines)] or [skill]


def _unmatched(
    expected: Sequence[str], told: Sequence[str], matches: Matches
) -> tuple[list[str], list[str]]:
    missed, left = [], list(told)
    for value in expected:
        match = next((other for other in left if matches(value, other)), None)
        if match is None:
            missed.append(value)
        else:
            left.remove(match)
    return missed, left


def _print_table(
    tallies: Mapping[str, Tally], baseline: Mapping[str, Tally], *, verbose: bool
) -> None:
    head = "prec  rec   F1    | prec  rec   F1   "
    print(f"{'':12}{'profile':>14}: exact | partial{'':17}baseline: exact | partial")
    print(f"{'field':12}{'true':>5}{'said':>5}  {head}  {'said':>5}  {head}")
    for name in FIELDS:
        tally, other = tallies[name], baseline[name]
        if tally.n_true:
            print(
                f"{name:12}{tally.n_true:5}{tally.n_said:5}  {tally.figures()}  "
                f"{other.n_said:5}  {other.figures()}"
            )
    if verbose:
        for name in FIELDS:
            _print_values(f"{name}: missed", tallies[name].missed)
            _print_values(f"{name}: wrong", tallies[name].wrong)


def _print_values(heading: str, values: Sequence[str]) -> None:
    if values:
        print(f"\n{heading}\n  " + "\n  ".join(values))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--layouts", type=Path)
    parser.add_argument("--annotated", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()

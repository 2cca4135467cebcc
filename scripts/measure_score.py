"""Hold the rules of the resume score against real resumes, and print what broke.

    python scripts/measure_score.py --resumes DIR [--every N]

DIR holds PDF resumes that name nobody: an invented contact block is put on a copy of each before it
is scored. Every row is a rule with the number of comparisons and of those that broke it.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fairness_swaps import FORMS, HE, SHE, THEY, Form, dressed, people
from rich.progress import track

from ml_service.analysis.profile import analyse_profile, profile_and_text
from ml_service.analysis.recognition.recognition import refuse_what_is_no_resume
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.ats.report import score_resume
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.ats_report import AtsCheck, AtsReport
from ml_service.domain.document import ExtractedText, Line
from ml_service.domain.errors import NotAResume, ServiceError
from ml_service.extraction.pdf.document import read_pdf

MAX_PAGES, SECOND_READING_S = 30, 5.0
DOCUMENT_DATE = date(2025, 5, 1)
KEYWORDS_AT_MOST = 50.0
NO_EMAIL_AT_MOST = 60.0
N_KEYWORDS = 150
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "skills": ("Skills", "Microsoft Excel, bookkeeping, scheduling, customer service"),
    "education": ("Education", "Diploma in Office Administration, Riverside College, 2012"),
    "work": ("Work Experience", "Office Clerk, Harbour Supplies, 01/2013 - 05/2014"),
}
SWAPPED = [persons[0] for persons in people().values()]
_EMAIL = re.compile(r"\S+@\S+")
_WORD = re.compile(r"[A-Za-z]{4,}")


@dataclass(slots=True)
class Rule:
    """``broken`` names the resumes that broke it, once for each comparison."""

    n_compared: int = 0
    broken: list[str] = field(default_factory=list)

    def hold(self, name: str, *, kept: bool) -> None:
        self.n_compared += 1
        if not kept:
            self.broken.append(name)


@dataclass(frozen=True, slots=True)
class Resume:
    name: str
    content: bytes
    text: ExtractedText
    form: Form


class Scoring:
    def __init__(self, vocabulary: SkillVocabulary) -> None:
        self._vocabulary = vocabulary

    def __call__(self, text: ExtractedText) -> AtsReport:
        profile, redacted = profile_and_text(
            text, document_date=DOCUMENT_DATE, vocabulary=self._vocabulary
        )
        return score_resume(text, profile, redacted=redacted, document_date=DOCUMENT_DATE)

    def or_refused(self, text: ExtractedText) -> float | None:
        """None for what is no resume."""
        profile = analyse_profile(text, document_date=DOCUMENT_DATE, vocabulary=self._vocabulary)
        try:
            refuse_what_is_no_resume(text, profile)
        except NotAResume:
            return None
        return self(text).ats_score


Check = Callable[[Resume, Scoring], Iterator[bool]]


def main() -> None:
    given = _arguments()
    scoring = Scoring(SkillVocabulary(Catalogue.load(given.catalogue).technologies()))
    rules = {name: Rule() for name in RULES}
    scores: list[float] = []
    statuses: Counter[tuple[str, str]] = Counter()
    paths = sorted(given.resumes.rglob("*.pdf"))[:: given.every]
    for number, path in enumerate(track(paths, description="Scoring", transient=True)):
        resume = read(path, form=list(FORMS.values())[number % len(FORMS)])
        if resume is None:
            continue
        report = scoring(dressed(resume.text, resume.form, SWAPPED[0]))
        scores.append(report.ats_score)
        statuses.update((check.id, check.status) for check in report.checks)
        for name, check in RULES.items():
            for kept in check(resume, scoring):
                rules[name].hold(resume.name, kept=kept)
    for line in table(rules, scores, statuses):
        print(line)


def read(path: Path, *, form: Form) -> Resume | None:
    content = path.read_bytes()
    try:
        text = read_pdf(content, max_pages=MAX_PAGES, second_reading_s=SECOND_READING_S)
    except ServiceError:
        return None
    return Resume(path.name, content, text, form)


def same_bytes(resume: Resume, scoring: Scoring) -> Iterator[bool]:
    again = read_pdf(resume.content, max_pages=MAX_PAGES, second_reading_s=SECOND_READING_S)
    yield scoring(again) == scoring(resume.text)


def other_names(resume: Resume, scoring: Scoring) -> Iterator[bool]:
    reports = [_points(scoring(dressed(resume.text, resume.form, one))) for one in SWAPPED]
    yield from (report == reports[0] for report in reports[1:])


def other_pronouns(resume: Resume, scoring: Scoring) -> Iterator[bool]:
    form = next(form for form in FORMS.values() if form.sentences)
    texts = [
        dressed(resume.text, form, replace(SWAPPED[0], pronouns=pronouns))
        for pronouns in (SHE, HE, THEY)
    ]
    reports = [_points(scoring(text)) for text in texts]
    yield from (report == reports[0] for report in reports[1:])


def evidence_stands(resume: Resume, scoring: Scoring) -> Iterator[bool]:
    text = dressed(resume.text, resume.form, SWAPPED[0])
    for check in scoring(text).checks:
        yield all(
            (text.lines[shown.line].text, text.lines[shown.line].page) == (shown.text, shown.page)
            for shown in check.evidence
        )


def passes_have_evidence(resume: Resume, scoring: Scoring) -> Iterator[bool]:
    for check in scoring(dressed(resume.text, resume.form, SWAPPED[0])).checks:
        if check.status == "pass":
            yield bool(check.evidence)


def points_add_up(resume: Resume, scoring: Scoring) -> Iterator[bool]:
    report = scoring(dressed(resume.text, resume.form, SWAPPED[0]))
    total = round(math.fsum(check.earned for check in report.checks), 2)
    yield report.ats_score == round(min(total, report.cap.limit) if report.cap else total, 1)
    yield math.isclose(math.fsum(check.weight for check in report.checks), 100.0)


def more_sections(resume: Resume, scoring: Scoring) -> Iterator[bool]:
    before = _named(scoring(resume.text), "sections")
    for lines in SECTIONS.values():
        after = _named(scoring(with_lines(resume.text, lines)), "sections")
        yield after.earned / after.weight >= before.earned / before.weight


def no_email(resume: Resume, scoring: Scoring) -> Iterator[bool]:
    if not any(_EMAIL.search(line.text) for line in resume.text.lines):
        yield scoring(resume.text).ats_score <= NO_EMAIL_AT_MOST


def keyword_page(resume: Resume, scoring: Scoring) -> Iterator[bool]:
    """The words that the resume uses most, as a list under a contact block."""
    words = Counter(word for line in resume.text.lines for word in _WORD.findall(line.text))
    listed = [word for word, _ in words.most_common(N_KEYWORDS)]
    rows = [", ".join(listed[at : at + 10]) for at in range(0, len(listed), 10)]
    empty = replace(resume.text, lines=resume.text.lines[:1])
    score = scoring.or_refused(with_lines(dressed(empty, resume.form, SWAPPED[0]), rows))
    yield score is None or score < KEYWORDS_AT_MOST


RULES: Mapping[str, Check] = {
    "the same bytes give the same report": same_bytes,
    "another name, mail, phone: every check the same": other_names,
    "other pronouns: every check the same": other_pronouns,
    "evidence is a line of the document": evidence_stands,
    "no check passes without evidence": passes_have_evidence,
    "points add up, weights to 100": points_add_up,
    "one more section never lowers the sections check": more_sections,
    "without an e-mail at most 60": no_email,
    "a page of its keywords: below 50 or refused": keyword_page,
}


def with_lines(text: ExtractedText, added: Sequence[str]) -> ExtractedText:
    """At the end, on the last page, in its first column."""
    last = text.lines[-1]
    x0, _, x1, bottom = last.box or (72.0, 0.0, 540.0, 700.0)
    lines = tuple(
        Line(
            text=words,
            page=last.page,
            box=(x0, bottom + 14 * at, x1, bottom + 14 * at + 12),
            column=0,
            order=last.order + at,
            font_size=last.font_size,
        )
        for at, words in enumerate(added, start=1)
    )
    return replace(text, lines=(*text.lines, *lines))


def _points(report: AtsReport) -> tuple[float, tuple[tuple[str, float, str], ...]]:
    checks = tuple((check.id, check.earned, check.status) for check in report.checks)
    return report.ats_score, checks


def _named(report: AtsReport, check_id: str) -> AtsCheck:
    return next(check for check in report.checks if check.id == check_id)


def table(
    rules: Mapping[str, Rule], scores: Sequence[float], statuses: Counter[tuple[str, str]]
) -> Iterator[str]:
    yield "| Rule | compared | broken |"
    yield "| --- | --- | --- |"
    for name, rule in rules.items():
        shown = f" ({', '.join(sorted(set(rule.broken))[:5])})" if rule.broken else ""
        yield f"| {name} | {rule.n_compared:,} | {len(rule.broken):,}{shown} |"
    low, middle, high = np.percentile(scores, [5, 50, 95])
    yield ""
    yield f"{len(scores):,} scores: 5 % {low:.1f}, median {middle:.1f}, 95 % {high:.1f}"
    yield ""
    yield "| Check | pass | partial | fail | skipped |"
    yield "| --- | --- | --- | --- | --- |"
    for check_id in dict.fromkeys(check_id for check_id, _ in statuses):
        told = [statuses[check_id, status] for status in ("pass", "partial", "fail", "skipped")]
        yield f"| {check_id} | {' | '.join(str(count) for count in told)} |"


def _arguments() -> argparse.Namespace:
    project = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description="Hold the score's rules against real resumes.")
    parser.add_argument("--resumes", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path, default=project / "data" / "occupations")
    parser.add_argument("--every", type=int, default=1, help="only one in so many")
    return parser.parse_args()


if __name__ == "__main__":
    main()

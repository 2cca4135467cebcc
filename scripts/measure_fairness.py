"""Swap names, contact data, pronouns and memberships in held-out resumes and compare the answers.

    python scripts/measure_fairness.py --resumes DIR

DIR holds PDF resumes that name nobody; those of the validation part are used. Each gets a contact
block in one of ten forms; every second ten have their title line hidden, so that the text decides.
The last rows are a control in which nothing is redacted: they show that the test can fail.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fairness_figures import Change, ImpactRatio, Outcome, change, impact_ratios
from fairness_swaps import (
    CONTACTS,
    FORMS,
    HE,
    MEMBERSHIPS,
    NEUTRAL,
    OTHERS,
    SHE,
    THEY,
    Form,
    Person,
    dressed,
    people,
)

from ml_service.analysis.profile import analyse_profile
from ml_service.analysis.recognition.recognition import refuse_what_is_no_resume
from ml_service.analysis.redaction import redact
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.ats.report import score_resume
from ml_service.bootstrap.encoder import encoding_engine
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.explanation import explain
from ml_service.career.occupation_model.model import OccupationModel
from ml_service.career.passages import split_into_passages
from ml_service.career.splits import Part, part
from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import NotAResume, ServiceError
from ml_service.domain.ports import Embeddings, Float32Array
from ml_service.domain.resume import RedactedLine, RedactedText, ResumeProfile
from ml_service.extraction.pdf.document import read_pdf
from ml_service.hosting.shelf import ModelShelf
from ml_service.settings import Settings

MAX_PAGES, SECOND_READING_S = 30, 5.0
DOCUMENT_DATE = date(2025, 5, 1)
EXACT = ("name", "contact", "pronoun")
CONTROL_EVERY = 4
CONTROL_PEOPLE = 3
CONTROL = "name, nothing redacted (control)"
_SPOKEN = tuple(form for form in FORMS.values() if form.sentences)
_OWN = re.compile(r"\b(?:she|he|her|hers|his|him|herself|himself)\b", re.IGNORECASE)
_SHE_TO_HE_TEXT = (
    "she he, her his, hers his, herself himself, he she, his her, him her, himself herself"
)
_SHE_TO_HE = dict(pair.split() for pair in _SHE_TO_HE_TEXT.split(", "))

Redaction = Callable[[ExtractedText, ResumeProfile], RedactedText]


@dataclass(frozen=True, slots=True)
class Resume:
    text: ExtractedText
    form: Form
    title_hidden: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """``changes`` by what was swapped; ``ratios`` by what was swapped and by figure."""

    changes: Mapping[str, Change]
    ratios: Mapping[str, Mapping[str, tuple[ImpactRatio, ...]]]


class Passages:
    """Vectors by text, so that what a swap leaves alone is embedded once."""

    def __init__(self) -> None:
        self._engine = encoding_engine(Settings())
        self._known: dict[str, Float32Array] = {}

    def embed(self, texts: Sequence[str]) -> Embeddings:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._engine.embed_batch(new), strict=True))
        return Embeddings(np.stack([self._known[text] for text in texts]), self._engine.ref)


class Journey:
    """From a text to its outcome, as an upload takes it; the same evidence is asked once."""

    def __init__(self, *, catalogue: Catalogue, model: OccupationModel, encoder: Passages) -> None:
        self._vocabulary = SkillVocabulary(catalogue.technologies())
        self._model = model
        self._encoder = encoder
        self._known: dict[object, Outcome] = {}

    def __call__(self, extracted: ExtractedText, *, redaction: Redaction = redact) -> Outcome:
        profile = analyse_profile(
            extracted, document_date=DOCUMENT_DATE, vocabulary=self._vocabulary
        )
        try:
            refuse_what_is_no_resume(extracted, profile)
        except NotAResume:
            return Outcome(True, (), abstained=True, explanation=(), ats_score=0.0)
        redacted = redaction(extracted, profile)
        ats = score_resume(extracted, profile, redacted=redacted, document_date=DOCUMENT_DATE)
        key = (redacted, profile.language, profile.skills)
        if key not in self._known:
            self._known[key] = self._predicted(redacted, profile)
        return replace(self._known[key], ats_score=ats.ats_score)

    def _predicted(self, redacted: RedactedText, profile: ResumeProfile) -> Outcome:
        passages = split_into_passages(redacted)
        vectors = self._encoder.embed([passage.text for passage in passages])
        evidence = ResumeEvidence(passages, vectors, redacted, profile)
        career = self._model.predict(evidence)
        explanation = explain(self._model, evidence, career)
        return Outcome(
            refused=False,
            paths=tuple(
                (path.soc_code or path.title, path.confidence) for path in career.career_paths
            ),
            abstained=career.abstained,
            explanation=tuple((entry.text, entry.contribution) for entry in explanation),
            ats_score=0.0,
        )


def unredacted(extracted: ExtractedText, _profile: ResumeProfile) -> RedactedText:
    """The control: a model that sees every line as it stands."""
    return RedactedText(
        tuple(RedactedLine(line.text, line.page, line.order) for line in extracted.lines)
    )


def main() -> None:
    given = _arguments()
    catalogue = Catalogue.load(given.catalogue)
    journey = Journey(
        catalogue=catalogue,
        model=OccupationModel.load(ModelShelf(given.models).champion("occupations")[1], catalogue),
        encoder=Passages(),
    )
    resumes = list(read_resumes(given.resumes, of_part=given.part, limit=given.limit))
    report(f"{len(resumes)} resumes, {sum(r.title_hidden for r in resumes)} without title line")
    measured = measure(resumes, journey)
    if given.json:
        print(json.dumps(asdict(measured), indent=2))
    else:
        print("\n".join(table(measured)))
    if not all(measured.changes[swap].is_none for swap in EXACT):
        sys.exit("A name, contact data or a pronoun changed an answer.")


def report(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def read_resumes(folder: Path, *, of_part: Part, limit: int | None) -> Iterator[Resume]:
    paths = sorted(folder.glob("**/*.pdf"), key=lambda path: path.name)
    held_out = [path for path in paths if part(path.name) == of_part][:limit]
    forms = tuple(FORMS.values())
    for number, path in enumerate(held_out):
        try:
            text = read_pdf(
                path.read_bytes(), max_pages=MAX_PAGES, second_reading_s=SECOND_READING_S
            )
        except ServiceError as refused:
            report(f"{path.name}: {refused.code}")
            continue
        hidden = number // len(forms) % 2 == 0
        yield Resume(without_title(text) if hidden else text, forms[number % len(forms)], hidden)


def without_title(text: ExtractedText) -> ExtractedText:
    first = next(at for at, line in enumerate(text.lines) if line.text.strip())
    return replace(text, lines=text.lines[first + 1 :])


def measure(resumes: Sequence[Resume], journey: Journey) -> Measured:
    groups = people()
    someone = groups["white female"][0]
    unusual = {"unusual names": (someone, *OTHERS)}
    by_name = swapped(resumes, journey, _named(groups), "names")
    changes = {
        "name": change(by_name),
        "unusual name": change(swapped(resumes, journey, _named(unusual), "unusual names")),
        "contact": change(swapped(resumes, journey, _contacts_of(someone), "contact data")),
        "pronoun": change(swapped(resumes, journey, _pronouns_of(someone), "pronouns")),
    }
    spoken = [resume for resume in resumes if _has_pronoun(resume.text)]
    if spoken:
        own = swapped(spoken, journey, _own_pronouns_of(someone), "pronouns of the text")
        changes["pronoun of the resume's own text"] = change(own)
    members = swapped(resumes, journey, _memberships_of(someone), "memberships")
    changes |= _by_membership(members)
    control, control_ratios = _control(resumes[::CONTROL_EVERY], journey, groups, unusual)
    changes |= control
    ratios = {"name": _ratios(by_name, groups)}
    ratios["membership"] = _ratios(members, dict.fromkeys(MEMBERSHIPS, (someone,)))
    return Measured(changes, ratios | {CONTROL: control_ratios})


def _by_membership(rows: Sequence[Sequence[Outcome]]) -> dict[str, Change]:
    """Each beside the first, which says nothing about anybody."""
    return {
        f"membership: {name} in place of {NEUTRAL}": change([[row[0], row[at]] for row in rows])
        for at, name in enumerate(MEMBERSHIPS)
        if at
    }


def _control(
    resumes: Sequence[Resume],
    journey: Journey,
    groups: Mapping[str, Sequence[Person]],
    unusual: Mapping[str, Sequence[Person]],
) -> tuple[dict[str, Change], dict[str, tuple[ImpactRatio, ...]]]:
    """Names once more before a model that sees every line; fewer, because all is embedded."""

    def plainly(text: ExtractedText) -> Outcome:
        return journey(text, redaction=unredacted)

    few = {name: group[:CONTROL_PEOPLE] for name, group in groups.items()}
    by_name = swapped(resumes, plainly, _named(few), CONTROL)
    by_unusual = swapped(resumes, plainly, _named(unusual), CONTROL)
    changes = {CONTROL: change(by_name), f"unusual {CONTROL}": change(by_unusual)}
    return changes, _ratios(by_name, few)


def swapped(
    resumes: Sequence[Resume],
    journey: Callable[[ExtractedText], Outcome],
    variants: Callable[[Resume], Sequence[ExtractedText]],
    what: str,
) -> list[list[Outcome]]:
    """A row for each resume, with an outcome for each variant."""
    rows = []
    for number, resume in enumerate(resumes, start=1):
        rows.append([journey(text) for text in variants(resume)])
        if number % 25 == 0 or number == len(resumes):
            report(f"{what}: {number} of {len(resumes)} resumes")
    return rows


def _named(
    groups: Mapping[str, Sequence[Person]],
) -> Callable[[Resume], Sequence[ExtractedText]]:
    """Pronouns stay the same for all: they are swapped by themselves."""
    everybody = [replace(person, pronouns=THEY) for group in groups.values() for person in group]
    return lambda resume: [dressed(resume.text, resume.form, person) for person in everybody]


def _contacts_of(person: Person) -> Callable[[Resume], Sequence[ExtractedText]]:
    return lambda resume: [
        dressed(resume.text, resume.form, replace(person, contact=contact)) for contact in CONTACTS
    ]


def _pronouns_of(person: Person) -> Callable[[Resume], Sequence[ExtractedText]]:
    """In each form that has sentences, whatever the resume's own form."""
    return lambda resume: [
        dressed(
            resume.text,
            _SPOKEN[len(resume.text.lines) % len(_SPOKEN)],
            replace(person, pronouns=pronouns),
        )
        for pronouns in (SHE, HE, THEY)
    ]


def _memberships_of(person: Person) -> Callable[[Resume], Sequence[ExtractedText]]:
    return lambda resume: [
        dressed(resume.text, resume.form, person, closing=("Activities", line))
        for line in MEMBERSHIPS.values()
    ]


def _has_pronoun(text: ExtractedText) -> bool:
    return any(_OWN.search(line.text) for line in text.lines)


def _own_pronouns_of(person: Person) -> Callable[[Resume], Sequence[ExtractedText]]:
    """The resume with its own pronouns, and with each of the other gender."""

    def both(resume: Resume) -> list[ExtractedText]:
        lines = tuple(replace(line, text=_OWN.sub(_other, line.text)) for line in resume.text.lines)
        texts = (resume.text, replace(resume.text, lines=lines))
        return [dressed(text, resume.form, person) for text in texts]

    return both


def _other(match: re.Match[str]) -> str:
    word = _SHE_TO_HE[match[0].casefold()]
    if match[0].isupper() and len(match[0]) > 1:
        return word.upper()
    return word.capitalize() if match[0][0].isupper() else word


def _ratios(
    rows: Sequence[Sequence[Outcome]], groups: Mapping[str, Sequence[object]]
) -> dict[str, tuple[ImpactRatio, ...]]:
    """Answered at all; confidence and points of at least the median of all outcomes."""
    figures: dict[str, Callable[[Outcome], float]] = {
        "answered": lambda outcome: float(not outcome.abstained),
        "confidence": lambda outcome: outcome.confidence,
        "ats_score": lambda outcome: outcome.ats_score,
    }
    ratios = {}
    for name, figure in figures.items():
        values = np.array([[figure(outcome) for outcome in row] for row in rows])
        wanted = 1.0 if name == "answered" else float(np.median(values))
        ratios[name] = impact_ratios(_by_group(values, groups), at_least=wanted)
    return ratios


def _by_group(
    values: npt.NDArray[np.float64], groups: Mapping[str, Sequence[object]]
) -> dict[str, npt.NDArray[np.float64]]:
    ends = np.cumsum([len(group) for group in groups.values()])[:-1]
    return dict(zip(groups, np.split(values, ends, axis=1), strict=True))


def table(measured: Measured) -> Iterator[str]:
    yield (
        "| Swapped | resumes | pairs | flip rate | confidence, mean (max) change | "
        "ats_score, mean (max) change | answer changed | explanation changed |"
    )
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for swap, found in measured.changes.items():
        yield (
            f"| {swap} | {found.n_resumes} | {found.n_pairs:,} | {_shown(found.flip_rate)} | "
            f"{_shown(found.mean_confidence_change)} ({_shown(found.max_confidence_change)}) | "
            f"{_shown(found.mean_ats_change)} ({_shown(found.max_ats_change)}) | "
            f"{_shown(found.answer_changed)} | {_shown(found.explanation_changed)} |"
        )
    yield ""
    yield "| Impact ratio (95 % interval) | group | answered | confidence | ats_score |"
    yield "| --- | --- | --- | --- | --- |"
    for swap, figures in measured.ratios.items():
        for row in zip(*figures.values(), strict=True):
            cells = (f"{r.ratio:.3f} ({r.low:.3f} to {r.high:.3f})" for r in row)
            yield f"| {swap} | {row[0].group} | {' | '.join(cells)} |"


def _shown(value: float) -> str:
    """An exact 0 is written as such; what rounds to it is not."""
    return "0" if value == 0.0 else f"{value:.4f}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Swap who somebody is, and compare the answers.")
    parser.add_argument("--resumes", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path, default=Path("data/occupations"))
    parser.add_argument("--models", type=Path, default=Path("data/models"))
    parser.add_argument("--part", choices=("train", "validation"), default="validation")
    parser.add_argument("--limit", type=int, help="only the first resumes, for a quick look")
    parser.add_argument("--json", action="store_true", help="print JSON in place of the tables")
    return parser.parse_args()


if __name__ == "__main__":
    main()

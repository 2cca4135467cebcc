"""The swaps of ``scripts/measure_fairness.py`` over generated resumes, without an encoder.

What the model sees and the score are compared; equal text gives equal vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from fairness_figures import Outcome, change, impact_ratios
from fairness_swaps import (
    CONTACTS,
    FORMS,
    HE,
    MEMBERSHIPS,
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
from ml_service.ats.report import score_resume
from ml_service.domain.document import ExtractedText
from ml_service.domain.resume import RedactedText
from tests.documents import PEOPLE, resume_text
from tests.unit.analysis.people import TODAY, VOCABULARY, read_page

N_CONTACT_LINES = 5
STUDY = tuple(person for group in people().values() for person in group[:2])
SOMEONE = STUDY[0]
FORM_IDS = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def resumes() -> list[ExtractedText]:
    """Title, then the sections; the lines that name somebody are left out."""
    texts = [resume_text(person).splitlines() for person in PEOPLE[:2]]
    return [read_page("\n".join((text[1], *text[1 + N_CONTACT_LINES :]))) for text in texts]


def seen(text: ExtractedText) -> tuple[RedactedText, str, object, float]:
    """All that a model reads of a resume, and its points."""
    profile = analyse_profile(text, document_date=TODAY, vocabulary=VOCABULARY)
    refuse_what_is_no_resume(text, profile)
    redacted = redact(text, profile)
    ats = score_resume(text, profile, redacted=redacted, document_date=TODAY)
    return redacted, profile.language, profile.skills, ats.ats_score


def all_same(form: Form, owners: Sequence[Person]) -> bool:
    return all(
        len({repr(seen(dressed(resume, form, owner))) for owner in owners}) == 1
        for resume in resumes()
    )


@FORM_IDS
def test_another_name_changes_nothing(form: Form) -> None:
    assert all_same(form, [replace(person, pronouns=THEY) for person in (*STUDY, *OTHERS)])


@FORM_IDS
def test_another_contact_changes_nothing(form: Form) -> None:
    assert all_same(form, [replace(SOMEONE, contact=contact) for contact in CONTACTS])


@FORM_IDS
def test_another_pronoun_changes_nothing(form: Form) -> None:
    assert all_same(form, [replace(SOMEONE, pronouns=pronouns) for pronouns in (SHE, HE, THEY)])


@FORM_IDS
def test_no_trace_is_left(form: Form) -> None:
    person = replace(SOMEONE, first="Zyxora", family="Quendal")
    for resume in resumes():
        redacted, *_ = seen(dressed(resume, form, person))
        text = "\n".join(line.text for line in redacted.lines).casefold()
        assert not [trace for trace in ("zyxora", "quendal", "60614", "555", "@") if trace in text]


@FORM_IDS
def test_what_was_put_in_stands_in_the_text(form: Form) -> None:
    text = dressed(resumes()[0], form, SOMEONE, closing=["Member, Chess Club"])
    assert [line.order for line in text.lines] == list(range(len(text.lines)))
    written = "\n".join(line.text for line in text.lines)
    for template in (*form.header, *form.sentences, *form.closing, "Member, Chess Club"):
        assert SOMEONE.filled(template) in written
    assert len(text.lines) > len(resumes()[0].lines)


def test_a_membership_is_content_and_stays() -> None:
    form = FORMS["name alone"]
    for line in MEMBERSHIPS.values():
        redacted, *_ = seen(dressed(resumes()[0], form, SOMEONE, closing=["Activities", line]))
        assert redacted.lines[-1].text == line


def outcome(first: str, confidence: float, ats_score: float) -> Outcome:
    return Outcome(False, ((first, confidence),), False, (("Led a team", 0.1),), ats_score)


def test_a_change_is_counted_and_none_is_none() -> None:
    calm, moved = outcome("11-1011.00", 0.5, 80.0), outcome("15-1252.00", 0.75, 78.0)
    found = change([[calm, calm, moved], [calm, calm, calm]])
    assert (found.n_resumes, found.n_pairs, found.flip_rate) == (2, 4, 0.25)
    assert (found.mean_confidence_change, found.max_confidence_change) == (0.0625, 0.25)
    assert (found.mean_ats_change, found.max_ats_change) == (0.5, 2.0)
    assert (found.answer_changed, found.is_none) == (0.25, False)
    assert change([[calm, calm]]).is_none


def test_a_path_further_down_is_a_change() -> None:
    one = Outcome(False, (("a", 0.5), ("b", 0.2)), False, (), 80.0)
    other = replace(one, paths=(("a", 0.5), ("c", 0.2)))
    assert change([[one, other]]).answer_changed == 1.0
    assert not change([[one, other]]).is_none


def test_a_rate_that_nobody_has_is_no_disadvantage() -> None:
    nobody = np.zeros((10, 2))
    found = impact_ratios({"one": nobody, "two": nobody}, at_least=0.5)
    assert [(entry.ratio, entry.low, entry.high) for entry in found] == [(1.0, 1.0, 1.0)] * 2


def test_impact_ratio_is_over_the_highest_rate_with_its_interval() -> None:
    high = np.array([[0.9], [0.9], [0.9], [0.1]] * 25)
    low = np.array([[0.9], [0.1], [0.1], [0.1]] * 25)
    first, second = impact_ratios({"one": high, "two": low}, at_least=0.5)
    assert (first.rate, first.ratio) == (0.75, 1.0)
    assert second.rate == 0.25
    assert second.ratio == pytest.approx(1 / 3)
    assert second.low < second.ratio < second.high < 1.0
    same = impact_ratios({"one": high, "two": high}, at_least=0.5)
    assert [(entry.ratio, entry.low, entry.high) for entry in same] == [(1.0, 1.0, 1.0)] * 2

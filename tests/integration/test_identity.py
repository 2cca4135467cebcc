"""Who somebody is changes neither prediction nor score, exactly; and this test would notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ml_service.bootstrap import Engine
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.passages import split_into_passages
from ml_service.domain.prediction import Analysis, CareerPath
from ml_service.domain.resume import RedactedLine, RedactedText
from ml_service.use_cases.analyse_resume import ResumeUpload
from tests.documents import resume_docx, resume_pdf
from tests.people import PEOPLE, Person

pytestmark = pytest.mark.asyncio(loop_scope="session")

IDENTITIES = [
    {"name": "Lakisha Washington", "email": "lakisha.washington@example.org"},
    {"name": "Nguyen Thi Minh Khai", "email": "n@example.net", "phone": "+49 30 901820"},
    {"name": "Jose Maria Nunez-O'Brien", "place": "Santa Fe, NM"},
    {"name": "Grace Carpenter", "link": "linkedin.com/in/grace-carpenter-99"},
    {"name": "MOHAMMED AL-FAYED", "place": "Dearborn, MI", "phone": "(313) 555-0187"},
]


def upload(content: bytes, filename: str = "resume.pdf") -> ResumeUpload:
    return ResumeUpload(content=content, filename=filename, document_date=date(2026, 1, 31))


async def analysed(engine: Engine, content: bytes, filename: str = "resume.pdf") -> Analysis:
    return (await engine.analyse_resume(upload(content, filename))).analysis


def judgement(analysis: Analysis) -> tuple[object, ...]:
    """All that is decided about a person; the profile itself holds the name, as it should."""
    checks = [(c.id, c.status, c.weight, c.earned) for c in analysis.ats.checks]
    moved = [(item.contribution, item.text) for item in analysis.explanation]
    return (analysis.career, moved, analysis.next_steps, analysis.ats.ats_score, checks)


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda identity: identity["name"])
@pytest.mark.parametrize("person", PEOPLE[:3], ids=lambda person: person.title)
async def test_another_identity_changes_nothing_in_a_pdf(
    engine: Engine, person: Person, identity: dict[str, str]
) -> None:
    original = await analysed(engine, resume_pdf(person))
    changed = await analysed(engine, resume_pdf(replace(person, **identity)))

    assert judgement(changed) == judgement(original)


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda identity: identity["name"])
async def test_another_identity_changes_nothing_in_a_docx(
    engine: Engine, identity: dict[str, str]
) -> None:
    person = PEOPLE[0]
    original = await analysed(engine, resume_docx(person), "resume.docx")
    changed = await analysed(engine, resume_docx(replace(person, **identity)), "resume.docx")

    assert judgement(changed) == judgement(original)


@pytest.mark.parametrize("pronouns", ["He led his", "They led their"])
async def test_another_pronoun_changes_nothing(engine: Engine, pronouns: str) -> None:
    person = PEOPLE[0]
    she = replace(person, summary=f"{person.summary} She led her own team.")
    other = replace(person, summary=f"{person.summary} {pronouns} own team.")

    assert judgement(await analysed(engine, resume_pdf(other))) == judgement(
        await analysed(engine, resume_pdf(she))
    )


async def test_without_redaction_the_same_change_shows(engine: Engine) -> None:
    person = PEOPLE[0]
    other = replace(person, name="Grace Carpenter", email="grace.carpenter@example.org")

    assert await unredacted(engine, other) != await unredacted(engine, person)


async def unredacted(engine: Engine, person: Person) -> tuple[CareerPath, ...]:
    """The same model on text with the identity left in: the control of the tests above."""
    _, extracted = await engine.analyse_resume.read(upload(resume_pdf(person)))
    text = RedactedText(tuple(RedactedLine(x.text, x.page, x.order) for x in extracted.lines))
    profile = (await analysed(engine, resume_pdf(person))).profile
    passages = split_into_passages(text)
    vectors = await engine.encoder.embed_documents([passage.text for passage in passages])
    evidence = ResumeEvidence(passages=passages, vectors=vectors, redacted=text, profile=profile)
    return engine.models["occupations"].predict(evidence).career_paths

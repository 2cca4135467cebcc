"""Who somebody is changes neither prediction nor score, exactly; and this test would notice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from ml_service.bootstrap.engine import Engine
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.passages import split_into_passages
from ml_service.domain.prediction import Analysis, CareerPath
from ml_service.domain.resume import RedactedLine, RedactedText
from ml_service.use_cases.analyse_resume import ResumeUpload
from tests.documents import resume_docx, resume_pdf
from tests.people import PEOPLE, Person

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True, slots=True)
class Identity:
    name: str
    email: str
    phone: str
    place: str
    link: str

    def given_to(self, person: Person) -> Person:
        return replace(
            person,
            name=self.name,
            email=self.email,
            phone=self.phone,
            place=self.place,
            link=self.link,
        )


IDENTITIES = [
    Identity(
        "Lakisha Washington",
        "lakisha.washington@example.org",
        "+1 404 555 0161",
        "Atlanta, GA",
        "https://example.org/lwashington",
    ),
    Identity(
        "Nguyen Thi Minh Khai",
        "n@example.net",
        "+49 30 23125 001",
        "Berlin, Germany",
        "https://example.net/khai",
    ),
    Identity(
        "Jose Maria Nunez-O'Brien",
        "jm@example.com",
        "(505) 555-0187",
        "Santa Fe, NM",
        "linkedin.com/in/jm-nunez",
    ),
    Identity(
        "Grace Carpenter",
        "grace.carpenter@example.com",
        "+1 202 555 0199",
        "Bakersfield, CA",
        "linkedin.com/in/grace-carpenter-99",
    ),
    Identity(
        "MOHAMMED AL-FAYED",
        "m.alfayed@example.org",
        "313-555-0142",
        "Dearborn, MI",
        "https://example.org/m",
    ),
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


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda identity: identity.name)
@pytest.mark.parametrize("person", PEOPLE[:3], ids=lambda person: person.title)
async def test_another_identity_changes_nothing_in_a_pdf(
    engine: Engine, person: Person, identity: Identity
) -> None:
    original = await analysed(engine, resume_pdf(person))
    changed = await analysed(engine, resume_pdf(identity.given_to(person)))

    assert judgement(changed) == judgement(original)


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda identity: identity.name)
async def test_another_identity_changes_nothing_in_a_docx(
    engine: Engine, identity: Identity
) -> None:
    person = PEOPLE[0]
    original = await analysed(engine, resume_docx(person), "resume.docx")
    changed = await analysed(engine, resume_docx(identity.given_to(person)), "resume.docx")

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
    model = await engine.models.get(None)
    return model.predict(evidence).career_paths

"""What a reader must find in a resume, and what one found, field by field in the same form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ml_service.domain.resume import ResumeProfile
from tests.resume_factory.resumes import InventedResume

Field = str | bool | int | None | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Miss:
    field: str
    expected: Field
    found: Field


def expected_fields(resume: InventedResume) -> dict[str, Field]:
    """Lists that have an order keep it; skills, links and the rest of the lists do not."""
    fields: dict[str, Field] = {
        "name": resume.name,
        "email": resume.email,
        "phone": resume.phone_e164,
        "location": resume.location,
        "links": tuple(sorted(resume.links)),
        "summary": resume.summary,
        "work.entries": len(resume.jobs),
        "education.entries": len(resume.studies),
        "skills": tuple(sorted(skill.known_as for skill in resume.skills)),
        "certificates": tuple(sorted(resume.certificates)),
        "languages": tuple(sorted(name for name, _ in resume.languages)),
    }
    for at, job in enumerate(resume.jobs):
        fields |= {
            f"work[{at}].position": job.position,
            f"work[{at}].name": job.employer,
            f"work[{at}].start_date": job.start.iso,
            f"work[{at}].end_date": None if job.end is None else job.end.iso,
            f"work[{at}].current": job.end is None,
            f"work[{at}].highlights": job.highlights,
        }
    for at, study in enumerate(resume.studies):
        fields |= {
            f"education[{at}].institution": study.school,
            f"education[{at}].area": study.area,
            f"education[{at}].study_type": study.degree,
            f"education[{at}].start_date": None if study.start is None else study.start.iso,
            f"education[{at}].end_date": study.end.iso,
        }
    return fields


def found_fields(profile: ResumeProfile) -> dict[str, Field]:
    """Skills are those that stand in a skills section; one in a bullet is no error of theirs."""
    contact = profile.contact
    fields: dict[str, Field] = {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "location": contact.location,
        "links": tuple(sorted(contact.links)),
        "summary": profile.summary,
        "work.entries": len(profile.work),
        "education.entries": len(profile.education),
        "skills": tuple(sorted(_listed_skills(profile))),
        "certificates": tuple(sorted(profile.certificates)),
        "languages": tuple(sorted(profile.languages)),
    }
    for at, job in enumerate(profile.work):
        fields |= {
            f"work[{at}].position": job.position,
            f"work[{at}].name": job.name,
            f"work[{at}].start_date": job.start_date,
            f"work[{at}].end_date": job.end_date,
            f"work[{at}].current": job.current,
            f"work[{at}].highlights": tuple(item.text for item in job.highlights),
        }
    for at, study in enumerate(profile.education):
        fields |= {
            f"education[{at}].institution": study.institution,
            f"education[{at}].area": study.area,
            f"education[{at}].study_type": study.study_type,
            f"education[{at}].start_date": study.start_date,
            f"education[{at}].end_date": study.end_date,
        }
    return fields


def misses(resume: InventedResume, profile: ResumeProfile) -> list[Miss]:
    """Every expected field that was not found exactly, white space aside."""
    found = found_fields(profile)
    return [
        Miss(name, wanted, found.get(name))
        for name, wanted in expected_fields(resume).items()
        if name not in found or _plain(found[name]) != _plain(wanted)
    ]


def differences(one: Mapping[str, Field], other: Mapping[str, Field]) -> list[str]:
    """Names of fields that two readings of the same resume do not agree on."""
    names = sorted({*one, *other})
    return [name for name in names if _plain(one.get(name)) != _plain(other.get(name))]


def _listed_skills(profile: ResumeProfile) -> Iterator[str]:
    spans = [
        (section.start_line, section.end_line)
        for section in profile.sections
        if section.kind == "skills"
    ]
    for skill in profile.skills:
        line = skill.evidence_line
        if line is not None and any(first <= line <= last for first, last in spans):
            yield skill.name


def _plain(field: Field) -> Field:
    if isinstance(field, str):
        return " ".join(field.split())
    if isinstance(field, tuple):
        return tuple(" ".join(item.split()) for item in field)
    return field

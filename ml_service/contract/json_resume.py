"""The profile as JSON Resume 1.0; what is not known, or cannot be written there, is left out.

Source: https://docs.jsonresume.org/schema.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ml_service.contract.web_addresses import (
    email_of,
    host_of,
    network_of,
    uri_of,
    username_of,
)
from ml_service.domain.prediction import Prediction
from ml_service.domain.resume import Contact, Education, ResumeProfile, Skill, Work

SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
VERSION = "v1.0.0"

_DATE = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2])(?:-\d{2})?)?", re.ASCII)
_DATE_PATTERN = r"^[12]\d{3}(-(0[1-9]|1[0-2])(-\d{2})?)?$"
_CITY_AND_STATE = re.compile(r"(?P<city>[^,\d]+), (?P<region>[A-Z]{2})(?: \d{5}(?:-\d{4})?)?")

PartialDate = Annotated[str, Field(json_schema_extra={"pattern": _DATE_PATTERN})]
Uri = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Email = Annotated[str, Field(json_schema_extra={"format": "email"})]


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class LocationPart(_Part):
    """``address`` is the place as the resume names it."""

    address: str
    city: str | None = None
    region: str | None = None


class NetworkPart(_Part):
    network: str
    username: str | None = None
    url: Uri


class BasicsPart(_Part):
    name: str | None = None
    email: Email | None = None
    phone: str | None = None
    url: Uri | None = None
    summary: str | None = None
    location: LocationPart | None = None
    profiles: list[NetworkPart] = []


class WorkPart(_Part):
    """Without ``endDate`` it may be the present one, or the resume does not say."""

    name: str | None = None
    position: str | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    highlights: list[str] = []


class EducationPart(_Part):
    institution: str | None = None
    area: str | None = None
    study_type: str | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None


class NamedPart(_Part):
    name: str


class SkillPart(_Part):
    """``keywords`` holds what the resume writes, where that is not the name."""

    name: str
    keywords: list[str] | None = None


class LanguagePart(_Part):
    language: str
    fluency: str | None = None


class MetaPart(_Part):
    version: str
    last_modified: str


class JsonResume(_Part):
    schema_uri: Annotated[Uri, Field(alias="$schema")] = SCHEMA
    basics: BasicsPart
    work: list[WorkPart]
    education: list[EducationPart]
    skills: list[SkillPart]
    certificates: list[NamedPart]
    languages: list[LanguagePart]
    meta: MetaPart


def json_resume(prediction: Prediction) -> JsonResume:
    """To be written by alias and without what is None."""
    profile = prediction.analysis.profile
    changed_at = prediction.updated_at.astimezone(UTC).replace(tzinfo=None)
    return JsonResume(
        basics=_basics(profile.contact, profile.summary),
        work=[_work(entry) for entry in profile.work],
        education=[_education(entry) for entry in profile.education],
        skills=[_skill(skill) for skill in profile.skills],
        certificates=[NamedPart(name=name) for name in profile.certificates],
        languages=_languages(profile),
        meta=MetaPart(version=VERSION, last_modified=changed_at.isoformat(timespec="seconds")),
    )


def _basics(contact: Contact, summary: str | None) -> BasicsPart:
    networks, own = _split_links(contact.links)
    return BasicsPart(
        name=contact.name,
        email=email_of(contact.email),
        phone=contact.phone,
        url=own[0] if own else None,
        summary=summary,
        location=_location(contact.location),
        profiles=[*networks, *(NetworkPart(network=host_of(url), url=url) for url in own[1:])],
    )


def _split_links(links: Sequence[str]) -> tuple[list[NetworkPart], list[str]]:
    """Those of known networks, and the rest; one that cannot be made an address is left out."""
    networks, own = [], []
    for url in dict.fromkeys(uri for link in links if (uri := uri_of(link)) is not None):
        network = network_of(url)
        if network is None:
            own.append(url)
        else:
            networks.append(NetworkPart(network=network, username=username_of(url), url=url))
    return networks, own


def _location(place: str | None) -> LocationPart | None:
    if place is None:
        return None
    parts = _CITY_AND_STATE.fullmatch(place)
    if parts is None:
        return LocationPart(address=place)
    return LocationPart(address=place, city=parts["city"], region=parts["region"])


def _work(entry: Work) -> WorkPart:
    return WorkPart(
        name=entry.name,
        position=entry.position,
        start_date=_date(entry.start_date),
        end_date=_date(entry.end_date),
        highlights=[highlight.text for highlight in entry.highlights],
    )


def _education(entry: Education) -> EducationPart:
    return EducationPart(
        institution=entry.institution,
        area=entry.area,
        study_type=entry.study_type,
        start_date=_date(entry.start_date),
        end_date=_date(entry.end_date),
    )


def _skill(skill: Skill) -> SkillPart:
    return SkillPart(name=skill.name, keywords=[skill.written] if skill.written else None)


def _languages(profile: ResumeProfile) -> list[LanguagePart]:
    """Records of earlier versions hold the names alone."""
    fluencies = {spoken.language: spoken.fluency for spoken in profile.spoken_languages}
    return [LanguagePart(language=name, fluency=fluencies.get(name)) for name in profile.languages]


def _date(written: str | None) -> str | None:
    """``2021``, ``2021-03`` or a day that there is; else None."""
    if written is None or not _DATE.fullmatch(written):
        return None
    try:
        date.fromisoformat(f"{written}-01-01"[:10] if len(written) < 10 else written)
    except ValueError:
        return None
    return written

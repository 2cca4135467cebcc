"""JSON Resume 1.0: its own names in camelCase over the wire, ours in snake_case.

Source: https://docs.jsonresume.org/schema.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from backend_client.types.base import Tagged, Value


class _Part(Value):
    model_config: ClassVar[ConfigDict] = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class LocationPart(_Part):
    address: str
    city: str | None = None
    region: str | None = None


class NetworkPart(_Part):
    network: str
    username: str | None = None
    url: str


class BasicsPart(_Part):
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    url: str | None = None
    summary: str | None = None
    location: LocationPart | None = None
    profiles: list[NetworkPart] = Field(default_factory=list)


class WorkPart(_Part):
    name: str | None = None
    position: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    highlights: list[str] = Field(default_factory=list)


class EducationPart(_Part):
    institution: str | None = None
    area: str | None = None
    study_type: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class NamedPart(_Part):
    name: str


class SkillPart(_Part):
    name: str
    keywords: list[str] | None = None


class LanguagePart(_Part):
    language: str
    fluency: str | None = None


class MetaPart(_Part):
    version: str
    last_modified: str


class JsonResume(Tagged):
    """``as_json()`` writes it as the standard wants it, without what is not known."""

    model_config: ClassVar[ConfigDict] = ConfigDict(populate_by_name=True)

    schema_uri: str | None = Field(default=None, alias="$schema")
    basics: BasicsPart
    work: list[WorkPart]
    education: list[EducationPart]
    skills: list[SkillPart]
    certificates: list[NamedPart]
    languages: list[LanguagePart]
    meta: MetaPart

    def as_json(self) -> dict[str, object]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

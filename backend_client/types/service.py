"""The service itself: its occupations, its models, how it is."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from backend_client.types.base import Answer, Value


class Wage(Value):
    """US dollars a year, national median; ``at_least`` where the source caps it."""

    median: int
    year: int
    at_least: bool


class OccupationSummary(Value):
    """``matched_title`` is the title or alternate title that met the search."""

    soc_code: str
    title: str
    career_field: str
    matched_title: str | None = None
    job_zone: int | None = None
    wage: Wage | None = None


class OccupationList(Answer):
    data: list[OccupationSummary]
    has_more: bool
    next_cursor: str | None = None


class Occupation(Answer):
    """``next``: occupations that people move to from here, the likeliest first."""

    soc_code: str
    title: str
    career_field: str
    matched_title: str | None = None
    job_zone: int | None = None
    wage: Wage | None = None
    alternate_titles: list[str]
    skills: list[str]
    technologies: list[str]
    related: list[OccupationSummary]
    next: list[OccupationSummary]
    source: str


class Revision(Value):
    """``champion`` is the one that answers."""

    revision: str
    champion: bool
    trained_at: str | None = None


class ModelSummary(Answer):
    """``metrics`` are figures on documents that the model never saw in training."""

    model_id: str
    revision: str
    state: Literal["ready", "registered"] | str
    taxonomy: str
    encoder_id: str
    encoder_revision: str
    n_labels: int
    languages: list[str]
    abstains_below: float
    trained_at: str
    trained_on: str
    metrics: dict[str, Any]
    calibration: dict[str, Any]
    revisions: list[Revision]


class ModelCard(ModelSummary):
    labels: list[str]
    about: dict[str, str | list[str]]


class ModelList(Answer):
    """``unreadable`` names models whose files are there but cannot be read."""

    data: list[ModelSummary]
    unreadable: list[str]


class Part(Value):
    """``needed``: the service is not ready without it."""

    name: str
    state: Literal["ready", "not_ready", "not_configured"] | str
    needed: bool
    detail: dict[str, str | int | float | bool | None]


class Health(Answer):
    status: Literal["ready", "not_ready"] | str
    version: str
    parts: list[Part]
    settings_without_effect: list[str] = Field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        return self.status == "ready"


class Live(Answer):
    status: str

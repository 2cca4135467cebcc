"""Find postings for a predicted career path and rank them by the resume."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ml_service.domain.errors import (
    JobsError,
    JobsNeedKey,
    JobsNotConfigured,
    JobsQuotaExhausted,
    ModelError,
)
from ml_service.domain.ports import Encoder, JobSource
from ml_service.domain.posting import JobPage, JobQuery, JobsOutcome, JobsStatus, Posting
from ml_service.matching import matched_and_missing_skills, posting_text, rank_postings
from ml_service.use_cases.analyse_resume import AnalysedResume

FindSkills = Callable[[Sequence[str]], Sequence[str]]
Failure = JobsError | JobsNeedKey | ModelError


@dataclass(frozen=True, slots=True)
class JobPlace:
    location: str | None = None
    country: str | None = None


class MatchJobs:
    def __init__(
        self, *, source: JobSource, encoder: Encoder, find_skills: FindSkills, country: str
    ) -> None:
        self._source = source
        self._encoder = encoder
        self._find_skills = find_skills
        self._country = country
        self._outcomes: Counter[str] = Counter()

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Searches since the start, by their status."""
        return self._outcomes

    async def __call__(self, analysed: AnalysedResume, place: JobPlace) -> JobsOutcome:
        """What happened, as a status; boards that fail do not raise here.

        The query is the career path and the caller's place: nothing of the profile leaves.
        """
        outcome = await self._outcome(analysed, place)
        self._outcomes[outcome.status] += 1
        return outcome

    async def _outcome(self, analysed: AnalysedResume, place: JobPlace) -> JobsOutcome:
        query = JobQuery(
            query=_career_path(analysed),
            location=place.location,
            country=place.country or self._country,
        )
        try:
            page = await self._source.search(query)
            return await self._ranked(analysed, query, page)
        except (JobsError, JobsNeedKey, ModelError) as failure:
            return self._failed(failure, query)

    def _failed(self, failure: Failure, query: JobQuery) -> JobsOutcome:
        status = _status_of(failure)
        # Nobody was asked where nothing is set up.
        provider = None if status == "not_configured" else self._source.provider
        return JobsOutcome(status=status, provider=provider, query=query.query)

    def pending(self, analysed: AnalysedResume) -> JobsOutcome:
        return JobsOutcome(
            status="pending", provider=self._source.provider, query=_career_path(analysed)
        )

    async def _ranked(
        self, analysed: AnalysedResume, query: JobQuery, page: JobPage
    ) -> JobsOutcome:
        postings = [self._with_skills(analysed, posting) for posting in page.postings]
        if postings:
            vectors = await self._encoder.embed_documents([posting_text(p) for p in postings])
            postings = list(rank_postings(analysed.vectors, vectors, postings))
        return JobsOutcome(
            status="ok" if postings else "empty",
            postings=tuple(postings),
            provider=page.provider,
            query=query.query,
            fetched_at=page.fetched_at,
        )

    def _with_skills(self, analysed: AnalysedResume, posting: Posting) -> Posting:
        matched, missing = matched_and_missing_skills(
            posting,
            resume_skills=[skill.name for skill in analysed.analysis.profile.skills],
            find_skills=self._find_skills,
        )
        return replace(posting, matched_skills=matched, missing_skills=missing)


def _career_path(analysed: AnalysedResume) -> str:
    return analysed.analysis.career.career_paths[0].title


def _status_of(failure: Failure) -> JobsStatus:
    # For a caller without a key no source is set up that could be asked; trying again is no use.
    if isinstance(failure, JobsNotConfigured | JobsNeedKey):
        return "not_configured"
    if isinstance(failure, JobsQuotaExhausted):
        return "quota_exhausted"
    return "unavailable"

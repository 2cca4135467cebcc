"""How a resume meets job adverts: similarity, ranking, skills. Pure; no files and no network."""

from ml_service.matching.job_description import match_job_description
from ml_service.matching.postings import matched_and_missing_skills, posting_text, rank_postings

__all__ = [
    "match_job_description",
    "matched_and_missing_skills",
    "posting_text",
    "rank_postings",
]

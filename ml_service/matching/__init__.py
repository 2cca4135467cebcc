"""How a resume meets job adverts: similarity, ranking, skills. Pure; no files and no network."""

from ml_service.matching.job_description import WordMatch, match_job_description
from ml_service.matching.meaning import is_calibrated, met_by_meaning, statements_near
from ml_service.matching.postings import matched_and_missing_skills, posting_text, rank_postings

__all__ = [
    "WordMatch",
    "is_calibrated",
    "match_job_description",
    "matched_and_missing_skills",
    "met_by_meaning",
    "posting_text",
    "rank_postings",
    "statements_near",
]

"""What regular expressions and lists of words find in a resume, to measure the profile against.

Written for the comparison, after the way of the usual small parsers: the first capitalised words
are the name, a line with "University" is the college, a known word is a skill wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_EMAIL = re.compile(r"[^@\s|]+@[^@\s|]+\.[A-Za-z]{2,}")
_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w-]+\.(?:com|org|net|io)/\S+")
_NAME = re.compile(r"\b([A-Z][\w.'-]+(?:\s+[A-Z][\w.'-]+){1,2})")
_TITLE_WORDS_TEXT = (
    "engineer developer manager analyst consultant administrator architect tester lead intern "
    "assistant associate executive officer specialist coordinator director designer supervisor "
    "technician representative accountant teacher nurse programmer scientist trainee"
)
_TITLE_WORDS = frozenset(_TITLE_WORDS_TEXT.split())
_EMPLOYER = re.compile(
    r"[A-Z][\w.&'-]*(?:\s+[A-Z][\w.&'-]*){0,5}\s+"
    r"(?:Inc|LLC|Ltd|Limited|Corp|Corporation|Company|Technologies|Solutions|Systems|Services|"
    r"Group|Labs|Bank|Consulting|Consultancy|Software|Infotech|Industries)\b\.?"
)
_COLLEGE = re.compile(r"\b(?:university|college|institute|school|academy|polytechnic)\b", re.I)
_DEGREE = re.compile(
    r"\b(?:B\.?\s?E|B\.?\s?S|M\.?\s?E|M\.?\s?S|B\.?\s?Tech|M\.?\s?Tech|B\.?\s?Sc|M\.?\s?Sc|B\.?\s?Com|"
    r"M\.?\s?Com|B\.?\s?A|M\.?\s?A|BCA|MCA|BBA|MBA|Ph\.?\s?D|SSC|HSC|CBSE|ICSE|Bachelor\S*|"
    r"Master\S*|Diploma)\b\.?"
)
_SKILLS_TEXT = (
    "python|java|javascript|c|c++|c#|.net|asp.net|sql|pl/sql|mysql|oracle|sql server|mongodb|html|"
    "css|jquery|angular|react|node.js|php|ruby|perl|linux|unix|windows|shell scripting|aws|azure|"
    "docker|kubernetes|jenkins|git|svn|jira|selenium|testing|manual testing|automation testing|"
    "agile|scrum|etl|informatica|tableau|power bi|excel|word|powerpoint|ms office|outlook|sap|"
    "abap|salesforce|crm|erp|hadoop|spark|hive|data analysis|machine learning|networking|security|"
    "active directory|vmware|cisco|tcp/ip|project management|team management|communication|"
    "leadership|customer service|sales|marketing|recruitment|accounting|budgeting|teamwork|xml|"
    "json|rest|soap|spring|hibernate|struts|eclipse|android|ios|swift|photoshop|autocad|matlab|"
    "kafka|terraform|postgresql|redis|graphql|typescript|go|rust|django|flask"
)
_SKILLS = tuple(_SKILLS_TEXT.split("|"))
_EDGES = " \t,;:-–—|•*"


def found_by_baseline(texts: Sequence[str]) -> Mapping[str, list[str]]:
    """Values by the names of fields of ``measure_profile``."""
    whole = "\n".join(texts)
    return {
        "e-mail": _EMAIL.findall(whole)[:1],
        "link": _LINK.findall(whole),
        "name": _NAME.findall(whole)[:1],
        "employer": [found.strip() for found in _EMPLOYER.findall(whole)],
        "title": list(_lines_with_title(texts)),
        "institution": list(_parts(texts, _COLLEGE)),
        "degree": [found.strip() for found in _DEGREE.findall(whole)],
        "skill": [skill for skill in _SKILLS if _stands_in(skill, whole)],
    }


def _lines_with_title(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        words = re.findall(r"[a-z]+", text.casefold())
        if len(words) <= 6 and not _TITLE_WORDS.isdisjoint(words):
            yield text.strip(_EDGES)


def _parts(texts: Sequence[str], pattern: re.Pattern[str]) -> Iterator[str]:
    parts = (part for text in texts for part in re.split(r"\s[-–|]\s|,", text))
    yield from (part.strip(_EDGES) for part in parts if pattern.search(part))


def _stands_in(skill: str, text: str) -> bool:
    return re.search(rf"(?<![\w+#.]){re.escape(skill)}(?![\w+#])", text, re.I) is not None

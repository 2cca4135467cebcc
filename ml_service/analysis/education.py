"""Education entries: degree, field, institution and years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ml_service.analysis.dates import DateRange, find_date, find_range
from ml_service.analysis.folding import without_bullet
from ml_service.domain.document import Line
from ml_service.domain.resume import Education

_DEGREE = re.compile(
    r"(?<![\w.])(?:"
    r"(?:Bachelor|Master|Associate|Doctor|Baccalaureate|Licentiate)(?:['’]?s)?(?:\s+Degree)?"
    r"(?:\s+of\s+(?:Applied\s+|Fine\s+|Business\s+|Professional\s+|Public\s+|Occupational\s+)?"
    r"(?:Arts?\s+and\s+Sciences?|Arts?|Sciences?|Administration|Business|Engineering|Technology|"
    r"Commerce|Laws?|Education|Philosophy|Architecture|Music|Health|Social\s+Work|Nursing|"
    r"Computer\s+Applications?|Medicine|Studies|Design|Accountancy|Public\s+Health))?"
    r"|Ph\.?\s?D\.?|D\.?B\.?A\.?|Doctorate|Juris Doctor|J\.D\.?|M\.?B\.?A\.?|E?MBA|BBA|BSN|MSN|"
    r"B\.?\s?Tech\.?|M\.?\s?Tech\.?|B\.\s?E\.?|M\.\s?E\.?|B\.?\s?Com\.?|M\.?\s?Com\.?|BCA|MCA|"
    r"B\.?\s?Sc\.?|M\.?\s?Sc\.?|B\.\s?S\.?|M\.\s?S\.?|B\.\s?A\.?|M\.\s?A\.?|BS|BA|MS|MA|AA|AS|AAS|"
    r"BFA|MFA|B\.?Ed|M\.?Ed|A\.A\.S?\.?|A\.S\.?|LL\.?[BM]\.?|"
    r"High\s+School(?:\s+Diploma)?|(?:Higher |National |Graduate |Post ?graduate |Advanced )?"
    r"Diplom(?:a|e|ado)?|GED|G\.E\.D\.?|Certificate|Certification|Abitur|Ausbildung|Diplom-\w+|"
    r"Staatsexamen|Licence|Baccalauréat|BTS|DUT|Licenciatura|Grado|Máster|Mestrado|Bacharelado|"
    r"Doctorado|Doutorado|Laurea(?:\s+(?:magistrale|triennale))?|Some\s+College|Coursework"
    r")(?![\w])(?:\s+(?:degree|diploma)\b)?",
    re.IGNORECASE,
)
_CASED = re.compile(r"^(?:bs|ba|ms|ma|aa|as|be|me|ged|bts|dut|licence|grado)$")
_SCHOOL = re.compile(
    r"\b(?:university|college|institute|school|academy|polytechnic|conservatory|seminary|"
    r"universität|hochschule|fachhochschule|gymnasium|berufsschule|"
    r"université|école|lycée|institut|faculté|universidad|instituto|colegio|escuela|"
    r"universidade|faculdade|escola|colégio|università|politecnico|istituto|liceo|"
    r"univ\.?|IIT|MIT|ETH|UCLA|Cordon Bleu|polytechnique)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*[|•·●\t–—]\s*|\s{3,}|\s+-\s+|\s*(?:ï¼|â€)\S*\s*|,\s(?=[A-Z])|\s(?=City\s?,)"
)
_AREA = re.compile(
    r"^(?:\s*(?::|,|in\b|of\b|en\b|em\b|-|–|—|\(|im\b))+\s*(?P<area>[^|:•(){}\t]+)", re.I
)
_NOISE = re.compile(
    r"City\s?,\s?State(?:\s?,\s?\w+)?|\bGPA\b.*$|\bCGPA\b.*$|(?<!ï¼)\u200b|â(?!€)|Â"
)
_MAX_AREA_WORDS = 8


@dataclass(slots=True)
class _Draft:
    institution: str | None = None
    area: str | None = None
    study_type: str | None = None
    dates: DateRange | None = None
    lines: list[str] = field(default_factory=list)

    def finished(self) -> Education | None:
        if self.institution is None and self.study_type is None:
            return None
        dates = self.dates
        single = dates is not None and dates.end is None and not dates.current
        return Education(
            institution=self.institution,
            area=self.area,
            study_type=self.study_type,
            start_date=None if dates is None or single else dates.start,
            end_date=None if dates is None else (dates.start if single else dates.end),
        )


def names_degree(text: str) -> bool:
    """True for a line with a degree or a school."""
    return _SCHOOL.search(text) is not None or any(
        not _CASED.match(found[0]) for found in _DEGREE.finditer(text)
    )


def find_education(blocks: Sequence[Sequence[Line]]) -> tuple[Education, ...]:
    """Entries in reading order; a single date is taken as the end."""
    found = (draft.finished() for block in blocks for draft in _drafts(block))
    return tuple(entry for entry in found if entry is not None)


def _drafts(lines: Sequence[Line]) -> Iterator[_Draft]:
    draft = _Draft()
    for line in lines:
        text = _NOISE.sub(" | ", without_bullet(line.text))
        dates = find_range(text) or find_date(text)
        degree, area, school = _degree(text, dates)
        again = (
            (degree and draft.study_type)
            or (school and draft.institution)
            or (dates and draft.dates and (draft.study_type or draft.institution))
        )
        if again:
            yield draft
            draft = _Draft()
        draft.study_type = draft.study_type or degree
        draft.area = draft.area or area
        draft.institution = draft.institution or school
        draft.dates = draft.dates or dates
    yield draft


def _degree(text: str, dates: DateRange | None) -> tuple[str | None, str | None, str | None]:
    """Degree, field and institution of one line, in whatever order they stand."""
    plain = text if dates is None else f"{text[: dates.begin]} | {text[dates.stop :]}"
    match = next((found for found in _DEGREE.finditer(plain) if not _CASED.match(found[0])), None)
    if match is not None and _SCHOOL.search(match[0]) and "diploma" not in match[0].casefold():
        match = None
    school = _institution(plain, match)
    if match is None:
        return None, None, school
    area = _AREA.match(plain[match.end() :])
    return match[0].strip(" ,"), _area(area["area"]) if area else None, school


def _area(text: str) -> str | None:
    part = _SPLIT.split(text)[0]
    found = find_date(part)
    part = (part if found is None else part[: found.begin]).strip(" ,.;-–—")
    school = _SCHOOL.search(part)
    if school is not None or not part or len(part.split()) > _MAX_AREA_WORDS:
        return None
    return part


def _institution(plain: str, degree: re.Match[str] | None) -> str | None:
    text = plain
    if degree is not None:
        text = f"{plain[: degree.start()]} | {plain[degree.end() :]}"
    for part in _SPLIT.split(text):
        named = part.strip(" ,.;:-–—()")
        if _SCHOOL.search(named) and len(named.split()) <= 12:
            found = re.sub(r"^(?:in|of|from|at|the)\s+", "", named)
            return re.sub(r"^.+?\s(?=University of\b)", "", found) or None
    return None

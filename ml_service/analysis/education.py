"""Education entries: degree, field, institution and years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ml_service.analysis.phrases.alternatives import any_of
from ml_service.analysis.phrases.dates import DateRange, find_date, find_range, goes_on
from ml_service.analysis.phrases.degrees import find_degree, holds_field, names_field, names_program
from ml_service.analysis.phrases.folding import is_bullet, without_bullet
from ml_service.analysis.phrases.paragraphs import is_open
from ml_service.analysis.phrases.places import is_region, without_place
from ml_service.analysis.phrases.wrapping import may_wrap
from ml_service.domain.document import Line
from ml_service.domain.resume import Education

_SCHOOLS_TEXT = (
    r"university|univercity|college|institute|school|academy|polytechnic|conservatory|"
    r"seminary|universität|hochschule|fachhochschule|gymnasium|berufsschule|realschule|"
    r"université|école|lycée|institut|faculté|universidad|universitat|instituto|colegio|escuela|"
    r"universidade|faculdade|escola|colégio|università|politecnico|istituto|liceo|"
    r"univ\.?|IIT|MIT|ETH|UCLA|Cordon Bleu|polytechnique"
)
_SCHOOL = re.compile(
    rf"\b(?:{any_of(_SCHOOLS_TEXT.split('|'))})\b|(?:schule|universität|akademie)\b", re.IGNORECASE
)
_SPLIT = re.compile(r"\s*[|•·●\t–—]\s*|\s{3,}|\s+-\s+|\s*(?:ï¼|â€)\S*\s*|\s(?=City\s?,)")
_COMMA = re.compile(r",\s*(?=[A-ZÀ-Þ])")
_AREA = re.compile(
    r"^(?:\s*(?::|,|in\b|of\b|en\b|em\b|-|–|—|\(|im\b|"
    r"(?:with\s+)?(?:a\s+)?major(?:ing)?\s+in\b))*\s*(?P<area>[^|:•·(){}\t]+)",
    re.I,
)
_NOISE = re.compile(r"City\s?,\s?State(?:\s?,\s?\w+)?|(?<!ï¼)\u200b|â(?!€)|Â")
_MARGIN = re.compile(
    r"\b(?:C?GPA|Grade|Note|Mention)\b.*$|\b\d\.\d+\s*(?:/\s*\d(?:\.\d+)?\s*)?GPA\b|"
    r"\b(?:Expected|Anticipated)?\s*Grad(?:uation|uated|\.)(?:\s+Date)?\s*"
    r"(?::|(?=\s*(?:[^\W\d_]+\.?\s+)?(?:19|20)\d\d))|"
    r"\b(?:Expected|Anticipated)\b|\b(?:Dates?|Location)\s*:",
    re.IGNORECASE,
)
_DETAIL = re.compile(
    r"^\W*(?:(?:relevant |key |selected )?(?:coursework|courses|modules)|honou?rs|activities|"
    r"thesis|advisor|supervisor|dean['’]?s|(?:cumulative |overall |major )?c?gpa|cum\.|minor|"
    r"grade|awards?|scholarship|(?:magna |summa )?cum laude|valedictorian|dissertation|"
    r"concentration|graduated (?:with|cum))\b",
    re.IGNORECASE,
)
_MAJOR = re.compile(r"^\W*(?:major|majored)(?:\s+in|\s*:)\s*(?P<area>[^;|,]+)", re.IGNORECASE)
_KIND_OF_UNIVERSITY_TEXT = (
    "technical technological catholic open free national federal state royal medical metropolitan "
    "american international the pontifical islamic military applied agricultural central western "
    "eastern northern southern"
)
_KIND_OF_UNIVERSITY = frozenset(_KIND_OF_UNIVERSITY_TEXT.split())
_HAS_CAMPUS = re.compile(r"\w\s+(?:universit\w+|univ\.)|universi\w+\s+(?:of|de|di|zu)\s", re.I)
_MAX_AREA_WORDS = 8
_MAX_SCHOOL_WORDS = 12
_MAX_UNKNOWN_WORDS = 7


@dataclass(frozen=True, slots=True)
class _Told:
    """What one line tells; ``unknown`` may be a school or a field that no word gives away."""

    study_type: str | None = None
    area: str | None = None
    institution: str | None = None
    dates: DateRange | None = None
    unknown: str | None = None


@dataclass(slots=True)
class _Draft:
    study_type: str | None = None
    area: str | None = None
    institution: str | None = None
    dates: DateRange | None = None
    unknown: list[_Told] = field(default_factory=list)

    def add(self, told: _Told) -> None:
        self.study_type = self.study_type or told.study_type
        self.area = self.area or told.area
        self.institution = self.institution or told.institution
        self.dates = self.dates or told.dates
        if told.unknown is not None:
            self.unknown.append(told)

    def finished(self) -> Education | None:
        self._settle_unknown()
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

    def _settle_unknown(self) -> None:
        """A field beside a degree without one, else the school: the dated line before others."""
        if self.study_type is None:
            return
        for told in sorted(self.unknown, key=lambda item: item.dates is None):
            text = told.unknown
            if text is None:
                continue
            if self.area is None and told.dates is None and names_field(text):
                self.area = text
            elif self.institution is None and not names_field(text):
                self.institution = text


def names_degree(text: str) -> bool:
    """True for a line with a degree or a school."""
    return _SCHOOL.search(text) is not None or find_degree(text) is not None


def is_another_fact(text: str, following: str) -> bool:
    """Below a degree that fills its line a school of two words, or another degree, is new."""
    degree = find_degree(text)
    if is_open(text) or (degree is None and not _SCHOOL.search(text)):
        return False
    if find_degree(following) is not None:
        return True
    begun = text[degree.end() :].rpartition(",")[2].strip() if degree else ""
    if begun and "," in text and not names_field(begun):
        return False
    named = following.partition(",")[0]
    return _SCHOOL.search(named) is not None and len(named.split()) > 1


def find_education(blocks: Sequence[Sequence[Line]]) -> tuple[Education, ...]:
    """Entries in reading order; a single date is taken as the end."""
    found = (draft.finished() for block in blocks for draft in _drafts(block))
    return tuple(entry for entry in found if entry is not None)


def _drafts(lines: Sequence[Line]) -> Iterator[_Draft]:
    draft = _Draft()
    school_first = False
    for line in _without_details(lines):
        major = _MAJOR.match(line.text)
        if major is not None:
            draft.area = draft.area or major["area"].strip()
            continue
        told = _told_by(line.text)
        if _begins_another(told, draft, school_first=school_first):
            before = _Draft()
            if school_first and draft.unknown and draft.institution and told.institution is None:
                before.add(draft.unknown.pop())
            if not _is_part_of(draft, told):
                yield draft
                draft = before
        elif draft.study_type is None and (told.institution or told.unknown):
            school_first = school_first or told.study_type is None
        draft.add(told)
    yield draft


def _without_details(lines: Sequence[Line]) -> list[Line]:
    """Without courses, honours and the like; bullets below plain entries are details as well."""
    lines = _with_wrapped_degrees(_with_whole_dates(lines))
    plain = [line for line in lines if not is_bullet(line.text)]
    kept = plain if any(names_degree(line.text) for line in plain) else lines
    return [line for line in kept if not _DETAIL.match(line.text) or names_degree(line.text)]


def _with_whole_dates(lines: Sequence[Line]) -> list[Line]:
    whole: list[Line] = []
    for line in lines:
        if whole and goes_on(whole[-1].text.strip(), line.text.strip()):
            whole[-1] = replace(whole[-1], text=f"{whole[-1].text.strip()} {line.text.strip()}")
        else:
            whole.append(line)
    return whole


def _with_wrapped_degrees(lines: Sequence[Line]) -> list[Line]:
    """``Bachelor of Arts in English`` and below it, in a narrow column, ``Literature``."""
    whole: list[Line] = []
    for line in lines:
        if whole and _is_rest_of_degree(lines, whole[-1], line):
            whole[-1] = replace(line, text=f"{whole[-1].text.strip()} {line.text.strip()}")
        else:
            whole.append(line)
    return whole


def _is_rest_of_degree(lines: Sequence[Line], degree: Line, line: Line) -> bool:
    if _is_rest_of_row(degree.text, line.text) and may_wrap(lines, degree, line):
        return True
    named = find_degree(degree.text) is not None and not _SCHOOL.search(degree.text)
    if not named or is_bullet(line.text) or find_date(degree.text) is not None:
        return False
    if degree.text.rstrip().endswith((" in", " of", " and", " &")):
        return True
    begun = line.text.partition(",")[0]
    if degree.text[-1:].isalpha() and len(begun.split()) <= 2 and names_field(begun):
        return may_wrap(lines, degree, line)
    if names_degree(line.text) or find_date(line.text) is not None:
        return False
    return degree.bold and len(line.text.split()) <= 4 and may_wrap(lines, degree, line)


def _is_rest_of_row(text: str, following: str) -> bool:
    """``Diploma in Law, Springfield`` and below it ``Academy, 2019``: one row up to its date."""
    dates = find_range(following) or find_date(following)
    if dates is None or not following[: dates.begin].strip(" ,") or find_degree(following):
        return False
    ends = not following[dates.stop :].strip()
    return ends and "," in text and find_degree(text) is not None and find_date(text) is None


def _begins_another(told: _Told, draft: _Draft, *, school_first: bool) -> bool:
    named = draft.study_type or draft.institution
    if told.study_type and draft.study_type:
        return True
    if told.institution and draft.institution:
        return True
    if told.dates and draft.dates and named:
        return True
    fresh = told.unknown is not None and told.dates is None and not names_field(told.unknown)
    return bool(fresh and school_first and draft.study_type and draft.institution and draft.dates)


def _is_part_of(draft: _Draft, told: _Told) -> bool:
    """``College of Engineering`` below a whole entry is a part of that university."""
    whole = draft.study_type and draft.institution and draft.dates
    only = told.study_type is None and told.dates is None and told.institution is not None
    part = re.match(
        r"(?:College|School|Faculty|Institute|Department)\s+of\s", told.institution or ""
    )
    return bool(whole and only and part)


def _told_by(written: str) -> _Told:
    """Degree, field and institution of one line, in whatever order they stand."""
    text = _MARGIN.sub(" | ", _NOISE.sub(" | ", without_bullet(written)))
    dates = find_range(text) or find_date(text)
    plain = text if dates is None else f"{text[: dates.begin]} | {text[dates.stop :]}"
    match = find_degree(plain)
    if match is not None and _SCHOOL.search(match[0]) and "diploma" not in match[0].casefold():
        match = None
    rest = plain if match is None else f"{plain[: match.start()]} | {plain[match.end() :]}"
    school = _institution(rest)
    if match is not None:
        area = _AREA.match(plain[match.end() :])
        named = _area(area["area"]) if area else None
        joined = (
            area is not None and area.start("area") > 0 and area[0].strip() != area["area"].strip()
        )
        if named is not None and not joined and not holds_field(named):
            named = None
        return _Told(match[0].strip(" ,"), named, school, dates)
    unknown = None if school or is_bullet(written) else _unknown(rest)
    if unknown is not None and names_program(unknown):
        return _Told(study_type=unknown, dates=dates)
    return _Told(institution=school, dates=dates, unknown=unknown)


def _area(text: str) -> str | None:
    part = _COMMA.split(_SPLIT.split(text)[0])[0]
    found = find_date(part)
    part = (part if found is None else part[: found.begin]).strip(" ,.;-–—")
    part = re.split(r"\s+(?:from|at|with)\s+|\s+,|,\s*(?=\d)", part)[0]
    school = _SCHOOL.search(part)
    if school is not None or not part or len(part.split()) > _MAX_AREA_WORDS:
        return None
    if any(map(str.isdigit, part)) or len(part) < 3 or part.count("(") != part.count(")"):
        return None
    return part if part[0].isalpha() else None


def _institution(rest: str) -> str | None:
    for part in _SPLIT.split(rest):
        pieces = [piece.strip(" ,.;:-–—") for piece in _COMMA.split(without_place(part))]
        for index, piece in enumerate(pieces):
            if _SCHOOL.search(piece) and len(piece.split()) <= _MAX_SCHOOL_WORDS:
                return _with_campus(_bare_school(piece), pieces[index + 1 :])
    return None


def _bare_school(piece: str) -> str | None:
    found = re.sub(r"^(?:in|of|from|at|the)\s+", "", piece.strip("()").strip())
    before, university, after = found.partition("University of ")
    kinds = [word for word in before.split() if word.casefold() not in _KIND_OF_UNIVERSITY]
    return (f"{university}{after}" if university and kinds else found) or None


def _with_campus(school: str | None, following: Sequence[str]) -> str | None:
    """``State University, Springfield``: one word more that is no region is a part of the name."""
    if school is None or len(following) != 1 or not _HAS_CAMPUS.search(school):
        return school
    campus = following[0]
    known = is_region(campus) or find_degree(campus) or names_field(campus)
    if known or not campus or len(campus.split()) > 2 or not campus.replace(" ", "").isalpha():
        return school
    return f"{school}, {campus}"


def _unknown(rest: str) -> str | None:
    """A short piece in capitals, no sentence: the name of a school or of a field."""
    for part in _SPLIT.split(rest):
        text = without_place(part).strip(" ,.;:-–—()")
        words = text.split()
        if not words or len(words) > _MAX_UNKNOWN_WORDS or any(map(str.isdigit, text)):
            continue
        if text.count("(") != text.count(")") or is_region(f"United {words[-1]}"):
            continue
        small = [word for word in words if word[0].islower() and len(word) > 3]
        if words[0][0].isupper() and not small and any(map(str.isalpha, text)):
            return text
    return None

"""Degrees, and the field that is named beside them, in six languages."""

from __future__ import annotations

import re

from ml_service.analysis.phrases.alternatives import any_of
from ml_service.analysis.phrases.folding import words_of

_IN_FIELD = (
    r"(?:['’]?s)?(?:\s+Degree)?"
    r"(?:\s+(?:of|in(?=\s+Business\s+Admin))\s+(?:Applied\s+|Fine\s+|Business\s+|Professional\s+|"
    r"Public\s+|Occupational\s+|Computer\s+)?"
    r"(?:Arts?\s+and\s+Sciences?|Arts?|Sciences?|Administration|Business|Engineering|Technology|"
    r"Commerce|Laws?|Education|Philosophy|Architecture|Music|Health|Social\s+Work|Nursing|"
    r"Applications?|Medicine|Studies|Design|Accountancy|Public\s+Health|Finance|Surgery|"
    r"Pharmacy|Management|Theology|Divinity))?"
)
_GRADES = ("Bachelor", "Master", "Associate", "Doctor", "Baccalaureate", "Licentiate")
_KINDS_OF_DIPLOMA = ("Higher ", "National ", "Graduate ", "Post[ -]?graduate ", "PG ", "Advanced ")
_DEGREES_TEXT = (
    r"Ph\.?\s?D\.?|D\.?B\.?A\.?|Doctorate|Juris Doctor|J\.D\.?|M\.?B\.?A\.?|EMBA|BBA|"
    r"B\.?B\.?M\.?|BSN|MSN|BSW|MSW|MPH|MPA|MPhil|M\.?\s?Phil\.?|MEng|BEng|M\.Eng\.?|B\.Eng\.?|"
    r"M\.Arch|B\.?Arch|"
    r"B\.?\s?-?\s?Tech\.?|M\.?\s?-?\s?Tech\.?|B\.\s?E\.?|M\.\s?E\.?|B\.?\s?Com\.?|M\.?\s?Com\.?|BCA|MCA|"
    r"B\.?\s?Sc\.?|M\.?\s?Sc\.?|B\.\s?S\.?|M\.\s?S\.?|B\.\s?A\.?|M\.\s?A\.?|BS|BA|MS|MA|AA|AS|AAS|"
    r"BFA|MFA|B\.F\.A\.?|M\.F\.A\.?|B\.M\.?|M\.M\.?|B\.?Ed|M\.?Ed|A\.A\.S?\.?|A\.S\.?|LL\.?[BM]\.?|"
    r"M\.?B\.?B\.?S\.?|D\.?D\.?S\.?|B\.?Pharm|M\.?Pharm|PGDM|PGDBM|PGDCA|S\.?S\.?C\.?|H\.?S\.?C\.?|"
    r"S\.?S\.?L\.?C\.?|C\.?B\.?S\.?E\.?|I\.?C\.?S\.?E\.?|10th|12th|High\s+School(?:\s+Diploma)?"
)
_OTHER_DEGREES_TEXT = (
    r"GED|G\.E\.D\.?|Certificate|Certification|Abitur|Ausbildung|"
    r"Diplom-\w+|Magister|Staatsexamen|Mittlere Reife|Fachabitur|Licence|Baccalauréat|Maîtrise|"
    r"Doctorat|BTS|DUT|Licenciatura|Licenciado|Grado|Máster|Bachillerato|Mestrado|Bacharelado|Graduação|"
    r"Doctorado|Doutorado|Laurea\s+magistrale|Laurea\s+triennale|Laurea|Maturità|Dottorato|Some\s+College"
)
_DEGREES = any_of(
    [
        *(grade + _IN_FIELD for grade in _GRADES),
        *_DEGREES_TEXT.split("|"),
        *(f"{kind}Diplom(?:a|e|ado)?" for kind in ("", *_KINDS_OF_DIPLOMA)),
        *_OTHER_DEGREES_TEXT.split("|"),
    ]
)
DEGREE = re.compile(rf"(?<![\w.])(?:{_DEGREES})(?![\w])(?:\s+(?:degree|diploma)\b)?", re.IGNORECASE)
_CASED = re.compile(r"^(?:bs|ba|ms|ma|aa|as|be|me|ged|bts|dut|licence|grado)$|^(?:Be|Me|As|Ms|Ma)$")
_PROGRAM = re.compile(r"\b(?:program(?:me)?|bootcamp|immersive|nanodegree)\b", re.I)
_FIELDS_TEXT = (
    "science sciences engineering arts art business administration accounting accountancy finance "
    "management marketing psychology nursing biology chemistry physics mathematics maths history "
    "english economics communications communication studies technology design law literature "
    "philosophy sociology statistics informatics politics government commerce criminal justice "
    "operations conservation planning needs care analytics security "
    "computing computer electronics electrical mechanical civil music theatre journalism "
    "informatik maschinenbau betriebswirtschaftslehre wirtschaft recht medizin informatique droit "
    "gestion économie ingeniería informática derecho administración engenharia direito economia "
    "ingegneria giurisprudenza"
)
_FIELDS = frozenset(_FIELDS_TEXT.split())
_MAX_PROGRAM_WORDS = 8


def find_degree(text: str) -> re.Match[str] | None:
    """The first degree of a line; letters such as "ms" or "Be" are none unless in capitals."""
    return next(
        (
            found
            for found in DEGREE.finditer(text)
            if not _CASED.match(found[0]) and not _is_state(found, text)
        ),
        None,
    )


def _is_state(found: re.Match[str], text: str) -> bool:
    """The ``MA`` of "Boston, MA"."""
    before = text[: found.start()].rstrip()
    return found[0] in {"MA", "MS"} and before.endswith(",") and DEGREE.search(before) is None


def names_program(text: str) -> bool:
    """``Full-Stack Web Development Program``: a course of its own, without a degree."""
    return len(text.split()) <= _MAX_PROGRAM_WORDS and _PROGRAM.search(text) is not None


def names_field(text: str) -> bool:
    words = words_of(text)
    return bool(words) and (words[-1] in _FIELDS or words[0] in _FIELDS)


def holds_field(text: str) -> bool:
    return not _FIELDS.isdisjoint(words_of(text))

"""Degrees, licences and languages: what an advert asks for and a resume states in known words."""

from __future__ import annotations

import re
from collections.abc import Iterable

# From low to high: a higher degree meets a demand for a lower one.
_DEGREES = {
    "High school diploma": r"high[- ]school (?:diploma|graduate)|\bGED\b",
    "Associate degree": r"\bassociate(?:['’]?s)? degree|\bassociate of (?:arts|science|applied)",
    "Bachelor's degree": (
        r"\bbachelor(?:['’]?s)?\b|\bB\.?Sc\b|\bB\.(?:A|S)\.|\bBEng\b|\bundergraduate degree"
    ),
    "Master's degree": (
        r"\bmaster['’]s\b|\bmasters degree|\bmasters? of (?:science|arts|education|business|"
        r"engineering|public|social|nursing|philosophy)|\bM\.?Sc\b|\bM\.S\.|\bMBA\b|\bMEng\b"
    ),
    "Doctorate": (
        r"\bPh\.?\s?D\b|\bdoctorate\b|\bdoctoral degree|"
        r"\bdoctor of (?:philosophy|medicine|education)"
    ),
}
_LICENCES = {
    "Driving licence": r"\bdriv(?:ing|er['’]?s?) licen[cs]e",
    "Commercial driver's license": r"\bCDL\b|commercial driver['’]?s licen[cs]e",
    "Registered nurse": (
        r"\bregistered (?:\w+ )?nurse\b|\bRGN\b|\bRMN\b|\bR\.?N\.?(?= licen|\s*\(|$)"
    ),
    "Nursing and Midwifery Council registration": (r"\bNMC\b|nursing (?:and|&) midwifery council"),
    "Health and Care Professions Council registration": (
        r"\bHCPC\b|health (?:and|&) care professions council"
    ),
    "General Medical Council registration": r"\bGMC\b|general medical council",
    "Basic life support": r"\bBLS\b|basic life support",
    "Advanced cardiovascular life support": r"\bACLS\b|advanced cardi\w+ life support",
    "Cardiopulmonary resuscitation": r"\bCPR\b|cardiopulmonary resuscitation",
    "First aid": r"\bfirst[- ]aid",
    "Teaching license": (
        r"\bteach(?:ing|er['’]?s?) (?:licen[cs]e|certificate|credential|certification)|"
        r"\bqualified teacher status\b|\bQTS\b|\blicensed teacher"
    ),
    "Security clearance": r"\bsecurity clearance",
    "Certified public accountant": r"\bCPA\b|certified public accountant",
    "Chartered accountant": r"\bACCA\b|\bCIMA\b|chartered accountant",
    "Project Management Professional": r"\bPMP\b|project management professional",
}
_LANGUAGES = (
    "Arabic Bengali Cantonese Dutch French German Greek Hindi Italian Japanese Korean Mandarin "
    "Polish Portuguese Punjabi Russian Spanish Swedish Turkish Ukrainian Urdu Vietnamese Welsh"
)
_SPOKEN = frozenset(_LANGUAGES.split())
_SPEAKING = re.compile(
    r"\bfluen|\bspeak|\bspoken|\blanguage|\blingual|bilingual|\bproficien|\bwritten", re.IGNORECASE
)
_FOUND_BY = {
    **{name: re.compile(words, re.IGNORECASE) for name, words in _DEGREES.items()},
    **{name: re.compile(words, re.IGNORECASE) for name, words in _LICENCES.items()},
    **{name: re.compile(rf"\b{name}\b") for name in _LANGUAGES.split()},
}
_LEVELS = tuple(_DEGREES)


def credentials_in(text: str) -> tuple[str, ...]:
    """Names of what the text asks for; languages only where it is about speaking them."""
    found = [name for name, pattern in _FOUND_BY.items() if pattern.search(text)]
    if not _SPEAKING.search(text):
        found = [name for name in found if name not in _SPOKEN]
    return without_higher_degrees(found)


def without_higher_degrees(names: Iterable[str]) -> tuple[str, ...]:
    """Of several degrees only the lowest, which then is enough: "Bachelor's or Master's"."""
    kept = tuple(names)
    degrees = sorted((name for name in kept if name in _LEVELS), key=_LEVELS.index)
    return tuple(name for name in kept if name not in degrees[1:])


def states_credential(line: str, name: str) -> bool:
    """True when the line of a resume names it, or a higher degree; False for other names."""
    if name in _LEVELS:
        enough = _LEVELS[_LEVELS.index(name) :]
    else:
        enough = (name,) if name in _FOUND_BY else ()
    return any(_FOUND_BY[one].search(line) for one in enough)

"""The rules of before, to measure the present ones against: a score weighted by hand, and the
language that py3langid names for the first 3,000 characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

import py3langid

from ml_service.analysis.education import names_degree
from ml_service.analysis.person.contact import has_email_or_phone
from ml_service.analysis.person.identity import find_identity
from ml_service.analysis.phrases.dates import find_date, find_range
from ml_service.analysis.phrases.folding import fold
from ml_service.domain.document import ExtractedText
from ml_service.domain.resume import ResumeProfile

_CAREER_SECTIONS = frozenset({"work", "education", "skills", "summary", "certificates"})
_ENOUGH = 2.75
_ADVERT = re.compile(
    r"\b(?:we are (?:looking|seeking|hiring|recruiting)|we offer|you will|you'll|your responsib|"
    r"about the (?:role|job|position|company)|about us|who we are|what we offer|what you|"
    r"(?:the )?(?:successful|ideal) candidate|apply (?:now|today|online|via|by)|to apply|"
    r"equal opportunity employer|job (?:description|summary|type|title|purpose)|"
    r"essential (?:duties|functions)|closing date|salary range|our client|our team|join our|"
    r"reports to|key responsibilities|minimum qualifications|preferred qualifications|"
    r"required qualifications|person specification|benefits include|join us|we're|"
    r"wir suchen|wir bieten|ihre aufgaben|nous recherchons|ofrecemos|buscamos|offriamo)\b"
)
_PAPER = re.compile(
    r"\b(?:invoice|subtotal|amount due|total due|vat|bill to|payment terms|due date|quantity|"
    r"unit price|rechnung|rechnungsnummer|facture|montant|factura|fattura|purchase order|"
    r"ingredients|preheat|tablespoons?|teaspoons?|tbsp|tsp|oven|stir|simmer|"
    r"lorem ipsum|dolor sit amet|consectetur|abstract|et al|theorem|doi|isbn|"
    r"table of contents|chapter \d|hereinafter|whereas|plaintiff|terms and conditions|"
    r"dear (?:sir|madam|mr|ms|hiring)|yours sincerely|sincerely|privacy policy)\b"
)
_CODE = re.compile(
    r"^\s*(?:def |class |import |from \w+ import|#include|public |private |return\b|if \(|for \(|"
    r"while \(|function |const |let |var |\}|\{|<\?|</?\w+>|//|/\*|@\w+|SELECT |INSERT )"
    r"|[;{]\s*$"
)


def was_refused(extracted: ExtractedText, profile: ResumeProfile) -> bool:
    texts = [line.text for line in extracted.lines]
    return _in_favour(texts, profile) - _against(texts) < _ENOUGH


def was_english(extracted: ExtractedText, profile: ResumeProfile) -> bool:
    identity = find_identity(extracted.lines, profile.sections)
    texts = [line.text for line in extracted.lines if line.order not in identity.kept]
    sample = " ".join(texts).casefold()[:3000]
    few = sum(mark.isalpha() for mark in sample) < 20
    return few or py3langid.classify(sample)[0] == "en"


def _in_favour(texts: Sequence[str], profile: ResumeProfile) -> float:
    dated = [job for job in profile.work if job.start_date is not None]
    titled = [job for job in profile.work if job.position is not None]
    kinds = {section.kind for section in profile.sections} & _CAREER_SECTIONS
    studies = [entry for entry in profile.education if entry.study_type or entry.end_date]
    ranges = sum(find_range(text) is not None for text in texts)
    years = sum(find_date(text) is not None for text in texts)
    degrees = sum(names_degree(text) for text in texts)
    reachable = any(has_email_or_phone(text) for text in texts[:12])
    return (
        1.5 * min(len(dated), 2)
        + 0.75 * min(len(titled), 2)
        + 0.8 * len(kinds)
        + 1.0 * min(len(studies), 2)
        + 0.2 * min(len(profile.skills), 3)
        + 0.5 * min(ranges, 4)
        + 0.15 * min(years, 6)
        + 0.4 * min(degrees, 3)
        + 0.5 * reachable
    )


def _against(texts: Sequence[str]) -> float:
    whole = fold(" ".join(texts))
    adverts = len(set(_ADVERT.findall(whole)))
    papers = len(set(_PAPER.findall(whole)))
    code = sum(_CODE.search(text) is not None for text in texts)
    return (
        0.9 * max(0, adverts - 1)
        + 0.8 * max(0, papers - 1)
        + (6.0 if code > 0.2 * len(texts) else 0.0)
    )

"""What speaks for a text being a resume and what against it, as numbers that a reader can check."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ml_service.analysis.education import names_degree
from ml_service.analysis.phrases.alternatives import any_of
from ml_service.analysis.phrases.dates import DateRange, find_date, find_range
from ml_service.analysis.phrases.folding import fold, without_bullet
from ml_service.analysis.phrases.title_words import has_occupation
from ml_service.domain.resume import ResumeProfile

_CAREER_SECTIONS: frozenset[str] = frozenset(
    {"work", "education", "skills", "summary", "certificates"}
)
_ADDRESS_TEXT = (
    "you your you'll you're you've yours yourself we our us we're we've ours "
    "will must should shall may can could would might cannot"
)
_ADDRESS = frozenset(_ADDRESS_TEXT.split())
_PROSE_TEXT = (
    "is are was were be been being has have had does do did am isn't aren't "
    "the a an this that these those it its which who what when if not but or as by than then "
    "there"
)
_PROSE = frozenset(_PROSE_TEXT.split())
_ADVERT_TEXT = (
    "candidate candidates applicant applicants apply application applications hiring vacancy role "
    "position salary benefits employer required requirements requirement preferred qualifications "
    "desirable essential opportunity opportunities eligible "
    "ideal successful seeking duties responsibilities responsible incumbent ability "
    "willingness must job jobs join"
)
_ADVERT_WORDS = frozenset(_ADVERT_TEXT.split())
_ADVERT_PHRASE = re.compile(
    r"\b(?:we are (?:looking|seeking|hiring|recruiting)|we offer|you will|you'll|your responsib|"
    r"about the (?:role|job|position|company)|about us|who we are|what we offer|what you|"
    r"(?:the )?(?:successful|ideal) candidate|apply (?:now|today|online|via|by)|to apply|"
    r"equal opportunity employer|job (?:description|summary|type|title|purpose)|"
    r"essential (?:duties|functions)|closing date|salary range|our client|our team|join our|"
    r"reports to|key responsibilities|minimum qualifications|preferred qualifications|"
    r"required qualifications|person specification|benefits include|join us|we're)\b"
)
_OTHER_GENRES_TEXT = (
    r"copyright|all rights reserved|licen[sc]e|version|changelog|upstream|dear|sincerely|"
    r"yours|regards|subject|invoice|subtotal|total|amount|balance|price|qty|quantity|payment|"
    r"account no|patient|diagnosis|minutes|agenda|page|chapter|section|figure|table|abstract|"
    r"introduction|conclusion|week|semester|ects|credits|grade|signature|signed|agreement|hereby|"
    r"ipsum|dolor|ingredients|"
    r"rechnung|rechnungsnummer|mwst|zutaten|facture|montant|factura|importe|"
    r"ingredientes|fattura|importo|ingredienti|faktura"
)
_OTHER_GENRE = re.compile(rf"\b(?:{any_of(_OTHER_GENRES_TEXT.split('|'))})\b")
_CODE = re.compile(
    r"^\s*(?:def |class |import |from \w+ import|#include|public |private |return\b|if \(|for \(|"
    r"while \(|function |const |let |var |\}|\{|<\?|</?\w+>|//|/\*|@\w+|SELECT |INSERT )"
    r"|[;{]\s*$"
)
_AMOUNT = re.compile(r"\b\d{1,3}(?:[,.]\d{3})*[.,]\d{2}\b|[$€£]\s?\d|\d\s?[€£]")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_MAX_ENTRY_CHARS = 90
# Added to the lengths: a share of very few says little.
_SMOOTHING_WORDS = 20
_SMOOTHING_LINES = 8


def clues_of(texts: Sequence[str], profile: ResumeProfile) -> dict[str, float]:
    """Counts and shares (in a hundred words), each with a limit above which more says no more.

    ``texts`` are the redacted lines in order: who somebody is must not decide.
    """
    digits = [any(map(str.isdigit, text)) for text in texts]
    ranges = [find_range(text) if has else None for text, has in zip(texts, digits, strict=True)]
    degrees = [len(text) <= _MAX_ENTRY_CHARS and names_degree(text) for text in texts]
    studies = sum(bool(entry.study_type or entry.end_date) for entry in profile.education)
    return {
        "dated_jobs": min(sum(job.start_date is not None for job in profile.work), 4),
        "titled_jobs": min(sum(job.position is not None for job in profile.work), 4),
        "sections": len(career_sections(profile)),
        "studies": min(studies, 3),
        "ranges": min(sum(found is not None for found in ranges), 6),
        "open_ranges": min(sum(found is not None and found.current for found in ranges), 2),
        "titles_by_ranges": min(_titles_near(ranges, texts), 4),
        "degrees": min(sum(degrees), 4),
        "dated_degrees": min(_dates_near(degrees, texts), 3),
        **_wording(texts),
    }


def career_sections(profile: ResumeProfile) -> frozenset[str]:
    return frozenset(section.kind for section in profile.sections) & _CAREER_SECTIONS


def kinds_of_other_text(texts: Sequence[str]) -> int:
    """How many different words of invoices, letters, papers and the like there are."""
    return len(set(_OTHER_GENRE.findall(fold(" ".join(texts)))))


def share_of_code(texts: Sequence[str]) -> float:
    return sum(_CODE.search(text) is not None for text in texts) / max(1, len(texts))


def _wording(texts: Sequence[str]) -> dict[str, float]:
    whole = fold(" ".join(texts))
    words = Counter(_WORD.findall(whole))
    n_words = words.total() + _SMOOTHING_WORDS
    n_tokens = len(whole.split()) + _SMOOTHING_WORDS
    in_past = sum(count for word, count in words.items() if _is_past(word))
    verbs_first = sum(map(_begins_with_verb, texts)) / (len(texts) + _SMOOTHING_LINES)
    return {
        "verbs_first": min(verbs_first, 0.6),
        "past_tense": min(100 * in_past / n_words, 12),
        "advert_phrases": min(len(set(_ADVERT_PHRASE.findall(whole))), 8),
        "advert_words": min(100 * sum(words[word] for word in _ADVERT_WORDS) / n_words, 8),
        "other_genres": min(kinds_of_other_text(texts), 8),
        "address": min(100 * sum(words[word] for word in _ADDRESS) / n_words, 10),
        "prose": min(100 * sum(words[word] for word in _PROSE) / n_words, 25),
        "amounts": min(100 * len(_AMOUNT.findall(whole)) / n_tokens, 10),
        "code": min(share_of_code(texts), 0.5),
    }


def _is_past(word: str) -> bool:
    return len(word) > 4 and word.endswith("ed")


def _begins_with_verb(text: str) -> bool:
    first = _WORD.search(fold(without_bullet(text)))
    word = first[0] if first else ""
    return _is_past(word) or (len(word) > 5 and word.endswith("ing"))


def _titles_near(ranges: Sequence[DateRange | None], texts: Sequence[str]) -> int:
    """How many ranges have a line that names an occupation at most two lines away."""
    around = [range(at - 2, at + 3) for at, found in enumerate(ranges) if found is not None]
    near = {at for lines in around for at in lines if 0 <= at < len(texts)}
    titled = {at for at in near if _names_title(texts[at])}
    return sum(not titled.isdisjoint(lines) for lines in around)


def _dates_near(degrees: Sequence[bool], texts: Sequence[str]) -> int:
    """How many lines with a date have a degree or a school in them or in the next line."""
    return sum(
        any(degrees[max(0, at - 1) : at + 2]) and find_date(text) is not None
        for at, text in enumerate(texts)
    )


def _names_title(text: str) -> bool:
    return len(text) <= _MAX_ENTRY_CHARS and has_occupation(text)

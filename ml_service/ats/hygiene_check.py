"""What does not belong in a resume: nothing below a heading, references, identity numbers,
stuffed keywords, hidden text."""

from __future__ import annotations

import re
from collections import Counter

from ml_service.ats.content_checks import has_content
from ml_service.ats.rubric import (
    KEYWORD_LIST_FUNCTION_SHARE,
    KEYWORD_LIST_MIN_WORDS,
    LISTED_FUNCTION_SHARE,
    LISTED_ITEM_WORDS,
    LISTED_WORDS_SHARE,
    REPEATED_WORD_COUNT,
    REPEATED_WORD_SHARE,
)
from ml_service.ats.submission import Finding, Submission
from ml_service.ats.words import FUNCTION_WORDS, LATIN_LETTERS, words_of

_MIN_LETTERS = 3
_HIDDEN_WARNING = "hidden"
_BETWEEN_ITEMS = re.compile(r"[,;|/•·●▪]|\s[-–—]\s|\s{2,}")
_REFERENCES = re.compile(
    r"\breferences?\b.{0,30}\b(?:request|demand)\b|^\W*references?\W*$|"
    r"^\W*(?:referenzen|références|referencias|referências|referenze)\W*$",
    re.IGNORECASE,
)
_SOCIAL_SECURITY = re.compile(
    r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])"
)
_NUMBER_LABEL = re.compile(
    r"\b(?:ssn|social security|passport|national id(?:entity)?|identity card|aadhaar|"
    r"national insurance|nino|driver['’]?s?[ -]licen[cs]e|tax id|personalausweis|reisepass|"
    r"steuer-?id|dni|nie|cpf|codice fiscale)\b",
    re.IGNORECASE,
)
_LABEL_REACH = 30
_DIGIT = re.compile(r"\d")
_MIN_DIGITS = 4
_NUMBER_BEHIND = re.compile(
    r"\W{0,4}(?:no|number|nr|num)?\W{0,4}[A-Z]{0,6}(?:[ .-]?\d){4}", re.IGNORECASE
)


def check_hygiene(submission: Submission) -> Finding:
    found = {
        "Fill or remove the headings with nothing below them.": empty_sections(submission),
        "Remove references: they are asked for when they are wanted.": references(submission),
        "Remove numbers of identity documents: nobody needs them to invite you.": (
            identity_numbers(submission)
        ),
        "Replace repeated or listed keywords by sentences about what was done.": (
            stuffing(submission)
        ),
    }
    n_parts = len(found) + has_hidden_text(submission)
    n_clean = sum(not orders for orders in found.values())
    fixes = [fix for fix, orders in found.items() if orders]
    if has_hidden_text(submission):
        fixes.append("Remove hidden text: white or tiny letters are found and held against you.")
    bad = [order for orders in found.values() for order in orders]
    shown = bad or [word.order for word in submission.words[:1]]
    return Finding(
        share=n_clean / n_parts,
        evidence=submission.evidence(shown),
        fix=" ".join(fixes) or None,
    )


def empty_sections(submission: Submission) -> list[int]:
    """Headings with nothing below them, unless another section of the kind says something.

    Items of a list ("Computer Skills") can look like headings; where the kind is told elsewhere
    nothing is missing.
    """
    sections = submission.profile.sections
    told = {section.kind for section in sections if has_content(submission, section)}
    return [section.heading_line for section in sections if section.kind not in told]


def references(submission: Submission) -> list[int]:
    return [
        line.order for line in submission.extracted.lines if _REFERENCES.search(line.text.strip())
    ]


def identity_numbers(submission: Submission) -> list[int]:
    """Lines with a social security number, or another number whose label says what it is.

    A phone number may look like one; the one that was found as the contact's is none.
    """
    phone = re.sub(r"\D", "", submission.profile.contact.phone or "")
    return [
        line.order
        for line in submission.extracted.lines
        if len(_DIGIT.findall(line.text)) >= _MIN_DIGITS
        and (_has_social_security(line.text, phone=phone) or _has_labelled_number(line.text))
    ]


def _has_social_security(text: str, *, phone: str) -> bool:
    found = _SOCIAL_SECURITY.search(text)
    return found is not None and found.group().replace("-", "") not in phone


def _has_labelled_number(text: str) -> bool:
    return any(
        _NUMBER_BEHIND.match(text[label.end() : label.end() + _LABEL_REACH])
        for label in _NUMBER_LABEL.finditer(text)
    )


def stuffing(submission: Submission) -> list[int]:
    """Lines with the word that is repeated too often, or the first lines of a keyword list."""
    if is_keyword_list(submission):
        return [word.order for word in submission.words]
    words = [word for word in submission.words if _carries_meaning(word.text)]
    most = Counter(word.text for word in words).most_common(1)
    if not most:
        return []
    text, count = most[0]
    if count < REPEATED_WORD_COUNT or count <= REPEATED_WORD_SHARE * len(submission.words):
        return []
    return [word.order for word in words if word.text == text]


def _carries_meaning(word: str) -> bool:
    return len(word) >= _MIN_LETTERS and word not in FUNCTION_WORDS


def is_keyword_list(submission: Submission) -> bool:
    """Running text holds small words, and lists are only a part of it.

    Not decided for other scripts than Latin, whose small words we do not know.
    """
    words = [word.text for word in submission.words]
    n_latin = len(LATIN_LETTERS.findall("".join(word[0] for word in words)))
    if len(words) < KEYWORD_LIST_MIN_WORDS or n_latin < len(words) / 2:
        return False
    function_share = sum(word in FUNCTION_WORDS for word in words) / len(words)
    if function_share < KEYWORD_LIST_FUNCTION_SHARE:
        return True
    return function_share < LISTED_FUNCTION_SHARE and (
        _listed_share(submission) >= LISTED_WORDS_SHARE
    )


def _listed_share(submission: Submission) -> float:
    """Share of words that stand in short items between commas, bars, bullets or line ends."""
    items = (item for line in submission.redacted.lines for item in _BETWEEN_ITEMS.split(line.text))
    lengths = [len(words_of(item)) for item in items]
    return sum(n for n in lengths if n <= LISTED_ITEM_WORDS) / max(1, sum(lengths))


def has_hidden_text(submission: Submission) -> bool:
    return any(_HIDDEN_WARNING in warning for warning in submission.extracted.reading.warnings)

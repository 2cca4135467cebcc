"""How to reach somebody: e-mail, telephone, links and place, only as written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import phonenumbers

from ml_service.analysis.phrases.title_words import names_distinct_occupation

EMAIL = re.compile(r"[\w.+%'-]{1,64}\s?@\s?[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}", re.UNICODE)
LINK = re.compile(
    r"(?:https?://|www\.)[^\s|<>()]+"
    r"|(?<![\w@.-])(?:[\w-]{1,63}\.)+(?:com|org|net|io|dev|me|co|ai|app|edu|info|eu|de|fr|es|it|pt|br|uk|"
    r"in|us|ca|ch|at|nl|be|tech|xyz|site|page|online)(?:/[^\s|<>()]*)+"
    r"|(?<![\w@./])(?:linkedin|github|gitlab|behance|dribbble|twitter|medium)\.com/[^\s|]*"
    r"|(?<![\w@./])[\w-]{3,63}\.(?:com|org|net|io|dev|me)(?![\w@])",
    re.IGNORECASE,
)
IN_EVERY_LINK = re.compile(r"\.\S|://")
"""Also in every e-mail address; a full stop at the end of a sentence is none."""
_PHONE = re.compile(
    r"(?<![\w/.@$€£#-])(?:\+\s?\d[\d\s().\-–/]{6,18}\d"
    r"|\(\+?\d{2,5}\)[\s.\-–/]?\d[\d\s.\-–]{4,14}\d"
    r"|(?:1[\s.\-–])?\d{3}[\s.\-–]\d{3}[\s.\-–]\d{4}"
    r"|0\d{2,4}[\s\-–/]?\d[\d\s\-–]{4,12}\d"
    r"|0\d(?:[\s.]\d{2}){4}"
    r"|[67]\d{2}\s\d{3}\s\d{3}"
    r"|\d{5}[\s\-]\d{5,6}"
    r"|[6-9]\d{9})(?![\w/-])"
)
_LABELLED_PHONE = re.compile(
    r"(?:tel(?:efon[eo]?|ephone|éfono)?|phone|mobile?|cell|handy|móvil|celular|cellulare|"
    r"portable|téléphone|fax|ph|mob|contact no)\b[\s.:#)(]*"
    r"(?P<labelled>\+?\d[\d\s().\-–/]{5,18}\d)",
    re.IGNORECASE,
)
_EITHER_PHONE = re.compile(f"{_LABELLED_PHONE.pattern}|{_PHONE.pattern}", re.IGNORECASE)
_LINK_OR_EMAIL = re.compile(f"{EMAIL.pattern}|{LINK.pattern}", re.IGNORECASE)
_MIN_DIGITS, _MAX_DIGITS = 9, 15
_DIGIT = re.compile(r"\d")
SEPARATOR = re.compile(r"\s*[|•·●◦▪■◆♦∙⋅\ue000-\uf8ff✆✉☎📞📧📍🏠📱🖂]+\s*|\s{3,}|\t+|\s+[-–—]+\s+")

_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "PT", "BR", "IN")
_NORTH_AMERICAN = re.compile(r"1?[\s.-]{0,6}\(?\d{3}\)?[\s.\-–]{0,6}\d{3}[\s.\-–]{0,6}\d{4}")
_PLACE = re.compile(
    r"(?:\d{5}\s+)?[^\W\d_][^\W\d_.'’ \-]*(?:[ '’.\-]{1,2}[^\W\d_]+){0,3},\s*"
    r"[^\W\d_][^\W\d_.]*\.?(?:[ .\-][^\W\d_]+\.?){0,2}"
    r"(?:,?\s*[A-Z]{0,2}\s?\d{5}(?:-\d{4})?)?(?:,\s*[^\W\d_]+(?: [^\W\d_]+){0,2})?"
)
_PLACE_LABEL = re.compile(
    r"^(?:address|location|residence|based in|adresse|anschrift|wohnort|dirección|domicilio|"
    r"endereço|morada|indirizzo|residenza|localização|ubicación)\s*[:\-]\s*(?P<place>\S.*)$",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|"
    r"\b\d{5}\s+[A-ZÄÖÜ][a-zäöüß]+|\b\d{5}-\d{3}\b|\b\d{6}\b"
)
_STREET = re.compile(
    r"\b\d+[a-z]?,?\s+(?:[^\W\d_][\w'’.]*\s+){1,4}(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|"
    r"boulevard|blvd|way|court|ct|place|pl|square|terrace|apt|suite)\b\.?"
    r"|(?:straße|strasse|str\.|platz|weg|allee)\s*\d+|\b(?:rue|calle|via|rua|avenida|piazza|plaza)\b",
    re.IGNORECASE,
)


def find_email(texts: Sequence[str]) -> str | None:
    written = (text for text in texts if "@" in text)
    match = next((found for text in written if (found := EMAIL.search(text))), None)
    return None if match is None else match[0].replace(" ", "").strip(".'")


def find_phone(texts: Sequence[str]) -> str | None:
    """The first telephone number in E.164.

    A number without a country is given as written unless exactly one of the usual regions has
    numbers of its form.
    """
    for text in filter(_may_hold_phone, texts):
        plain = _LINK_OR_EMAIL.sub(_blank, text) if _is_dotted(text) else text
        begin, end = next(_phone_spans(plain), (0, 0))
        if end:
            written = " ".join(text[begin:end].split())
            return _e164(written) or written
    return None


def find_links(texts: Sequence[str]) -> tuple[str, ...]:
    """Web addresses in order, each once, without closing punctuation."""
    plain = (EMAIL.sub(" ", text) if "@" in text else text for text in texts)
    found = (link.rstrip(".,;:)") for text in plain for link in LINK.findall(text))
    return tuple(dict.fromkeys(link for link in found if "." in link))


def find_location(texts: Sequence[str]) -> str | None:
    """The first labelled place or ``City, Region``; street and number are left out."""
    for text in texts:
        labelled = _PLACE_LABEL.match(text.strip())
        if labelled:
            return " ".join(without_contact(labelled["place"]).split()) or None
        for segment in SEPARATOR.split(without_contact(text)):
            place = segment.strip(" ,;:")
            if (
                place[:1].isupper()
                and _PLACE.fullmatch(place)
                and not names_distinct_occupation(place)
            ):
                return place
    return None


def without_contact(text: str) -> str:
    """``text`` with a bar in place of each e-mail address, link and telephone number."""
    plain = _LINK_OR_EMAIL.sub(" | ", text) if _is_dotted(text) else text
    for begin, end in reversed(list(_phone_spans(plain))):
        plain = f"{plain[:begin]} | {plain[end:]}"
    return plain


def has_email_or_phone(text: str) -> bool:
    if "@" in text and EMAIL.search(text):
        return True
    if not _may_hold_phone(text):
        return False
    return any(True for _ in _phone_spans(LINK.sub(_blank, text) if _is_dotted(text) else text))


def has_contact(text: str) -> bool:
    """True for a line with any way to reach somebody, a postal address included."""
    return (
        has_email_or_phone(text)
        or LINK.search(text) is not None
        or _PLACE_LABEL.match(text.strip()) is not None
        or looks_like_address(text)
    )


def looks_like_address(text: str) -> bool:
    return len(text) < 100 and (
        _POSTCODE.search(text) is not None or _STREET.search(text) is not None
    )


def looks_like_place(text: str) -> bool:
    """``City, Region`` and nothing else."""
    return _PLACE.fullmatch(text.strip(" ,;:")) is not None


def _phone_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where telephone numbers stand; a label before one lowers the digits that it needs."""
    if not _may_hold_phone(text):
        return
    for match in _EITHER_PHONE.finditer(text):
        group = "labelled" if match["labelled"] else 0
        digits = sum(map(str.isdigit, match[group]))
        if _MIN_DIGITS - 2 * bool(match["labelled"]) <= digits <= _MAX_DIGITS:
            yield match.span(group)


def _may_hold_phone(text: str) -> bool:
    return len(_DIGIT.findall(text)) >= _MIN_DIGITS - 2


def _is_dotted(text: str) -> bool:
    return "." in text and IN_EVERY_LINK.search(text) is not None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _e164(written: str) -> str | None:
    if written.startswith(("+", "(+")):
        return _format(written, region=None)
    if _NORTH_AMERICAN.fullmatch(written):
        return _format(written, region="US")
    if not written.startswith(("0", "(0")):
        return None
    regions = [region for region in _REGIONS if _is_valid(written, region)]
    return _format(written, region=regions[0]) if len(regions) == 1 else None


def _is_valid(written: str, region: str) -> bool:
    number = _parse(written, region)
    return number is not None and phonenumbers.is_valid_number(number)


def _format(written: str, *, region: str | None) -> str | None:
    number = _parse(written, region)
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parse(written: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None

"""Languages that somebody speaks, and how well, as written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ml_service.analysis.phrases.folding import fold, without_bullet
from ml_service.domain.document import Line
from ml_service.domain.resume import SpokenLanguage

_NAMES_TEXT = (
    "english german french spanish portuguese italian dutch russian chinese mandarin cantonese "
    "japanese korean arabic hindi urdu bengali punjabi tamil telugu marathi gujarati kannada "
    "malayalam polish czech slovak hungarian romanian bulgarian greek turkish hebrew persian "
    "farsi ukrainian serbian croatian bosnian swedish norwegian danish finnish icelandic "
    "vietnamese thai indonesian malay tagalog filipino swahili yoruba igbo hausa amharic somali "
    "latin esperanto catalan basque galician albanian armenian georgian nepali sinhala khmer "
    "burmese creole slovene slovenian lithuanian latvian estonian oriya odia konkani "
    "deutsch englisch französisch spanisch italienisch portugiesisch russisch polnisch türkisch "
    "niederländisch chinesisch arabisch griechisch schwedisch "
    "anglais allemand français espagnol italien portugais russe arabe chinois néerlandais "
    "japonais polonais turc "
    "inglés alemán francés español italiano portugués ruso árabe chino catalán neerlandés japonés "
    "inglês alemão francês espanhol português russo chinês japonês holandês "
    "inglese tedesco francese spagnolo portoghese cinese giapponese arabo"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_LABEL = re.compile(
    r"\W*(?:spoken |foreign |human )?(?:languages?|sprachen|langues|idiomas|lingue)\s*:", re.I
)
_EDGES = " \t:,;()[]–—-|•·*/"
_LEVEL = re.compile(
    r"\b(?:native(?:\s+(?:or\s+bilingual|speaker|language))?|bilingual|mother tongue|"
    r"(?:full |limited |professional )?(?:professional |working )+proficiency|"
    r"fluent|fluently|proficient|advanced|upper[- ]intermediate|intermediate|conversational|"
    r"elementary|basic|beginner|business(?:\s+level)?|"
    r"[ABC][12][+]?|muttersprache|muttersprachlich|verhandlungssicher|fließend|gut|sehr gut|"
    r"fortgeschritten|grundkenntnisse|langue maternelle|maternel|courant|bilingue|intermédiaire|"
    r"notions|débutant|avancé|lu, écrit, parlé|nativo|nativa|lengua materna|fluido|avanzado|"
    r"intermedio|básico|língua materna|fluente|avançado|intermédio|intermediário|madrelingua|"
    r"fluente|avanzato|base|scolastico|ottimo|buono|\d(?:[.,]\d)?(?:\s*/\s*\d+)?)\b",
    re.IGNORECASE,
)


def lists_spoken_languages(text: str) -> bool:
    """``Languages: English, fluent in Spanish`` among skills; not ``Languages: Java``."""
    label = _LABEL.match(text)
    return label is not None and any(True for _ in _on_line(text[label.end() :]))


def find_spoken_languages(lines: Sequence[Line]) -> tuple[SpokenLanguage, ...]:
    """Languages of the lines of a section in order, each once; a level may stand beside or below.

    Names are capitalised; levels are given as written.
    """
    found: dict[str, SpokenLanguage] = {}
    last: str | None = None
    for line in lines:
        named = list(_on_line(without_bullet(line.text)))
        for spoken in named:
            found.setdefault(spoken.language, spoken)
        if not named and last is not None and found[last].fluency is None:
            level = _LEVEL.search(line.text)
            if level is not None and len(line.text.split()) <= 4:
                found[last] = SpokenLanguage(last, line.text.strip(_EDGES))
        last = named[-1].language if named else last
    return tuple(found.values())


def _on_line(text: str) -> Iterator[SpokenLanguage]:
    """Each language with the level that stands behind it, up to the next language, or before."""
    names = [word for word in _LETTERS.finditer(text) if fold(word[0]) in _known()]
    for index, name in enumerate(names):
        stop = names[index + 1].start() if index + 1 < len(names) else len(text)
        level = _LEVEL.search(text, name.end(), stop)
        if level is None and len(names) == 1:
            level = _LEVEL.search(text, 0, name.start())
        yield SpokenLanguage(name[0].capitalize(), level[0].strip() if level else None)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(fold(name) for name in _NAMES_TEXT.split())

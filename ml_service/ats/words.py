"""Words of a resume, counted so that a name, an address or a pronoun changes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ml_service.domain.resume import RedactedText, Section

_PRONOUN_LIST = """
i me my mine myself he him his himself she her hers herself they them their theirs themself
themselves mr mrs ms mx miss
"""

# The small words of running text: English, German, French, Spanish, Portuguese and Italian first;
# then Dutch, Swedish, Danish, Polish, Czech, Romanian, Hungarian, Finnish and Turkish.
_FUNCTION_WORD_LIST = """
a an and as at by for from has have in into is it its of on or our per than that the this through
to under up was we were which while who will with within without
am auf aus bei bis das dem den der des die ein eine einem einen einer für im ist mit nach oder sowie
und unter vom von vor während zu zum zur über
au aux avec ce ces chez dans de du elle en est et la le les leur ou par pour sa ses son sur un une
al como con del desde el entre es hasta las lo los para por que se sin sobre su sus una y
ao aos as com da das do dos e em na nas no nos o os pela pelo sem sua um uma
alla alle che col dal dalla degli dei della delle di gli il nei nel nella per presso sul sulla
aan bij een het met naar niet ook op te van voor wij
att av det för från har inom och på som till är af blev fra og til ved
aby dla jest lub nad oraz pod przez przy przed się w we z za ze
byl jako jsem která který nebo od po při pro s své u v ve
cu din este fost în la mai pe pentru prin sau și
a az egy és hogy majd mint vagy
ja joka kanssa mutta on oli sekä tai
bir bu da de gibi ile için olarak ve veya
"""

LATIN_LETTERS = re.compile(r"[a-zà-žȘșȚț]", re.IGNORECASE)
PRONOUNS = frozenset(_PRONOUN_LIST.split())
FUNCTION_WORDS = frozenset(_FUNCTION_WORD_LIST.split())

_WORD = re.compile(r"[^\W\d_]\w*(?:['’.&/+-]+\w+)*")
_ADDRESS = re.compile(r"@|https?:|www\.|\.(?:com|org|net|io|dev|me)\b", re.IGNORECASE)


class Word(NamedTuple):
    """``text`` is case-folded; ``order`` is the line it stands on."""

    text: str
    order: int


def words_of(text: str) -> list[str]:
    """Case-folded words; mail and web addresses and what begins with a digit are none."""
    if _ADDRESS.search(text):
        text = " ".join(piece for piece in text.split() if not _ADDRESS.search(piece))
    return _WORD.findall(text.casefold())


def counted_words(redacted: RedactedText, sections: Sequence[Section]) -> tuple[Word, ...]:
    """Words in reading order, without headings, identity and pronouns."""
    headings = {
        section.heading_line for section in sections if section.heading_line != section.start_line
    }
    return tuple(
        Word(word, line.order)
        for line in redacted.lines
        if line.order not in headings
        for word in words_of(line.text)
        if word not in PRONOUNS
    )

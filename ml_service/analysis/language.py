"""The language that a resume is written in."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from ml_service.analysis.headings import is_english_heading, is_foreign_heading
from ml_service.analysis.language_model import rank_languages
from ml_service.analysis.phrases.folding import WORD

ENGLISH = "en"
_UNKNOWN = frozenset({"zxx", "pcm", "vo", "la", "eo"})
_DIALECT_OF = {"arz": "ar", "ary": "ar", "yue": "zh", "wuu": "zh"}
_FEW_LETTERS = 40
_TOO_FEW_LETTERS = 20
_PIECE_CHARS = 1_000
_MAX_PIECES = 8
_A_HEADING_SAYS = 5.0
_FOREIGN_BELOW = -14.0
_CLEARLY_ENGLISH = 5.0
_MOSTLY_LATIN = 4
# Four in five real resumes are told so, and the model says the same of all of them; of 6,000
# mixtures with other languages it contradicts none.
_SMALL_ENGLISH_WORDS = frozenset({"the", "and", "of", "with", "for", "to", "from"})
_MIN_SMALL_WORDS, _SMALL_SHARE = 10, 0.13
_MAX_ACCENTED = 2
_IN_CONTACT = re.compile(r"[@/\\]|\w[^\w\s.]*+\.[^\w\s]*+\w")
_LAST_LATIN = "\u02ff"
_LATIN_AGAIN = ("\u1e00", "\u1eff")  # Vietnamese


def language_of(texts: Sequence[str], *, header: Sequence[str] = ()) -> str:
    """ISO 639-1 code of most of the text; English where nothing certain speaks against it.

    The text is judged in pieces, and the longer part decides. ``header`` is asked where ``texts``
    have too few letters, and only for words that begin with a small letter: those are no name.
    The identifier (BSD, 80 MB once loaded, offline) is read for the first text that is not
    plainly English.
    """
    asked = list(texts)
    if not _has_letters(asked, _FEW_LETTERS):
        asked += [_without_names(text) for text in header]
    asked = _in_one_script(asked)
    if not _has_letters(asked, _TOO_FEW_LETTERS):
        return ENGLISH
    n_chars = sum(map(len, asked))
    doubtful = [piece for piece in _pieces(asked) if not _is_plain_english(piece)]
    chars = Counter({ENGLISH: n_chars - sum(map(len, chain.from_iterable(doubtful)))})
    for piece in doubtful:
        if 2 * chars[ENGLISH] < n_chars:  # the model is slow: what is decided is not asked
            chars[_language_of_piece(piece)] += sum(map(len, piece))
    if 2 * chars[ENGLISH] >= n_chars:
        return ENGLISH
    return next(code for code, _ in chars.most_common() if code != ENGLISH)


def _has_letters(texts: Sequence[str], least: int) -> bool:
    letters = filter(str.isalpha, chain.from_iterable(texts))
    return sum(1 for _ in islice(letters, least)) == least


def _in_one_script(texts: Sequence[str]) -> list[str]:
    """Without the few words of another script in a Latin text: a name says nothing about it."""
    whole = "".join(texts)
    others = {mark for mark in set(whole) if _is_of_other_script(mark)}
    n_others = sum(mark in others for mark in whole) if others else 0
    if not others or not _has_letters(texts, (1 + _MOSTLY_LATIN) * n_others):
        return list(texts)
    words = ([word for word in text.split() if others.isdisjoint(word)] for text in texts)
    return [" ".join(kept) for kept in words]


def _is_of_other_script(mark: str) -> bool:
    return mark > _LAST_LATIN and mark.isalpha() and not _LATIN_AGAIN[0] <= mark <= _LATIN_AGAIN[1]


def _pieces(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Runs of lines of about the same length, the last one not shorter than the others."""
    left = sum(map(len, texts))
    size = max(_PIECE_CHARS, left // _MAX_PIECES + 1)
    piece, held = list[str](), 0
    for text in texts:
        piece.append(text)
        held, left = held + len(text), left - len(text)
        if held >= size and left >= size:
            yield piece
            piece, held = [], 0
    yield piece


def _is_plain_english(texts: Sequence[str]) -> bool:
    """Told by its small words and plain letters; what is not plain may be English all the same."""
    text = " ".join(texts).casefold()
    words = text.split()
    n_small = sum(word in _SMALL_ENGLISH_WORDS for word in words)
    if n_small < max(_MIN_SMALL_WORDS, _SMALL_SHARE * len(words)):
        return False
    accented = {mark for mark in set(text) if not mark.isascii() and mark.isalpha()}
    return len(accented) <= _MAX_ACCENTED


def _language_of_piece(texts: Sequence[str]) -> str:
    """Names of people, employers and tools say little about the language around them.

    So the words that begin with a small letter are asked once more alone, and headings count by
    themselves.
    """
    by_all, code = _lead_of_english(" ".join(texts).casefold())
    if by_all > _CLEARLY_ENGLISH:
        return ENGLISH
    by_small, code_of_small = _lead_of_english(" ".join(map(_without_names, texts)))
    if by_all + by_small + _A_HEADING_SAYS * _headings(texts) >= _FOREIGN_BELOW:
        return ENGLISH
    return code if by_all < 0 else code_of_small


def _without_names(text: str) -> str:
    """The words that do not begin with a capital; a script without capitals stays whole."""
    words = WORD.findall(" ".join(part for part in text.split() if not _IN_CONTACT.search(part)))
    return " ".join(word for word in words if not word[0].isupper())


def _lead_of_english(text: str) -> tuple[float, str]:
    """How far English leads the likeliest other language, and which that is.

    Log-likelihoods over the square root of the length: in a short and in a long text of the same
    kind the number is about the same.
    """
    ranked = reversed(rank_languages(text))
    likely = {code: score for code, score in ranked if code not in _UNKNOWN}
    english = likely.pop(ENGLISH)
    other = max(likely, key=lambda code: likely[code])
    lead = (english - likely[other]) / math.sqrt(len(text.encode()) or 1)
    return lead, _DIALECT_OF.get(other, other)


def _headings(texts: Sequence[str]) -> int:
    """English headings less those of other languages."""
    return sum(is_english_heading(text) - is_foreign_heading(text) for text in texts)

"""What answers tell of tools, methods and problems."""

from __future__ import annotations

from itertools import pairwise

from ml_service.interview import cues
from ml_service.interview.answers import Answer, Lexicon
from ml_service.interview.cues import is_done
from ml_service.interview.deeds import deeds_of, tells_of_self
from ml_service.interview.material import (
    Finding,
    Material,
    Shown,
    found,
)
from ml_service.interview.repetition import covered
from ml_service.interview.speech import Sentence, sentences_of
from ml_service.interview.telling import rate_of, rate_of_affirmed, summed

_FEW_TERMS = 2
_WORDS_FOR_A_TERM = 3
"""A sentence with fewer words for each of its terms is a list, if there are more than a few."""


_KINDS = (cues.REASON, cues.TRADE_OFF, cues.WEIGHING, cues.CHECK)
_WORDS_OF_ITS_OWN = 3
_EMPTY_LIST = """
a about all also am an and are as at be been being both but by can could did do does doing done
each experience experienced familiar for from good great had has have having how i i'd i'll i'm
i've in into is it knowledge knew know known learn learned lot many me more most much my of on or
our out over proficient skill skilled some than that the their then there these this those to too
up use used using very was we we're we've were what when where which while who will with work
worked working would year you your strong solid deep well things thing stuff lots
"""
_EMPTY = frozenset(_EMPTY_LIST.split())
"""Words that say nothing of what was done with a term."""


def terms_of(sentence: Sentence, lexicon: Lexicon) -> frozenset[str]:
    """In small letters: technologies of the catalogue, tools that are known by the words around
    them, and terms of method; none under a negation.
    """
    known = frozenset(name.casefold() for name in lexicon.terms_in(sentence.affirmed_written))
    parts = {part for name in known for part in name.split()}
    plain = sentence.affirmed
    starts = cues.METHODS.starts(plain)
    tools = {word.written.casefold() for word in sentence.affirmed_words if word.tool}
    return known | (tools - parts) | frozenset(plain[at] for at in starts)


def terms_in_use(material: Material) -> Finding:
    used = _used(material)
    names = frozenset[str]().union(*(terms for _, terms in used))
    return found(len(names), (Shown(len(terms), one) for one, terms in used))


def terms_explained(material: Material) -> Finding:
    explained = [(one, terms) for one, terms in _used(material) if _explains(one, material)]
    return found(len(explained), (Shown(len(terms), one) for one, terms in explained))


def job_terms(material: Material) -> Finding | None:
    """None without a job, and for one that names no term."""
    if not material.job:
        return None
    asked = frozenset[str]().union(
        *(
            terms_of(sentence, material.lexicon)
            for sentence in sentences_of(material.job, turn=0, is_term=material.lexicon.is_term)
        )
    )
    if not asked:
        return None
    used = [(one, terms & asked) for one, terms in _used(material)]
    names = frozenset[str]().union(*(terms for _, terms in used))
    shown = (Shown(len(terms), one) for one, terms in used if terms)
    return found(len(names) / len(asked), shown)


def _used(material: Material) -> list[tuple[Sentence, frozenset[str]]]:
    advert = _pairs_of(material)
    used = []
    for sentence in material.told:
        terms = terms_of(sentence, material.lexicon)
        listed = len(terms) > _FEW_TERMS and (len(sentence.words) < _WORDS_FOR_A_TERM * len(terms))
        does = tells_of_self(sentence) or any(map(is_done, sentence.affirmed))
        if terms and does and not listed and _says_more(sentence, terms, advert, material):
            used.append((sentence, terms))
    return used


def _pairs_of(material: Material) -> set[tuple[str, ...]]:
    """Two words in a row of the advert."""
    sentences = sentences_of(material.job or "", turn=0, is_term=lambda _: True)
    plain = [word for sentence in sentences for word in sentence.plain]
    return {pair for pair in pairwise(plain) if not _EMPTY.issuperset(pair)}


def _says_more(
    sentence: Sentence,
    terms: frozenset[str],
    advert: set[tuple[str, ...]],
    material: Material,
) -> bool:
    """Words of its own beside the terms, not the advert's, or why, how much and how it was checked.

    "I have experience with Python" says no more than the advert that asks for it.
    """
    plain = sentence.plain
    read_back = covered(plain, advert, 2)
    own = [word for word, echo in zip(plain, read_back, strict=True) if not echo]
    if any(kind.among(own) for kind in _KINDS) or material.lexicon.has_amount(
        sentence.without_names
    ):
        return True
    of_terms = {part for term in terms for part in term.split()}
    return len(set(own) - _EMPTY - of_terms) >= _WORDS_OF_ITS_OWN


def _explains(sentence: Sentence, material: Material) -> bool:
    if any(kind.among(sentence.affirmed) for kind in _KINDS):
        return True
    return material.lexicon.has_amount(sentence.affirmed_text)


def amounts_and_terms(material: Material) -> Finding:
    counts = [
        (
            len(terms_of(one, material.lexicon)) + material.lexicon.has_amount(one.affirmed_text),
            one,
        )
        for one in material.told
    ]
    shown = (Shown(n, one) for n, one in counts if n)
    return found(material.in_100_words(sum(n for n, _ in counts)), shown)


def reasons(material: Material) -> Finding:
    return rate_of(cues.REASON, material)


def trade_offs(material: Material) -> Finding:
    """An option that was not taken is weighed as well; who did not compare has weighed nothing."""
    return summed(
        material,
        lambda one: len(cues.TRADE_OFF.starts(one.plain)) + len(cues.WEIGHING.starts(one.affirmed)),
    )


def checks(material: Material) -> Finding:
    return rate_of_affirmed(cues.CHECK, material)


def tackled(material: Material) -> Finding:
    named = [_named_and_tackled(answer) for answer in material.answers]
    sentences = [sentence for sentence in named if sentence is not None]
    return found(len(sentences), (Shown(1, sentence) for sentence in sentences))


def _named_and_tackled(answer: Answer) -> Sentence | None:
    """The sentence that names a problem, where a deed follows."""
    for at, sentence in enumerate(answer.told):
        if cues.TROUBLE.among(sentence.plain):
            done = any(deeds_of(later) != (0, 0) for later in answer.told[at:])
            return sentence if done else None
    return None

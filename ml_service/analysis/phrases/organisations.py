"""Words that name an employer or a school, in six languages."""

from __future__ import annotations

import re

from ml_service.analysis.phrases.folding import words_of

_FORMS_TEXT = (
    "inc incorporated llc ltd limited llp plc gmbh ag kg corp corporation co sa srl spa sarl sas "
    "bv nv pvt pty lda ltda"
)
_DOTTED = re.compile(
    r"\s(?:S\.\s?A|S\.?p\.A|S\.\s?L|S\.r\.l|N\.V|B\.V|L\.L\.C|L\.P|e\.V)\.?(?:\W|$)"
)
_FORMS = frozenset(_FORMS_TEXT.split())
_KINDS_TEXT = (
    "company university college school hospital bank group systems labs lab laboratories "
    "institute agency department ministry foundation center centre church restaurant hotel clinic "
    "army navy airlines nonprofit academy technologies solutions partners associates industries "
    "enterprises society association organization organisation universität hochschule université "
    "universidad universidade università store museum library council committee bureau studio "
    "studios firm ventures holdings consulting consultancy technology software networks "
    "bibliothek verein klinik krankenhaus stadtwerke versicherung sparkasse école lycée "
    "entreprise société banque hôpital empresa hospital banco grupo colegio escuela fundación "
    "azienda ospedale scuola banca gruppo instituto institut istituto"
)
_KINDS = frozenset(_KINDS_TEXT.split())
_LATE_TEXT = "technology software networks consulting consultancy library firm lab school bank"
_LATE = frozenset(_LATE_TEXT.split())


def has_legal_form(text: str) -> bool:
    """``Globex Inc``, ``Muster GmbH``."""
    words = words_of(text)
    return len(words) > 1 and (not _FORMS.isdisjoint(words) or _DOTTED.search(text) is not None)


def is_organisation(text: str) -> bool:
    """True if a word says what kind of organisation it is; some say so only as the last word."""
    words = words_of(text)
    if not words:
        return False
    if has_legal_form(text):
        return True
    return words[-1] in _KINDS or not (_KINDS - _LATE).isdisjoint(words)


def ends_as_organisation(text: str) -> bool:
    words = words_of(text)
    return bool(words) and words[-1] in (_FORMS | _KINDS) - {"partners", "associates", "store"}

"""One person's name in all the forms in which it returns in running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from ml_service.analysis.person.name_uses import POSSESSIVE, bare_of, means_person
from ml_service.analysis.phrases.folding import WORD, fold
from ml_service.analysis.phrases.title_words import is_title_word

HONORIFIC = re.compile(
    r"(?<![\w.])(?:Mr|Mrs|Ms|Mx|Miss|Mister|Madam|Herr|Frau|Monsieur|Madame|Mme|Mlle|Señora|"
    r"Señor|Señorita|Srta|Sra|Senhora|Senhor|Signora|Signor|Sig|MR|MRS|M[SX](?=\.\s*[A-Z]{2}))"
    r"(?:\.\s*|\s+)(?=[^\W\d_])"
)
_HYPHENS = re.compile(r"['’`´‑\-]")
_MIN_GLUED = 6
_JOINT = re.compile(r"[\s.,_‑\-\"“”()]{0,3}")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PARTICLES_TEXT = (
    "van von der den de del della di da do dos das la las le los bin ibn al el san saint st y e "
    "ter ten af av zu zum zur of the and"
)
_PARTICLES = frozenset(_PARTICLES_TEXT.split())
_COMMON_TEXT = (
    "will price grace may mark bill rich frank hope faith joy young long short brown white black "
    "green gray grey stone field bank banks law power powers best noble king page pat drew chase "
    "grant dale rose lily daisy ruby jade amber crystal april june august summer autumn dawn eve "
    "art gene jack rob sue gay guy miles pierce reed rush sterling trip wade west north "
    "south east "
    "wood woods hill hall lake rivers forest park parks street church house castle ford fox wolf "
    "bird swan drake lamb bush berry cherry pepper rice bean french english german holland paris "
    "london chase love day week winter snow frost rain gold silver diamond sharp strong swift "
    "wise good bright little small large hand foot head close open free more little story case "
    "cash buck penny nick buddy earl duke prince baron sky star ray sun moon read speed pace go "
    "see do an so in on my me be so too you his her max ann drive cross moss marsh brook brooks "
    "glass bell ball book bond boss cook chance christian curry dash early english friend gates "
    "golden hardy hood huff jewel justice lane lord love mercy merit monday noel oak olive opal "
    "pool pope pride sage savage singh sky temple trinity true victory ward welch wild worth "
    "bain baron major minor norm van vance frances virginia georgia carolina florence austin "
    "dallas houston jackson lincoln washington madison jordan israel china india asia america "
    "france chad kenya sydney cheyenne java ruby julia perl scala go rust swift elm jasmine "
    "jenkins cassandra maven oracle excel access word office outlook teams"
)
_COMMON = frozenset(_COMMON_TEXT.split())


@dataclass(frozen=True, slots=True)
class NameWords:
    """``strong`` words are all but the weak. Of them the ``certain`` name only the person, and the
    ``common`` have another sense as well.

    ``doubtful`` words are those that this resume also uses in lower case, as any other word.
    ``weak`` words (particles, initials) go only beside another word of the name. ``order`` are the
    parts as they are written. ``small`` is true for a name that is written without capitals.
    """

    strong: frozenset[str]
    certain: frozenset[str]
    common: frozenset[str]
    doubtful: frozenset[str]
    weak: frozenset[str]
    order: tuple[str, ...]
    initials: frozenset[str]
    glued: frozenset[str]
    unspaced: str | None
    small: bool

    @classmethod
    def of(cls, name: str | None, texts: Iterable[str] = ()) -> NameWords:
        """``texts`` are those in which the name will be looked for."""
        written = WORD.findall(name or "")
        whole = [fold(word.strip("'’")) for word in written]
        parts = [part for word in whole for part in _HYPHENS.split(word) if part]
        words = {*whole, *parts, *(_HYPHENS.sub("", word) for word in whole)}
        weak = {word for word in words if len(word) < 2 or word in _PARTICLES}
        small = bool(written) and all(word.islower() for word in written)
        strong = [part for part in parts if part not in _PARTICLES]
        unspaced = re.sub(r"\s", "", name or "")
        known = words - weak
        common = {word for word in known if len(word) == 2 or word in _COMMON}
        common |= {word for word in known if is_title_word(word)}
        doubtful = set() if small else _in_lower_case(known - common, texts)
        return cls(
            strong=frozenset(known),
            certain=frozenset(known - common - doubtful),
            common=frozenset(common),
            doubtful=frozenset(doubtful),
            weak=frozenset(weak),
            order=tuple(parts),
            initials=frozenset(part[0] for part in parts),
            glued=frozenset(_glued(parts) | _glued(strong)),
            unspaced=unspaced if _CJK.search(unspaced) else None,
            small=small,
        )

    def remove_from(self, text: str, *, title_line: bool) -> str:
        """``text`` without the name and titles such as Ms.; of a ``title_line`` whole names go."""
        addressed = {found.end() for found in HONORIFIC.finditer(text)}
        if addressed:
            text = HONORIFIC.sub(lambda found: " " * len(found[0]), text)
        if self.unspaced is not None:
            pattern = r"\s?".join(map(re.escape, self.unspaced)) + r"(?:['’]s)?"
            return re.sub(pattern, " ", text)
        if not addressed and not self.may_stand_in(text):
            return text
        words = list(WORD.finditer(text))
        marked = self._full_names(words, text)
        for at, word in enumerate(words):
            bare = bare_of(word[0])
            known = bare in self.strong or (bare in self.weak and len(bare) > 1)
            if bare in self.glued or (known and word.start() in addressed):
                marked.add(at)
        if not title_line:
            marked |= {at for at in range(len(words)) if self._is_person(words, at)}
        for index in sorted(marked):
            self._spread(words, index, marked, text)
        return _cut(text, words, sorted(marked)) if marked else text

    def without_any(self, text: str) -> str:
        """``text`` without every word of the name, whatever it means there."""
        known = self.strong | self.weak | self.glued
        if not known:
            return text
        plain = text.replace(self.unspaced, " ") if self.unspaced else text
        return WORD.sub(lambda word: " " if bare_of(word[0]) in known else word[0], plain)

    def may_stand_in(self, text: str) -> bool:
        """A quick look that misses nothing and finds too much."""
        folded = fold(text)
        return any(word in folded for word in self.strong)

    def stands_in(self, text: str) -> bool:
        """True where two words of the name stand, or one that names nothing else."""
        if self.unspaced is not None:
            return self.unspaced in text
        found = {bare_of(word) for word in WORD.findall(text)}
        known = self.strong | self.weak
        return bool(found & (self.certain | self.glued)) or len(found & known) > 1

    def _is_person(self, words: Sequence[re.Match[str]], index: int) -> bool:
        word = words[index][0]
        if word[0].islower() and not self.small:
            return False
        bare = bare_of(word)
        ordinary = bare in self.common or bare in self.doubtful
        if not ordinary and not self._is_certain(bare, word):
            return False
        return means_person(words, index, ordinary=ordinary, initials=self.initials)

    def _is_certain(self, bare: str, word: str) -> bool:
        """Also ``Lakisha-led``; ``Williams-Sonoma`` is another name."""
        if bare in self.certain:
            return True
        parts = _HYPHENS.split(POSSESSIVE.sub("", word))
        rest = [part for part in parts if fold(part) not in self.certain]
        return len(rest) < len(parts) and all(part[:1].islower() for part in rest)

    def _full_names(self, words: Sequence[re.Match[str]], text: str) -> set[int]:
        """Neighbouring words of the name, capitalised alike: ``Will Price``, ``PRICE, Will``."""
        found: set[int] = set()
        for index in range(len(words) - 1):
            left, right = words[index], words[index + 1]
            joint = text[left.end() : right.start()]
            if _JOINT.fullmatch(joint) and self._is_pair(left[0], right[0], joint=joint):
                found |= {index, index + 1}
        return found

    def _is_pair(self, left: str, right: str, *, joint: str) -> bool:
        """``West Virginia`` is not Virginia West; a rare word may stand on either side."""
        first, second = pair = (bare_of(left), bare_of(right))
        capital = left[0].isupper() and right[0].isupper()
        if first == second:
            return capital and {first} == self.strong
        known = self.strong | self.weak
        if not (known.issuperset(pair) and not self.strong.isdisjoint(pair)):
            return False
        if (self.certain | self.doubtful).issuperset(pair):
            return True
        reversed_order = self.common.issuperset(pair) and pair[::-1] in pairwise(self.order)
        return (capital or self.small) and ("," in joint or not reversed_order)

    def _joins(self, word: str) -> bool:
        bare = bare_of(word)
        initial = len(word) == 1 and word.isupper() and bare in self.initials
        return initial or bare in self.weak or (bare in self.strong and word[0].isupper())

    def _spread(
        self, words: Sequence[re.Match[str]], index: int, marked: set[int], text: str
    ) -> None:
        """Mark the particles, initials and common words of the name beside a marked one."""
        for step in (-1, 1):
            place, near = index, index + step
            while 0 <= near < len(words) and near not in marked:
                left, right = sorted((place, near))
                joint = text[words[left].end() : words[right].start()]
                if not self._joins(words[near][0]) or not _JOINT.fullmatch(joint):
                    break
                marked.add(near)
                place, near = near, near + step


def _in_lower_case(words: Set[str], texts: Iterable[str]) -> set[str]:
    """Those of ``words`` that stand somewhere in lower case and not beside another of them."""
    found: set[str] = set()
    for text in texts if words else ():
        if any(word in text for word in words):
            written = WORD.findall(text)
            for at, word in enumerate(written):
                near = {
                    *map(fold, written[max(0, at - 1) : at]),
                    *map(fold, written[at + 1 : at + 2]),
                }
                if word in words and word.islower() and near.isdisjoint(words):
                    found.add(word)
    return found


def _glued(parts: Sequence[str]) -> set[str]:
    """``janedoe``, ``doejane`` as in handles and file names; what is short is a word as well."""
    if len(parts) < 2:
        return set()
    first, last = parts[0], parts[-1]
    forms = {"".join(parts), first + last, last + first}
    return {form for form in forms if len(form) >= _MIN_GLUED}


def _cut(text: str, words: Sequence[re.Match[str]], marked: Sequence[int]) -> str:
    pieces, position = [], 0
    for index in marked:
        start, end = words[index].span()
        gap = text[position:start]
        joined = index - 1 in marked and _JOINT.fullmatch(gap) is not None
        pieces.append("" if joined else gap + " ")
        position = end
        if text[position : position + 1] == "." and end - start == 1:
            position += 1
    pieces.append(text[position:])
    return "".join(pieces)

"""One person's name in all the forms in which it returns in running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ml_service.analysis.folding import WORD, fold
from ml_service.analysis.title_words import is_headline, is_title_word

_POSSESSIVE = re.compile(r"['’`´]s?$", re.IGNORECASE)
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
    """``certain`` words name only the person; ``common`` ones have another sense as well.

    ``weak`` words (particles, initials) go only beside another word of the name.
    """

    certain: frozenset[str]
    common: frozenset[str]
    weak: frozenset[str]
    glued: frozenset[str]
    unspaced: str | None

    @classmethod
    def of(cls, name: str | None) -> NameWords:
        whole = [fold(word.strip("'’")) for word in WORD.findall(name or "")]
        parts = [part for word in whole for part in re.split(r"['’`´‑\-]", word) if part]
        words = {*whole, *parts, *(re.sub(r"['’`´‑\-]", "", word) for word in whole)}
        weak = {word for word in words if len(word) < 2 or word in _PARTICLES}
        common = {
            word
            for word in words - weak
            if len(word) == 2 or word in _COMMON or is_title_word(word)
        }
        strong = [part for part in parts if part not in _PARTICLES]
        unspaced = re.sub(r"\s", "", name or "")
        return cls(
            certain=frozenset(words - weak - common),
            common=frozenset(common),
            weak=frozenset(weak),
            glued=frozenset(_glued(parts) | _glued(strong)),
            unspaced=unspaced if _CJK.search(unspaced) else None,
        )

    def remove_from(self, text: str, *, title_line: bool) -> str:
        """``text`` without the name; ``title_line`` marks a line that holds a job title."""
        if self.unspaced is not None:
            pattern = r"\s?".join(map(re.escape, self.unspaced)) + r"(?:['’]s)?"
            return re.sub(pattern, " ", text)
        folded = fold(text)
        if not any(word in folded for word in self.certain | self.common | self.glued):
            return text
        words = list(WORD.finditer(text))
        marked = {
            index
            for index, word in enumerate(words)
            if self._is_certain(word[0]) or (title_line is False and self._is_used(words, index))
        }
        marked |= self._full_names(words, text)
        if not marked:
            return text
        for index in sorted(marked):
            self._spread(words, index, marked, text)
        return _cut(text, words, sorted(marked))

    def without_any(self, text: str) -> str:
        """``text`` without every word of the name, whatever it means there."""
        known = self.certain | self.common | self.weak | self.glued
        if not known:
            return text
        plain = text.replace(self.unspaced, " ") if self.unspaced else text
        return WORD.sub(
            lambda word: " " if fold(_POSSESSIVE.sub("", word[0])) in known else word[0], plain
        )

    def _is_certain(self, word: str) -> bool:
        bare = fold(_POSSESSIVE.sub("", word))
        if bare in self.certain or bare in self.glued:
            return True
        return any(part in self.certain for part in re.split(r"['’`´‑\-]", bare))

    def _is_used(self, words: Sequence[re.Match[str]], index: int) -> bool:
        """A common word used as a name: ``Price led``, ``with Will``, ``Grace's``."""
        word = words[index][0]
        if fold(_POSSESSIVE.sub("", word)) not in self.common or not word[0].isupper():
            return False
        text = words[index].string
        if is_headline(text):
            return False
        if _POSSESSIVE.search(word):
            return True
        before = words[index - 1] if index else None
        after = words[index + 1] if index + 1 < len(words) else None
        if any(near is not None and near[0][0].isupper() for near in (before, after)):
            return False
        starts = before is None or text[before.end() : words[index].start()].strip()[-1:] in {
            ".",
            ":",
            "!",
        }
        return _is_verb(after[0]) if starts and after is not None else not starts

    def _full_names(self, words: Sequence[re.Match[str]], text: str) -> set[int]:
        """Neighbouring words of the name, capitalised alike: ``Will Price``, ``PRICE, Will``."""
        found: set[int] = set()
        for index in range(len(words) - 1):
            pair = (words[index], words[index + 1])
            joint = text[pair[0].end() : pair[1].start()]
            bare = [fold(_POSSESSIVE.sub("", word[0])) for word in pair]
            known = all(word in self.common or word in self.certain for word in bare)
            capital = all(word[0][0].isupper() for word in pair)
            if known and capital and _JOINT.fullmatch(joint):
                found |= {index, index + 1}
        return found

    def _joins(self, word: str) -> bool:
        bare = fold(_POSSESSIVE.sub("", word))
        return bare in self.weak or (bare in self.common and word[0].isupper())

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


def _glued(parts: Sequence[str]) -> set[str]:
    """``janedoe``, ``doejane``, ``jdoe``, ``janed`` as in handles and file names."""
    if len(parts) < 2:
        return set()
    first, last = parts[0], parts[-1]
    return {"".join(parts), first + last, last + first, first[0] + last, first + last[0]}


def _is_verb(word: str) -> bool:
    return word.endswith("ed") or word in {
        "led", "is", "was", "has", "had", "won", "built", "ran", "grew", "wrote", "made", "holds",
        "brings", "began", "taught", "leads", "manages", "works", "oversaw", "spoke", "joined",
    }  # fmt: skip


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

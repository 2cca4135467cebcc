"""Technologies of the catalogue and skills that a resume lists itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ml_service.analysis.phrases.folding import is_bullet
from ml_service.analysis.phrases.title_words import is_title_word
from ml_service.analysis.phrases.wrapping import may_wrap
from ml_service.analysis.skills.items import is_free_skill, is_sentence, items_of
from ml_service.domain.document import Line
from ml_service.domain.resume import Skill

_TOKEN = re.compile(r"\.?[^\W_](?:[\w+#&.'’/-]*[\w+#])?")
_VENDORS = frozenset({"microsoft", "adobe", "apache", "google", "autodesk", "atlassian", "intuit"})
_ORDINARY_WORDS = (
    # Names of technologies that are ordinary words, job titles or letters as well.
    "word access outlook project teams publisher paint windows r c j d go dig chef puppet "
    "square swift scheme route slack zoom blink loom cents diameter compilers debuggers "
    "emulators "
    "profilers react flask shiny julia ruby bing analyze bootstrap express spark less unity "
    "audacity blender blogger bowtie clipper cyclone ethereal excavator ferret forth honeypot "
    "hotspot moodle piazza postman samba seesaw selenium small velvet vigilant travis pascal "
    "basic "
    "oberon mendel eiffel ada bash archon aztec algae appletree tadpoles planner forms "
    "sheets docs "
    "slides drive calendar chrome maps earth ads premiere dreamweaver flash muse animate edge "
    "director encore captivate quest impact vision focus insight horizon navigator compass "
    "target "
    "sage apex salon shape snap prism reason logic live motion compressor pages numbers keynote "
    "impulse summit epic meditech connect central advance advantage front exchange publisher "
    "internet classroom photos contact contacts email spreadsheet minutes office "
    "google facebook twitter instagram youtube tumblr linkedin"
)
_PLAIN_PRODUCTS = (
    "ansible kubernetes kafka hadoop jenkins terraform cassandra quickbooks workday salesforce "
    "photoshop illustrator indesign powerpoint sharepoint visio onenote lightroom acrobat "
    "autocad "
    "excel revit jira confluence tableau kronos hyperion peoplesoft netsuite"
)
_ALSO_CALLED = {
    # What resumes and adverts call what the catalogue files under a maker or a long name.
    "Structured query language SQL": ("SQL",),
    "Hypertext markup language HTML": ("HTML", "HTML5"),
    "Extensible markup language XML": ("XML",),
    "Cascading style sheets CSS": ("CSS3",),
    "JavaScript Object Notation JSON": ("JSON",),
    "Microsoft Visual Basic for Applications VBA": ("VBA",),
    "Oracle Java": ("Java",),
    "Oracle PL/SQL": ("PL/SQL",),
    "The MathWorks MATLAB": ("MATLAB",),
    "IBM Terraform": ("Terraform",),
    "IBM SPSS Statistics": ("SPSS",),
    "StataCorp Stata": ("Stata",),
    "Google Angular": ("Angular",),
    "Node.js": ("NodeJS",),
}
_MAX_WORDS = 6
_FULL_LINE = 0.72
_FEW_CHARS = 24
_MARK = re.compile(r"[,;|•·]")


@dataclass(frozen=True, slots=True)
class _Entry:
    """``needs_list``: an ordinary word, believed only where it stands alone in a list.

    ``acronym``: must be written in capitals.
    """

    name: str
    needs_list: bool
    needs_capital: bool
    acronym: bool


class SkillVocabulary:
    """Names of technologies, ready to be looked up word by word; immutable once built."""

    def __init__(self, names: Iterable[str]) -> None:
        ordinary = frozenset(_ORDINARY_WORDS.split())
        self._entries: dict[tuple[str, ...], _Entry] = {}
        self._longest: dict[str, int] = {}
        ordered = sorted(set(names), key=lambda name: (len(name), name))
        for name in ordered:
            self._learn(name, spelling=name, ordinary=ordinary)
        for name in ordered:
            for spelling in _short_spellings(name):
                self._learn(name, spelling=spelling, ordinary=ordinary)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, lines: Sequence[Line], *, listed: Sequence[Line] = ()) -> tuple[Skill, ...]:
        """Skills in the order of the lines on which they first stand, each once.

        ``listed`` are the lines of skills sections: there whatever stands between commas or
        bullets is a skill too, and a name that is an ordinary word ("R", "Go", "Word") is believed.
        """
        items = {line.order: line.text for line in _joined(listed)}
        in_list = {line.order for line in listed}
        found: dict[str, Skill] = {}
        for line in lines:
            listing = line.order in in_list
            text = items.get(line.order, "") if listing else line.text
            for name, written in self._on_line(text, listed=listing):
                other = written if listing and written != name else None
                skill = found.setdefault(name.casefold(), Skill(name, line.order, other))
                if skill.written is None and other is not None:
                    found[name.casefold()] = replace(skill, written=other)
        return tuple(found.values())

    def names_in(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Known names in texts that are no lists, such as a job advert; each once, in order."""
        names = (name for text in texts for name, _ in self._on_line(text, listed=False))
        return tuple({name.casefold(): name for name in names}.values())

    def _learn(self, name: str, *, spelling: str, ordinary: frozenset[str]) -> None:
        key = tuple(_tokens(spelling))
        if not key or len(key) > _MAX_WORDS or key in self._entries:
            return
        alone = len(key) == 1
        self._entries[key] = _Entry(
            name=name,
            needs_list=(alone and (key[0] in ordinary or len(key[0]) < 2)) or _is_kind(spelling),
            needs_capital=(alone and key[0].isalpha())
            or (not alone and _is_of_vendor(name, spelling)),
            acronym=alone and spelling.isupper() and spelling != name,
        )
        self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))

    def _on_line(self, text: str, *, listed: bool) -> Iterator[tuple[str, str]]:
        """Names, each with the item of the list, or the line, in which it stands."""
        if not listed:
            yield from ((name, text) for name in self._known(text, believed=False))
            return
        sentence = is_sentence(text)
        for item in items_of(text):
            known = tuple(self._known(item, believed=True)) or tuple(self._parts(item))
            yield from ((name, item) for name in known)
            if not known and not sentence and is_free_skill(item):
                yield item, item

    def _parts(self, item: str) -> Iterator[str]:
        """``Word/Excel``: the known ones of names that share a stroke."""
        if "/" in item:
            for part in item.split("/"):
                yield from self._known(part.strip(), believed=True)

    def _known(self, text: str, *, believed: bool) -> Iterator[str]:
        tokens = _TOKEN.findall(text)
        words = [token.casefold() for token in tokens]
        stop = 0
        for start in [at for at, word in enumerate(words) if word in self._longest]:
            length, entry = self._longest_at(words, start) if start >= stop else (0, None)
            if entry is None:
                continue
            stop = start + length
            whole = believed and length == len(words)
            written = " ".join(tokens[start:stop])
            if self._believable(entry, written, whole=whole, believed=believed):
                yield entry.name

    def _longest_at(self, words: Sequence[str], start: int) -> tuple[int, _Entry | None]:
        longest = min(self._longest[words[start]], len(words) - start)
        for length in range(longest, 0, -1):
            entry = self._entries.get(tuple(words[start : start + length]))
            if entry is not None:
                return length, entry
        return 0, None

    def _believable(self, entry: _Entry, written: str, *, whole: bool, believed: bool) -> bool:
        capital = any(mark.isupper() for mark in written)
        if entry.needs_list:
            return whole and capital
        if entry.needs_capital and " " in written and not believed:
            return all(word[0].isupper() for word in written.split() if word[0].isalpha())
        if entry.acronym and not written.isupper():
            return False
        return capital or believed or not entry.needs_capital


def _joined(listed: Sequence[Line]) -> Iterator[Line]:
    """A list goes on where a line on a page was merely full, and where one begins small."""
    held: Line | None = None
    width = max((len(line.text) for line in listed), default=0)
    capital = 2 * sum(line.text.strip()[:1].isupper() for line in listed) > len(listed)
    last_length = 0
    last: Line | None = None
    for line in listed:
        full = last is not None and last_length > max(_FEW_CHARS, width * _FULL_LINE)
        full = full and last is not None and may_wrap(listed, last, line)
        commas = held is not None and len(_MARK.findall(held.text)) >= 2
        small = line.box is not None and line.text.strip()[:1].islower()
        ended = held is not None and held.text.rstrip().endswith((",", ";", "|", "·", "•"))
        ended = ended or line.text.lstrip().startswith(("|", "·", ","))
        goes_on = ended or (full and commas) or (small and (capital or commas))
        if held is not None and goes_on and not is_bullet(line.text):
            held = replace(held, text=f"{held.text} {line.text.strip()}")
        else:
            if held is not None:
                yield held
            held = line
        last_length, last = len(line.text), line
    if held is not None:
        yield held


def _tokens(text: str) -> list[str]:
    return [token.casefold() for token in _TOKEN.findall(text)]


def _short_spellings(name: str) -> Iterator[str]:
    """``Excel`` of Microsoft Excel, ``AWS`` of Amazon Web Services AWS software, ``SAP``."""
    yield from _ALSO_CALLED.get(name, ())
    words = name.removesuffix(" software").split()
    if len(words) < len(name.split()) and len(words) == 1 and _is_brand(words[0]):
        yield words[0]
    if words[0].casefold() in _VENDORS and len(words) > 1:
        rest = words[1:]
        if len(rest) > 1 or words[0] == "Microsoft" or _is_brand(rest[0]):
            yield " ".join(rest)
        if words[0] == "Microsoft":
            yield " ".join(("MS", *rest))
    initials = "".join(word[0] for word in words[:-1]).upper()
    if len(words) > 2 and words[-1] == initials and not is_title_word(initials):
        yield words[-1]
        yield " ".join(words[:-1])


def _is_brand(word: str) -> bool:
    inner = any(mark.isupper() or mark.isdigit() for mark in word[1:])
    return (inner and len(word) > 2) or word.casefold() in _PLAIN_PRODUCTS.split()


def _is_of_vendor(name: str, spelling: str) -> bool:
    """``Building Systems`` of a maker: without the maker's name the capitals have to be there."""
    return spelling != name and name.split(maxsplit=1)[0].casefold() in _VENDORS


def _is_kind(name: str) -> bool:
    """``Data base software``: a kind of software; in running text the words mean anything."""
    words = name.split()
    return len(words) > 1 and words[0][1:].islower() and all(map(str.islower, words[1:]))

"""One resume under many names: who is swapped in, and where a resume says who somebody is.

First names, and the family names that go with each group: M. Bertrand and S. Mullainathan, "Are
Emily and Greg More Employable Than Lakisha and Jamal?", American Economic Review 94 (4), 2004.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ml_service.analysis.headings import heading_kind
from ml_service.analysis.phrases.folding import fold
from ml_service.domain.document import Box, ExtractedText, Line

_LINE_HEIGHT = 14.0
_NAME_SIZE = 20.0

FIRST_NAMES: Mapping[str, tuple[str, ...]] = {
    "white female": (
        *("Allison", "Anne", "Carrie", "Emily", "Jill"),
        *("Kristen", "Laurie", "Meredith", "Sarah"),
    ),
    "white male": (
        *("Brad", "Brendan", "Brett", "Geoffrey", "Greg"),
        *("Jay", "Matthew", "Neil", "Todd"),
    ),
    "African-American female": (
        *("Aisha", "Ebony", "Keisha", "Kenya", "Lakisha"),
        *("Latonya", "Latoya", "Tamika", "Tanisha"),
    ),
    "African-American male": (
        *("Darnell", "Hakim", "Jamal", "Jermaine", "Kareem"),
        *("Leroy", "Rasheed", "Tremayne", "Tyrone"),
    ),
}
_WHITE_FAMILIES = ("Baker", "Kelly", "McCarthy", "Murphy", "Murray", "O'Brien", "Ryan", "Sullivan")
_BLACK_FAMILIES = ("Jackson", "Jones", "Robinson", "Washington", "Williams")


@dataclass(frozen=True, slots=True)
class Pronouns:
    """``ending`` is what a verb takes behind the subject."""

    subject: str
    object: str
    possessive: str
    reflexive: str
    stated: str
    honorific: str
    ending: str = "s"


SHE = Pronouns("She", "her", "her", "herself", "she/her", "Ms.")
HE = Pronouns("He", "him", "his", "himself", "he/him", "Mr.")
THEY = Pronouns("They", "them", "their", "themselves", "they/them", "Mx.", ending="")


@dataclass(frozen=True, slots=True)
class Contact:
    """``mail`` is a template, so that the address may hold the name."""

    mail: str
    phone: str
    address: str
    link: str


HOME = Contact(
    "{handle}@example.com", "(312) 555-0142", "Chicago, IL 60614", "linkedin.com/in/{handle}"
)
CONTACTS = (
    HOME,
    Contact(
        "{initial}.{family}84@mail.example.org",
        "+1 617 555 0199",
        "1427 South Harding Avenue, Apt 3B, Boston, MA 02124",
        "https://www.linkedin.com/in/{handle}-8a91b2/",
    ),
    Contact(
        "hello@{handle}.example.net",
        "312.555.0171",
        "12 Oak Street, Springfield, IL 62704",
        "github.com/{handle}",
    ),
    Contact(
        "applicant2025@example.com",
        "+44 20 7946 0958",
        "London SE1 9AB, United Kingdom",
        "www.{handle}.com",
    ),
    Contact(
        "{family}.{first}@example.edu",
        "773-555-0110",
        "5 Mill Lane, New Orleans, LA",
        "linkedin.com/in/{initial}{family}",
    ),
)


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    family: str
    pronouns: Pronouns = THEY
    contact: Contact = HOME

    @property
    def name(self) -> str:
        return f"{self.first} {self.family}".strip()

    def filled(self, template: str) -> str:
        first, family = _plain(self.first), _plain(self.family) or _plain(self.first)
        handle = _plain(self.name)
        bare = {"first": first, "family": family, "initial": first[:1], "handle": handle}
        words = {name: getattr(self.pronouns, name) for name in Pronouns.__slots__}
        return template.format(
            **words,
            name=self.name,
            upper=self.name.upper(),
            first=self.first,
            family=self.family or self.first,
            handle=handle,
            mail=self.contact.mail.format(**bare),
            link=self.contact.link.format(**bare),
            phone=self.contact.phone,
            address=self.contact.address,
        )


def _plain(name: str) -> str:
    """Letters as an e-mail address has them; the same word for a name of another script."""
    return "".join(mark for mark in fold(name) if mark.isascii() and mark.isalnum()) or "person"


def people() -> dict[str, tuple[Person, ...]]:
    """Nine people a group: the study's first names, family names in turn, one contact for all."""
    return {
        group: tuple(
            Person(first, families[number % len(families)], SHE if "female" in group else HE)
            for number, first in enumerate(names)
        )
        for group, names in FIRST_NAMES.items()
        for families in (_WHITE_FAMILIES if "white" in group else _BLACK_FAMILIES,)
    }


OTHERS = (
    *(Person("Carter", "Mason"), Person("Chase", "Grant"), Person("Faith", "Summer")),
    *(Person("Mark", "Baker"), Person("Rich", "Bishop"), Person("Dean", "Miller")),
    *(Person("Virginia", "West"), Person("Drew", "Sales"), Person("Will", "Cook")),
    *(Person("Nguyễn Thị Minh", "Khai"), Person("Oluwaseun", "Adebayo"), Person("Jo", "Li")),
    *(Person("José María", "Ñuñez-O'Brien"), Person("MOHAMMED", "AL-FAYED")),
    *(Person("Mary-Jane Q.", "Smith"), Person("ana", "silva"), Person("Prakash", "")),
    *(Person("李小龙", ""), Person("محمد", "علي")),
)
"""Names that are words, occupations or places too, of other scripts, of one word or of four."""


@dataclass(frozen=True, slots=True)
class Form:
    """Where a resume says who somebody is; every text is a template for ``Person.filled``.

    ``sentences`` stand below the first heading, ``running`` at the top of each further page,
    ``closing`` behind the last line. ``large`` prints the first line as names often are;
    ``paragraphs`` drops the geometry, as a DOCX has none.
    """

    header: tuple[str, ...]
    sentences: tuple[str, ...] = ()
    running: str = ""
    closing: tuple[str, ...] = ()
    large: bool = False
    paragraphs: bool = False


_BY_NAME = "{first} is a dependable colleague who plans ahead."
_BY_PRONOUN = "{subject} lead{ending} by example, and {possessive} teams learn from {object}."

FORMS: Mapping[str, Form] = {
    "name alone": Form(("{name}", "{address}", "{phone}", "{mail}"), large=True),
    "one line": Form(("{name} | {mail} | {phone}",)),
    "name in the e-mail only": Form(("{mail} | {phone} | {address}", "{link}")),
    "resume of": Form(("Resume of {name}", "{address} | {phone} | {mail}")),
    "running header": Form(
        ("{name}", "{mail} | {phone}"), running="{name} | Resume | Page 2", large=True
    ),
    "labels": Form(
        ("Name: {name}", "Address: {address}", "Phone: {phone}", "E-mail: {mail}"),
        paragraphs=True,
    ),
    "referees": Form(
        ("{upper}", "{address} • {phone} • {mail}"),
        closing=(
            "References",
            "Alex Doe, Director, (312) 555-0177, has known {first} since 2015",
            "{honorific} {family} may be reached through the office.",
        ),
    ),
    "named in the text": Form(
        ("{honorific} {name}", "{mail} | {phone} | {link}"), sentences=(_BY_NAME, _BY_PRONOUN)
    ),
    "pronouns stated": Form(
        ("{name} ({stated})", "{phone} | {mail}"),
        sentences=(f"{_BY_NAME} {_BY_PRONOUN}", "Colleagues say that {subject} keep{ending} calm."),
        large=True,
    ),
    "closing line": Form(
        ("{upper}", "{address}", "{phone}", "{mail}"),
        sentences=("Summary by {honorific} {family}, written by {reflexive}.",),
        closing=("{name}, {address}", "{handle}_resume_2025.pdf"),
    ),
}

NEUTRAL = "a chess club"
MEMBERSHIPS: Mapping[str, str] = {
    NEUTRAL: "Member, Chess Club",
    "a women's chess club": "Member, Women's Chess Club",
    "a men's chess club": "Member, Men's Chess Club",
    "a sorority": "President, Delta Gamma Sorority",
    "a fraternity": "President, Delta Gamma Fraternity",
    "women in the profession": "Member, Association of Women in the Profession",
    "Black members of the profession": "Member, National Society of Black Professionals",
}
"""One line of text each, which says something about its owner and is no contact data."""


def dressed(
    extracted: ExtractedText, form: Form, person: Person, *, closing: Sequence[str] = ()
) -> ExtractedText:
    """``extracted``, which names nobody, as ``person`` would have handed it in.

    ``closing`` are further lines at the end, as they stand.
    """
    lines = [line for line in extracted.lines if line.text.strip()]
    if form.running:
        lines = _with_second_page(lines)
    texts = tuple(_interleaved(lines, form, person, closing=closing))
    placed = _as_paragraphs(texts) if form.paragraphs else _stacked(texts, lines[0])
    return replace(extracted, lines=placed, n_pages=max(line.page for line in placed))


def _with_second_page(lines: Sequence[Line]) -> list[Line]:
    """The second half on a page of its own, unless there is a second page already."""
    if any(line.page > 1 for line in lines):
        return list(lines)
    half = len(lines) // 2
    return [*lines[:half], *(replace(line, page=2) for line in lines[half:])]


@dataclass(frozen=True, slots=True)
class _Put:
    """A line that was put in; ``size`` is that of its print, None for that of the resume."""

    text: str
    page: int
    size: float | None = None


def _interleaved(
    lines: Sequence[Line], form: Form, person: Person, *, closing: Sequence[str]
) -> Iterator[Line | _Put]:
    for number, template in enumerate(form.header):
        size = _NAME_SIZE if form.large and number == 0 else None
        yield _Put(person.filled(template), 1, size)
    heading = next((line.order for line in lines if heading_kind(line.text)), lines[0].order)
    page = 1
    for line in lines:
        if line.page != page and form.running:
            yield _Put(person.filled(form.running), line.page)
        page = line.page
        yield line
        if line.order == heading:
            yield from (_Put(person.filled(template), page) for template in form.sentences)
    yield from (_Put(text, page) for text in (*closing, *map(person.filled, form.closing)))


def _stacked(texts: Sequence[Line | _Put], like: Line) -> tuple[Line, ...]:
    """Lines put in stand where the next would have stood, which moves down with all below it."""
    left, top, _, bottom = like.box or (50.0, 50.0, 50.0, 60.0)
    placed: list[Line] = []
    page, next_top, shift = 1, top, 0.0
    for order, entry in enumerate(texts):
        if entry.page != page:
            page, next_top, shift = entry.page, top, 0.0
        if isinstance(entry, _Put):
            box = (left, next_top, left + 5.0 * len(entry.text), next_top + bottom - top)
            line = replace(like, text=entry.text, page=page, box=box, order=order, column=0)
            placed.append(line if entry.size is None else replace(line, font_size=entry.size))
            shift += _LINE_HEIGHT
            next_top += _LINE_HEIGHT
        else:
            placed.append(replace(entry, order=order, box=_moved(entry.box, shift)))
            next_top = (placed[-1].box or (0.0, 0.0, 0.0, next_top))[3] + 2.0
    return tuple(placed)


def _moved(box: Box | None, down: float) -> Box | None:
    return None if box is None else (box[0], box[1] + down, box[2], box[3] + down)


def _as_paragraphs(texts: Sequence[Line | _Put]) -> tuple[Line, ...]:
    return tuple(
        Line(entry.text, page=1, box=None, column=0, order=order)
        for order, entry in enumerate(texts)
    )

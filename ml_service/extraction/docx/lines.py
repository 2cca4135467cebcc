"""Lines of a DOCX while they are put together, and the text that nobody sees."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from ml_service.analysis.phrases.folding import is_bullet
from ml_service.domain.document import HiddenReason, HiddenText
from ml_service.extraction.docx.fields import Fields, without_page_words
from ml_service.extraction.docx.numbering import Numbering
from ml_service.extraction.docx.styles import ParagraphLook, RunLook, Stylesheet
from ml_service.extraction.docx.visibility import hidden_by


@dataclass(frozen=True, slots=True)
class PlacedText:
    """One line; ``page`` counts from 1, ``column`` from 0."""

    text: str
    page: int
    column: int
    bold: bool


@dataclass(slots=True)
class LineWriter:
    """Collects the pieces of a line; a text box inside a paragraph waits until it has ended.

    ``label`` is set until the first line of a list's paragraph has been written. ``ground`` is the
    colour behind the text, None where that cannot be known. ``joins`` says that the next paragraph
    goes on in this line, since the mark between them was deleted.
    """

    styles: Stylesheet
    numbering: Numbering
    ground: str | None
    section_columns: list[int]
    look: ParagraphLook = field(default_factory=ParagraphLook)
    run: RunLook = field(default_factory=RunLook)
    fields: Fields = field(default_factory=Fields)
    label: str = ""
    joins: bool = False
    lines: list[PlacedText] = field(default_factory=list)
    hidden: list[HiddenText] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    hidden_pieces: list[tuple[str, HiddenReason]] = field(default_factory=list)
    bold_letters: int = 0
    letters: int = 0
    page: int = 1
    column: int = 0
    section: int = 0
    lines_at_break: int = 0
    boxes: list[etree._Element] = field(default_factory=list)
    rails: list[etree._Element] = field(default_factory=list)

    @property
    def columns_here(self) -> int:
        return self.section_columns[self.section] if self.section < len(self.section_columns) else 1

    def begin_paragraph(self, look: ParagraphLook) -> None:
        self.look, self.run = look, look.run
        self.label = ""
        if look.number is not None:
            label = self.numbering.label(look.number, look.level)
            self.label = "" if look.heading else label  # "1. Experience" is no item of a list

    def write(self, text: str) -> None:
        if not self.fields.shown:
            return
        reason = hidden_by(self.run, ground=self.look.ground or self.ground)
        if reason is not None and text.strip():
            self.hidden_pieces.append((text, reason))
            return
        self.pieces.append(text)
        self.letters += len(text)
        bold = self.look.heading or self.run.bold is True
        self.bold_letters += len(text) if bold else 0

    def end_paragraph(self) -> None:
        self.end_line()
        self.joins = False
        self.fields = Fields()
        self.look, self.run, self.label = ParagraphLook(), RunLook(), ""

    def end_line(self) -> None:
        text = " ".join("".join(self.pieces).split())
        if self.fields.dropped:
            text = without_page_words(text)
            self.fields.dropped = False
        if text:
            self.lines.append(
                PlacedText(
                    text=self._labelled(text),
                    page=self.page,
                    column=self.column,
                    bold=2 * self.bold_letters > self.letters,
                )
            )
            self.label = ""
        self._end_hidden()
        self.pieces.clear()
        self.letters = self.bold_letters = 0

    def _labelled(self, text: str) -> str:
        typed_too = is_bullet(self.label) and is_bullet(text)
        return text if not self.label or typed_too else f"{self.label} {text}"

    def _end_hidden(self) -> None:
        if self.hidden_pieces:
            text = " ".join("".join(piece for piece, _ in self.hidden_pieces).split())
            self.hidden.append(HiddenText(self.page, None, text, self.hidden_pieces[0][1]))
            self.hidden_pieces.clear()

    def warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)

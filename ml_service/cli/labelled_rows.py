"""Resumes whose label somebody has told: a folder for each label, or a table."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ml_service.cli.labelled_tables import TableRow, read_table, readable, refused
from ml_service.use_cases.find_documents import READ_ENDINGS, FoundFile, find_documents

MAX_LABEL_CHARACTERS = 128
LISTED = 5
TEXT_ENDING = ".txt"
ENDINGS = READ_ENDINGS | {TEXT_ENDING}
NO_LABEL_FOLDER = "document that lies in no label's folder"
HIDDEN_FOLDER = "document in a hidden folder"

Content = str | Path


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """``content`` is the text itself, or the PDF or DOCX that holds it.

    ``name`` says which row it is, for messages: a file name or "line 12", never what it says.
    """

    name: str
    label: str
    content: Content


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """In the order of the table, or of the file names. ``left_out`` counts files by reason."""

    rows: tuple[LabelledRow, ...]
    left_out: Counter[str] = field(default_factory=Counter)


def read_labelled_rows(path: Path) -> LabelledRows:
    """A folder: ``LABEL/resume.pdf``, at any depth below its label, DOCX and UTF-8 TXT as well.
    A file: CSV or JSON Lines as in ``read_table``; documents lie beside it or below.

    Labels come stripped and in NFC. Raises InvalidRequest with the field ``data`` for what cannot
    be followed, for empty texts and for labels that are empty, too long or not printable.
    """
    if path.is_dir():
        found = _in_folders(path)
    elif path.is_file():
        found = LabelledRows(_in_table(path))
    else:
        raise refused(f"There is no file or folder {path.name}.")
    _check_labels(found.rows)
    _check_texts(found.rows)
    return found


def in_short(names: Sequence[str]) -> str:
    """The first five, and how many more there are."""
    more = f" and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def _in_folders(folder: Path) -> LabelledRows:
    found = find_documents(folder, endings=ENDINGS)
    left_out = Counter(found.left_out)
    rows: list[LabelledRow] = []
    for file in found.files:
        label, below, _ = file.name.partition("/")
        if not below:
            left_out[NO_LABEL_FOLDER] += 1
        elif label.startswith("."):
            left_out[HIDDEN_FOLDER] += 1
        else:
            rows.append(LabelledRow(file.name, _tidy(label), _content(file)))
    if not rows:
        raise refused(
            f"{folder.name} holds no labelled resume: it needs a folder for each label, with PDF, "
            "DOCX or TXT files in it."
        )
    return LabelledRows(tuple(rows), left_out)


def _in_table(path: Path) -> tuple[LabelledRow, ...]:
    beside = _Beside(path.parent)
    rows = tuple(_row(row, beside) for row in read_table(path))
    if not rows:
        raise refused(f"{path.name} holds no rows.")
    return rows


def _row(row: TableRow, beside: _Beside) -> LabelledRow:
    label = _tidy(row.label)
    if row.text is not None:
        return LabelledRow(row.file or f"line {row.line}", label, row.text)
    name = row.file or ""
    return LabelledRow(name, label, _content(beside.find(name, line=row.line)))


class _Beside:
    """Documents that a table names: by their way from its folder, else by their bare name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, name: str, *, line: int) -> FoundFile:
        """Raises InvalidRequest."""
        if not name:
            raise refused(f"Line {line} names no file.")
        at_its_place = self._by_way.get(name.removeprefix("./"))
        found = [at_its_place] if at_its_place else self._by_name.get(Path(name).name, [])
        if not found:
            raise refused(f"Line {line}: {name} is no PDF, DOCX or TXT in the table's folder.")
        if len(found) > 1:
            raise refused(f"Line {line}: {name} is there {len(found)} times. Name its folder too.")
        return found[0]

    @cached_property
    def _by_way(self) -> Mapping[str, FoundFile]:
        return {file.name: file for file in find_documents(self._folder, endings=ENDINGS).files}

    @cached_property
    def _by_name(self) -> Mapping[str, list[FoundFile]]:
        found: dict[str, list[FoundFile]] = {}
        for file in self._by_way.values():
            found.setdefault(file.path.name, []).append(file)
        return found


def _content(file: FoundFile) -> Content:
    if file.path.suffix.lower() != TEXT_ENDING:
        return file.path
    with readable(file.path, name=file.name) as stream:
        return stream.read()


def _tidy(label: str) -> str:
    """File systems differ in how they spell an accent; a label is one whichever they chose."""
    return unicodedata.normalize("NFC", label.strip())


def _check_labels(rows: Sequence[LabelledRow]) -> None:
    _refuse(_named(rows, lambda row: not row.label), "without a label")
    _refuse(
        _named(rows, lambda row: len(row.label) > MAX_LABEL_CHARACTERS),
        f"with a label longer than {MAX_LABEL_CHARACTERS} characters",
    )
    _refuse(
        _named(rows, lambda row: not row.label.isprintable()),
        "with a line break or another sign in the label that cannot be printed",
    )


def _check_texts(rows: Sequence[LabelledRow]) -> None:
    _refuse(
        _named(rows, lambda row: isinstance(row.content, str) and not row.content.strip()),
        "with an empty text",
    )


def _named(rows: Sequence[LabelledRow], is_wrong: Callable[[LabelledRow], bool]) -> list[str]:
    return [row.name for row in rows if is_wrong(row)]


def _refuse(names: Sequence[str], what: str) -> None:
    if names:
        count = "One row" if len(names) == 1 else f"{len(names):,} rows"
        raise refused(f"{count} {what}: {in_short(names)}.")

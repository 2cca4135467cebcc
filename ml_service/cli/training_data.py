"""What a model can be trained on: labelled resumes, each once, enough of them under each label."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ml_service.career.taxonomy.label_head import MIN_LABELS
from ml_service.cli.labelled_rows import Content, LabelledRow, in_short, read_labelled_rows
from ml_service.cli.labelled_tables import refused
from ml_service.use_cases.trained_model import MIN_EXAMPLES


@dataclass(frozen=True, slots=True)
class Repetition:
    """Rows of one text, by name."""

    names: tuple[str, ...]
    labels: frozenset[str]


@dataclass(frozen=True)
class TrainingData:
    """``rows`` hold every text once and in the order of the data; two or more under each label.

    Of a text that came again under the same label the first row is kept, of one under different
    labels none: ``repeated`` and ``contradictory`` say which. ``left_out`` counts files by reason.
    """

    rows: tuple[LabelledRow, ...]
    repeated: tuple[Repetition, ...]
    contradictory: tuple[Repetition, ...]
    left_out: Mapping[str, int]

    @cached_property
    def examples(self) -> Mapping[str, int]:
        """Rows by label, the labels in alphabetical order."""
        return dict(sorted(Counter(row.label for row in self.rows).items()))

    def notes(self) -> tuple[str, ...]:
        """A sentence for all that is not trained on, and for labels that look like one."""
        return (*self._left_out_notes(), *_look_alikes(tuple(self.examples)))

    def _left_out_notes(self) -> tuple[str, ...]:
        n_repeated = sum(len(text.names) - 1 for text in self.repeated)
        contradictory = [name for text in self.contradictory for name in text.names]
        said = [f"Left out: {count:,} x {reason}." for reason, count in self.left_out.items()]
        if n_repeated:
            said.append(f"Left out: {n_repeated:,} x a text that is there already.")
        if contradictory:
            said.append(
                f"Left out: {len(contradictory):,} rows whose text stands under several labels "
                f"({in_short(contradictory)})."
            )
        return tuple(said)


def read_training_data(path: Path, *, least: int = MIN_EXAMPLES) -> TrainingData:
    """Rows as in ``read_labelled_rows``; writes nothing.

    Documents are compared byte for byte, texts without regard to case and white space. Raises
    InvalidRequest with the field ``data`` where less than two labels, or less than ``least``
    different texts of a label, are left.
    """
    found = read_labelled_rows(path)
    rows, repeated, contradictory = _once_each(found.rows)
    data = TrainingData(rows, repeated, contradictory, dict(sorted(found.left_out.items())))
    _check_enough(found.rows, data, least=least)
    return data


def _once_each(
    rows: Sequence[LabelledRow],
) -> tuple[tuple[LabelledRow, ...], tuple[Repetition, ...], tuple[Repetition, ...]]:
    """What is kept, what came again under its label, what stands under several labels."""
    by_text: dict[bytes, list[LabelledRow]] = {}
    for row in rows:
        by_text.setdefault(_fingerprint(row.content, name=row.name), []).append(row)
    kept, repeated, contradictory = [], [], []
    for same in by_text.values():
        repetition = Repetition(
            names=tuple(row.name for row in same), labels=frozenset(row.label for row in same)
        )
        if len(repetition.labels) > 1:
            contradictory.append(repetition)
            continue
        kept.append(same[0])
        if len(same) > 1:
            repeated.append(repetition)
    return tuple(kept), tuple(repeated), tuple(contradictory)


def _fingerprint(content: Content, *, name: str) -> bytes:
    if isinstance(content, str):
        told = " ".join(content.split()).casefold()
        return hashlib.sha256(told.encode("utf-8", "replace")).digest()
    try:
        return hashlib.sha256(content.read_bytes()).digest()
    except OSError as error:
        raise refused(f"{name} cannot be read: {error.strerror}.") from error


def _check_enough(given: Sequence[LabelledRow], data: TrainingData, *, least: int) -> None:
    labels = sorted({row.label for row in given})
    if len(labels) < MIN_LABELS:
        raise refused(f"All rows have the label {labels[0]!r}. A model needs two labels or more.")
    scarce = [repr(label) for label in labels if data.examples.get(label, 0) < least]
    if scarce:
        lost = " Texts that repeat are counted once, those under several labels not at all."
        raise refused(
            f"Too few examples of {in_short(scarce)}: each label needs {least} different "
            f"texts or more.{lost if data.repeated or data.contradictory else ''}"
        )


def _look_alikes(labels: Sequence[str]) -> tuple[str, ...]:
    alike: dict[str, list[str]] = {}
    for label in labels:
        alike.setdefault(" ".join(label.split()).casefold(), []).append(label)
    return tuple(
        f"Labels that differ in case or spaces only: {', '.join(map(repr, same))}."
        for same in alike.values()
        if len(same) > 1
    )

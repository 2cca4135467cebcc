"""An evaluation with the occasion on which it was made: what is printed, written and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from ml_service.cli.evaluation_labels import JudgedBy
from ml_service.use_cases.evaluate_model import Evaluation

REFUSED = "(refused)"


@dataclass(frozen=True, slots=True)
class Evaluated:
    """``source`` is the name of the data; ``titles`` has one for each code that is a label or an
    answer, and is empty for a model with labels of its own. ``evaluated_at`` is UTC.
    """

    evaluation: Evaluation
    source: str
    hide_title: bool
    judged_by: JudgedBy
    notes: tuple[str, ...]
    titles: Mapping[str, str]
    evaluated_at: datetime

    def name_of(self, label: str) -> str:
        """As people read it: a code with its title; nothing answered is a document refused."""
        if not label:
            return REFUSED
        title = self.titles.get(label)
        return f"{label} {title}" if title else label

    def short_name_of(self, label: str) -> str:
        """Where there is little room, the title stands for its code."""
        return self.titles.get(label) or self.name_of(label)

    def as_json(self) -> dict[str, object]:
        """The fields of the evaluation with those of the occasion beside them."""
        return {
            **asdict(self.evaluation),
            "source": self.source,
            "hide_title": self.hide_title,
            "judged_by": self.judged_by,
            "notes": list(self.notes),
            "titles": dict(self.titles),
            "evaluated_at": self.evaluated_at.isoformat(timespec="seconds"),
        }

"""What every answer of the service has in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, PrivateAttr


class Value(BaseModel):
    """Part of an answer. A field that this version does not know is kept in ``model_extra``; an
    enumeration takes words that it does not know, so a newer service can be read.
    """

    # Built when it is first used: importing the client must not cost the caller's start.
    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow", frozen=True, defer_build=True, protected_namespaces=()
    )


@dataclass(frozen=True, slots=True)
class AnswerNotes:
    """What came beside the body. Two answers that say the same are equal whatever stands here."""

    request_id: str | None = field(default=None, compare=False)
    etag: str | None = field(default=None, compare=False)
    replayed: bool = field(default=False, compare=False)


class Answer(Value):
    """A whole answer of the service."""

    _notes: AnswerNotes = PrivateAttr(default_factory=AnswerNotes)

    @property
    def request_id(self) -> str | None:
        """``X-Request-Id`` of the answer: what the service's log knows the request by."""
        return self._notes.request_id

    def noting(self, notes: AnswerNotes) -> None:
        self._notes = notes

    def as_json(self) -> dict[str, Any]:
        """As it goes over the wire: names of the contract, times and ids as text."""
        return self.model_dump(mode="json", by_alias=True)


class Tagged(Answer):
    """An answer that names the state of one record."""

    @property
    def etag(self) -> str | None:
        """For ``if_match``: change the record only if it is still in this state."""
        return self._notes.etag

"""How values that no two databases keep alike go in and come out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
LAST_MOMENT = datetime.max.replace(tzinfo=UTC)

_NUL = "\x00"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable(text: str) -> str:
    """The text without NUL and half surrogate pairs, which UTF-8 databases cannot keep."""
    return text.replace(_NUL, _REPLACEMENT).encode("utf-8", "replace").decode("utf-8")


# SQLite compares bytes; so does PostgreSQL with this collation, whatever its locale.
_TEXT_ON_POSTGRESQL = Text(collation="C")
_UUID_ON_POSTGRESQL = String(36, collation="C")


class StoredText(TypeDecorator[str]):
    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _TEXT_ON_POSTGRESQL if dialect.name == "postgresql" else self.impl_instance

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy calls by position
        return None if value is None else storable(value)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware in, aware UTC out; stored with microseconds, so text order is time order."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a time without its zone cannot be stored"
            raise ValueError(message)
        return _in_utc(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _in_utc(moment: datetime) -> datetime:
    """The calendar's first and last day may not exist in UTC; its edge stands for them."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return FIRST_MOMENT if moment.year == 1 else LAST_MOMENT


class UuidText(TypeDecorator[UUID]):
    """Lower-case text with dashes: what people paste, and in the order of the bits."""

    impl = String(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _UUID_ON_POSTGRESQL if dialect.name == "postgresql" else self.impl_instance

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as above
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:  # noqa: ARG002 - as above
        return None if value is None else UUID(value)

"""Column types that make SQLite and PostgreSQL give back exactly the same values."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, DateTime, Integer, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    _Moment = TypeDecorator[datetime]
    _String = TypeDecorator[str]
else:  # SQLAlchemy 1.4's types take no parameter at run time
    _Moment = _String = TypeDecorator

#: Numbers handed out by the database; SQLite counts only in a column named INTEGER.
RowId = BigInteger().with_variant(Integer(), "sqlite")

# PostgreSQL keeps no NUL in a text, and neither database keeps half a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text in which U+FFFD replaces each character that no database can hold."""
    return _UNSTORABLE.sub("\ufffd", text)


class UtcTime(_Moment):
    """A moment: aware going in (any zone), aware in UTC coming out, microseconds kept."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC; without its zone on SQLite, which stores text and has none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        """The moment, aware and in UTC whatever the session's own zone is."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Words(_String):
    """Text from outside: any characters go in, the unstorable ones as U+FFFD."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """The text as the database can hold it."""
        return None if value is None else storable(value)

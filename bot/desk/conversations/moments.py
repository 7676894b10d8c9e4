"""Moments that agents choose for later: when a call is made, an answer goes, a talk comes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.catalogue import say
from bot.desk.errors import Unusable
from bot.organisation import Organisation

#: How far ahead something can be put off: longer is forgotten.
AHEAD: Final = timedelta(days=90)


def typed(words: str, organisation: Organisation) -> datetime:
    """The moment that was typed, aware.

    Args:
        words: a day and time (ISO 8601), by the organisation's clock.
        organisation: the organisation.

    Raises:
        Unusable: it is no day and time.
    """
    try:
        found = datetime.fromisoformat(words)
    except ValueError as error:
        raise _refused() from error
    return found.replace(tzinfo=organisation.timezone) if found.tzinfo is None else found


def check_ahead(moment: datetime, now: datetime) -> None:
    """Checks that a moment is yet to come, and not too far away.

    Raises:
        Unusable: it is over, or more than `AHEAD` away.
    """
    if not now < moment <= now + AHEAD:
        raise _refused()


def _refused() -> Unusable:
    return Unusable(say("desk.refused.call_back_time", days=AHEAD.days))

"""Rasa goes by Loket's clock: when an event was, and how long a customer was silent."""

from __future__ import annotations

from bot import clock
from bot.core import rasa_versions
from bot.core.rasa_versions import fits


def follow_clock() -> None:
    """Has Rasa date events, and see that a session expired, by Loket's clock.

    It compares the time of a message with that of the last, so both must be of one clock. A second
    call changes nothing.
    """
    from rasa.core import processor  # noqa: PLC0415 - Rasa's own commands load this too
    from rasa.shared.core import events, trackers  # noqa: PLC0415 - as above

    if fits(rasa_versions.CLOCK):
        for module in (events, trackers, processor):
            module.time = _Time


class _Time:
    """Stands in for the module `time`, of which these modules of Rasa's use this alone."""

    @staticmethod
    def time() -> float:
        """The present in seconds since 1970."""
        return clock.seconds()

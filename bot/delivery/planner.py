"""Plans deliveries of new messages, for many conversations in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.delivery.message_planning import plan
from bot.delivery.periodic import Periodic
from bot.store.delivery import delivery_planning
from bot.store.sql.database import Database
from channels.protocol import PushChannel

#: Seconds between two looks for new messages without a ring: the ringing process may be busy after
#: the commit, or die before it rings. A look that finds none costs a fraction of a millisecond.
SWEEP = 0.25
#: Messages planned in one transaction.
BATCH = 200
#: Seconds before conversations that another process held just now are looked at once more.
AGAIN = 0.02


class Planner:
    """Plans the new messages of every channel, a batch of each in turn.

    Several processes may do so: each passes by the conversations that another holds.
    """

    def __init__(
        self,
        channels: Mapping[str, PushChannel],
        pauses: Mapping[str, timedelta],
        database: Database,
        clock: Callable[[], datetime],
        planned: Callable[[str], None],
    ) -> None:
        """Keeps its parts; nothing starts before `Periodic.run`.

        Args:
            channels: those that push, by name.
            pauses: least time between two messages to one customer, by channel.
            database: Loket's database, migrated.
            clock: the present, aware.
            planned: told the name of a channel that has something new to send.
        """
        self.rounds = Periodic("planner", self._work)
        self._make = {name: partial(plan, channel) for name, channel in channels.items()}
        self._pauses = pauses
        self._database = database
        self._clock = clock
        self._planned = planned
        self._after = dict.fromkeys(channels, "")

    async def _work(self) -> float:
        """Plans one batch of each channel; returns after how many seconds to look again."""
        return min([await self._look(channel) for channel in self._make], default=SWEEP)

    async def _look(self, channel: str) -> float:
        after = self._after[channel]
        found, more = await self._database.query(delivery_planning.unplanned, channel, after, BATCH)
        self._after[channel] = more or ""
        done: frozenset[str] = frozenset()
        if found:
            make, pause = self._make[channel], self._pauses[channel]
            done = await self._database.run(
                delivery_planning.plan, channel, found, make, self._clock(), pause
            )
            if done:
                self._planned(channel)
        if more is not None:
            return 0.0
        return AGAIN if len(done) < len(found) else SWEEP

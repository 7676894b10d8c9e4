"""An assistant without a model: it answers each message with that message's own token.

Everything around it is Loket's own: inbox, turns, hand-overs, deliveries. So two thousand messages
take minutes, and each answer says what it answers.
"""

from __future__ import annotations

import asyncio
import os
import re
from typing import Final

from sqlalchemy.engine import Connection

from bot.core.interface import AssistantTurn, Parsed
from bot.core.translate import Said
from bot.messages import Notice, Text
from bot.settings import Settings
from bot.store.sql.database import Database
from tests.support.forgetful import Forgetful

#: A token, wherever it stands: customer and message.
TOKEN: Final = re.compile(r"\bc\d{3,5}x\d{2}\b")
#: Names the seconds that a turn takes.
TURN_SECONDS: Final = "CHAOS_TURN_SECONDS"


class Nothing:
    """A memory that holds nothing."""

    sessions = 0

    def write(self, conn: Connection) -> None:
        """Keeps nothing."""


class Light(Forgetful):
    """Answers at once, or after the seconds that a turn takes."""

    disclosure: Notice | None = None

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def turn(
        self,
        conversation_id: str,
        text: str,
        message_id: str,
        channel: str,
        *,
        fresh: bool = False,
        memory: object = None,
    ) -> AssistantTurn:
        """One answer; see `bot.core.interface.Assistant`."""
        await asyncio.sleep(self._seconds)
        found = TOKEN.search(text)
        said = (Text(f"Antwoord op {found[0]}."),) if found else ()
        return AssistantTurn(Said(said, ()), "greet", {}, Nothing(), ())

    async def parse(self, text: str) -> Parsed:
        """Understands nothing."""
        return Parsed(None, 0.0, ())


async def load(settings: Settings, database: Database) -> Light:
    """Stands in the place of `bot.worker.process.load_assistant`."""
    return Light(float(os.environ.get(TURN_SECONDS, "0.05")))

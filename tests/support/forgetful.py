"""An assistant that remembers nothing of a conversation, for tests that play its part."""

from __future__ import annotations


class Forgetful:
    """The base of assistants that answer each message by itself; see `bot.core.interface`."""

    __slots__ = ()

    def recall(self, conn: object, conversation_id: str) -> None:
        """Remembers nothing."""

    async def note(self, *message: str) -> None:
        """Notes nothing."""

    def danger(self, text: str) -> None:
        """Sees none; words alone decide."""

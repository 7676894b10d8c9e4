"""That an agent is typing: a ring that is the news itself, as nothing of it is in any table.

Lost, it costs a customer a sign of life, never a message: who shows it forgets it by itself, and
the next one is seconds away. It names a conversation, and holds no word of what is typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from bot.store.notify.notifier import Notifier

#: The topic that is rung.
TOPIC: Final = "typing"

_OVER: Final = " over"


@dataclass(frozen=True, slots=True)
class TypingSign:
    """A sign that the agent who has a conversation is typing, or no longer.

    Attributes:
        conversation_id: the conversation.
        typing: whether the agent is.
    """

    conversation_id: str
    typing: bool

    def ring(self, notifier: Notifier) -> None:
        """Tells every process; never waits and never fails."""
        notifier.ring(TOPIC, self.conversation_id + ("" if self.typing else _OVER))

    @classmethod
    def heard(cls, key: str) -> Self | None:
        """The sign that a key of the topic tells; None for the empty key, which tells nothing."""
        return cls(key.removesuffix(_OVER), not key.endswith(_OVER)) if key else None

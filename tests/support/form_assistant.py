"""An assistant without a model: the real form and actions for one task, over any conversation.

It reads order numbers and postcodes as the real one does and plays Rasa's part with
`tests.support.form_driver`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.extractors import OrderNumbers
from actions.track_order import ActionTrackOrder, TrackOrderForm
from bot.core.interface import AssistantTurn, Parsed
from bot.core.translate import Said
from bot.dutch import postcode
from bot.messages import Choice, HandOver, Notice, Option, Outbound, Text
from tests.support.forgetful import Forgetful
from tests.support.form_driver import Conversation, domain

FORM = TrackOrderForm()
DISCLOSURE = Notice("U chat met een AI-assistent.", "disclosure", "1")
_ORDERS = OrderNumbers()


@dataclass(slots=True)
class Nothing:
    """An assistant's memory: here only that a session began."""

    sessions: int = 0

    def write(self, conn: Any) -> None:
        """Keeps nothing; the conversations are in memory."""


@dataclass(slots=True)
class FormAssistant(Forgetful):
    """Answers "where is my parcel" and nothing else.

    Attributes:
        talks: the conversations by name.
    """

    disclosure: Notice | None = DISCLOSURE
    talks: dict[str, Conversation] = field(default_factory=dict)

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
        """One turn of the form."""
        known = conversation_id in self.talks
        talk = self.talks.setdefault(conversation_id, Conversation())
        talk.sender = conversation_id
        found = {"order_number": _ORDERS.parse(text), "postcode": postcode.parse(text)}
        entities = {name: value for name, value in found.items() if value}
        began = not known or talk.slots.get("requested_slot") is None
        said = await (talk.start if began else talk.say)(FORM, text, **entities)
        messages = [_message(each) for each in said.messages]
        effects = ()
        if said.slots.get("form_outcome") == "complete":
            shown = await talk.act(ActionTrackOrder())
            messages += [_message(each) for each in shown.messages]
        elif said.slots.get("form_outcome") == "handover":
            effects = (HandOver(said.slots["handover_reason"], "track_order"),)
        memory = Nothing(0 if known else 1)
        return AssistantTurn(
            Said(tuple(messages), effects), "track_order", dict(talk.slots), memory, ()
        )

    async def parse(self, text: str) -> Parsed:
        """Understands nothing outside a conversation."""
        return Parsed(None, 0.0, ())


def _message(said: Mapping[str, Any]) -> Outbound:
    """A response of domain.yml with its values, as Rasa makes it."""
    own = domain()["responses"][said["response"]][0]
    text = own["text"].format(**{k: v for k, v in said.items() if isinstance(v, str)})
    buttons = [*own.get("buttons", ()), *said["buttons"]]
    options = tuple(Option(each["title"], each["payload"]) for each in buttons)
    return Choice(text, options) if options else Text(text)

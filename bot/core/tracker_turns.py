"""Turns the events of a Rasa tracker into the turns that loop detection reads."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from bot.conversation.loop_detection import LoopTurn
from bot.core.safeguard_table import BREAK, HANDOVER

#: Intents that stand for "not understood".
FALLBACKS = frozenset({"nlu_fallback", "out_of_scope"})


@dataclass(slots=True)
class _Draft:
    text: str
    intent: str | None
    data: frozenset[str]
    was_asked: str | None
    asked: str | None
    replies: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    refusals: int = 0

    def turn(self) -> LoopTurn:
        return LoopTurn(
            text=self.text,
            intent=self.intent,
            data=self.data,
            replies=tuple(self.replies),
            asked=self.asked,
            was_asked=self.was_asked,
            refusals=self.refusals,
            broke=BREAK in self.actions,
        )


def turns_of(events: Iterable[Event], told: Collection[str]) -> tuple[LoopTurn, ...]:
    """The turns since the session began or the last hand-over, oldest first.

    Args:
        events: a tracker's events, oldest first; the tracker store hands out the recent ones.
        told: slots that say what a question was about (`bot.topics.topic.Topic.told`).
    """
    drafts: list[_Draft] = []
    asked: str | None = None
    for event in events:
        if isinstance(event, SessionStarted):
            drafts, asked = [], None  # a session begins with every slot empty
        elif isinstance(event, ActionExecuted) and event.action_name == HANDOVER:
            drafts = []
        elif isinstance(event, UserUttered):
            drafts.append(_begin(event, asked))
        elif isinstance(event, SlotSet) and event.key == "requested_slot":
            asked = event.value
            if drafts:
                drafts[-1].asked = asked
        elif isinstance(event, SlotSet) and event.key in told and drafts:
            drafts[-1].data |= {f"{event.key}={event.value}"}  # no entities of the message
        elif isinstance(event, SlotSet) and event.key == "refusals" and drafts:
            drafts[-1].refusals = int(event.value or 0)
        elif drafts:
            _follow(drafts[-1], event)
    return tuple(draft.turn() for draft in drafts)


def _begin(event: UserUttered, asked: str | None) -> _Draft:
    typed = event.text or ""
    intent = event.intent_name
    return _Draft(
        text="" if typed.startswith("/") else typed,
        intent=None if intent in FALLBACKS else intent,
        data=frozenset(
            f"{entity.get('entity')}={json.dumps(entity.get('value'), sort_keys=True)}"
            for entity in event.entities or []
        ),
        was_asked=asked,
        asked=asked,
    )


def _follow(draft: _Draft, event: Event) -> None:
    if isinstance(event, BotUttered):
        if BREAK in draft.actions:
            return  # the way out that was offered is no part of the reply
        reply = event.text or json.dumps((event.data or {}).get("custom"), sort_keys=True)
        draft.replies.append(reply)
    elif isinstance(event, ActionExecuted) and event.action_name:
        draft.actions.append(event.action_name)

"""Turns the events of a Rasa tracker into the turns that loop detection reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from bot.conversation.loop_detection import LoopTurn
from bot.core.safeguard_table import BREAK, HANDOVER, SAFETY
from bot.dialogue.message_reading import NOTED
from bot.dialogue.said_again import tells_again
from bot.knowledge.answering import leaning

#: Intents that stand for "not understood".
FALLBACKS = frozenset({"nlu_fallback", "out_of_scope"})
#: Intent of a question to the pages.
ASKS_PAGES = "ask_knowledge"


@dataclass(slots=True)
class _Draft:
    text: str
    message: UserUttered
    data: frozenset[str]
    was_asked: str | None
    asked: str | None = None
    replies: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    refusals: int = 0
    leaned: bool = False

    def is_before(self, event: UserUttered) -> bool:
        """Whether a message is this turn's own, taken for something else (`reinterpret`)."""
        same = bool(self.text) and event.text == self.text
        return same and bool(self.actions) and not self.replies

    def turn(self) -> LoopTurn:
        return LoopTurn(
            text=self.text,
            intent=_understood(self.message),
            data=self.data,
            replies=tuple(self.replies),
            asked=self.asked,
            was_asked=self.was_asked,
            refusals=self.refusals,
            broke=BREAK in self.actions,
            leaned=self.leaned,
        )


class TurnReader:
    """The turns of a conversation that only grows, read once.

    Every prediction asks for the turns again. Only the last turn can still change, so that the
    others are kept as they are.

    Attributes:
        told: slots that say what a question was about (`bot.topics.topic.Topic.told`).
    """

    def __init__(self, told: Collection[str]) -> None:
        """Begins before all events.

        Args:
            told: as in the attributes.
        """
        self.told = told
        self._read = 0
        self._past: list[LoopTurn] = []
        self._last: _Draft | None = None
        self._asked: str | None = None

    def turns(self, events: Collection[Event]) -> tuple[LoopTurn, ...]:
        """The turns since the session began or the last hand-over, oldest first.

        Args:
            events: a tracker's, oldest first; those of the last call with others added.
        """
        for event in islice(events, self._read, None):
            _READERS[type(event)](self, event)
        self._read = len(events)
        return (*self._past, self._last.turn()) if self._last else ()

    def other(self, event: Event) -> None:
        """Passes over what is no part of a turn."""

    def session(self, _: Event) -> None:
        """Begins anew, with every slot empty."""
        self._past, self._last, self._asked = [], None, None

    def message(self, event: UserUttered) -> None:
        """Ends the turn before, and begins one; what was noted while waiting got no reply.

        A message that was given another meaning before anything was said is the same turn.
        """
        if (event.metadata or {}).get(NOTED):
            return
        if self._last and self._last.is_before(event):
            self._last = _begin(event, self._last.was_asked)
            return
        if self._last and SAFETY not in self._last.actions:  # danger is no part of any loop
            self._past.append(self._last.turn())
        self._last = _begin(event, self._asked)

    def action(self, event: ActionExecuted) -> None:
        """Notes what the bot did; before a hand-over nothing counts."""
        if event.action_name == HANDOVER:
            self._past, self._last = [], None
        elif self._last and event.action_name:
            self._last.actions.append(event.action_name)

    def reply(self, event: BotUttered) -> None:
        """Notes what the bot said."""
        if self._last and BREAK not in self._last.actions:  # no part of it: the way out offered
            reply = event.text or json.dumps((event.data or {}).get("custom"), sort_keys=True)
            self._last.replies.append(reply)
            self._last.leaned = self._last.leaned or tells_again(reply, event.metadata)

    def slot(self, event: SlotSet) -> None:
        """Notes what is asked, what was asked about, and refusals."""
        if event.key == "requested_slot":
            self._asked = event.value
        if self._last is None:
            return
        if event.key == "requested_slot":
            self._last.asked = event.value
        elif event.key in self.told:  # no entities of the message
            self._last.data |= {f"{event.key}={event.value}"}
        elif event.key == "refusals":
            self._last.refusals = int(event.value or 0)


_Reader = Callable[[TurnReader, Any], None]
_READS: dict[type[Event], _Reader] = {
    SessionStarted: TurnReader.session,
    UserUttered: TurnReader.message,
    ActionExecuted: TurnReader.action,
    BotUttered: TurnReader.reply,
    SlotSet: TurnReader.slot,
}


class _Readers(dict[type[Event], _Reader]):
    """How each type of event is read; `rasa test` has types of its own.

    An isinstance() on Rasa's abstract classes, five for each event, took most of the time.
    """

    def __missing__(self, event: type[Event]) -> _Reader:
        """Sorts a type that was not met before."""
        found = (reads for kind, reads in _READS.items() if issubclass(event, kind))
        reader = self[event] = next(found, TurnReader.other)
        return reader


_READERS = _Readers()


def turns_of(events: Collection[Event], told: Collection[str]) -> tuple[LoopTurn, ...]:
    """The turns since the session began or the last hand-over, oldest first.

    Args:
        events: a tracker's events, oldest first; the tracker store hands out the recent ones.
        told: slots that say what a question was about (`bot.topics.topic.Topic.told`).
    """
    return TurnReader(told).turns(events)


def _understood(event: UserUttered) -> str | None:
    """The intent of a message, or None: not understood, nor answered by what was told before."""
    intent: str | None = event.intent_name
    if intent not in FALLBACKS:
        return intent
    found = leaning((event.parse_data or {}).get("knowledge") or {})
    return ASKS_PAGES if found.get("passage") or found.get("fact") else None


def _begin(event: UserUttered, asked: str | None) -> _Draft:
    typed = event.text or ""
    return _Draft(
        text="" if typed.startswith("/") else typed,
        message=event,
        data=frozenset(
            f"{entity.get('entity')}={json.dumps(entity.get('value'), sort_keys=True)}"
            for entity in event.entities or []
        ),
        was_asked=asked,
    )

"""Which events of a conversation still hold, worked out as they come in.

A form that goes on, a message that is taken back and a new session each take earlier events out.
Rasa goes through the whole conversation each time it asks; here only what is new is looked at.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from enum import Enum, auto
from itertools import islice
from typing import cast

from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
)


class _Kind(Enum):
    """What an event does to those before it."""

    BEGIN = auto()
    TAKE_BACK = auto()
    ACTION = auto()
    LOOP = auto()
    OTHER = auto()


class _Kinds(dict[type[Event], _Kind]):
    """The kind of each type of event; a look-up costs a fifth of an isinstance() on Rasa's."""

    def __missing__(self, event: type[Event]) -> _Kind:
        """Sorts a type that was not met before."""
        kind = self[event] = _sorted(event)
        return kind


def _sorted(event: type[Event]) -> _Kind:
    if issubclass(event, (Restarted, SessionStarted)):
        return _Kind.BEGIN
    if issubclass(event, (ActionReverted, UserUtteranceReverted)):
        return _Kind.TAKE_BACK
    if issubclass(event, ActionExecuted):
        return _Kind.ACTION
    return _Kind.LOOP if issubclass(event, ActiveLoop) else _Kind.OTHER


_KINDS = _Kinds()


class AppliedEvents:
    """The events that hold, of a conversation that only grows.

    Attributes:
        events: those that hold, oldest first; not to be changed by others.
    """

    def __init__(
        self,
        take_back: Callable[[Event, list[Event]], None],
        begins_loop: Callable[[str, list[Event]], bool],
        continue_loop: Callable[[str, list[Event]], None],
    ) -> None:
        """Takes the parts that are Rasa's own.

        Args:
            take_back: removes what an event of taking back undoes.
            begins_loop: whether a form's action begins it anew or comes after something else.
            continue_loop: removes the round of a form that this action goes on with.
        """
        self._take_back = take_back
        self._begins_loop = begins_loop
        self._continue_loop = continue_loop
        self._begin(frozenset())

    def _begin(self, loops: frozenset[str]) -> None:
        self.events: list[Event] = []
        self._read = 0
        self._loops = loops
        self._ran: Counter[str | None] = Counter()

    def read(self, events: deque[Event]) -> list[Event]:
        """Looks at what was added since the last call.

        Args:
            events: all events of the conversation, oldest first.

        Returns:
            `events` of this object.
        """
        if len(events) < self._read:
            self._begin(frozenset())
        for event in islice(events, self._read, None):
            if not self._take(event):
                break
        else:
            self._read = len(events)
            return self.events
        # A form is known by its activation. Its action ran before that, more than once, so what
        # went before has to be seen in another light. Never so in a conversation of Loket's own.
        self._begin(frozenset(e.name for e in events if isinstance(e, ActiveLoop) and e.name))
        return self.read(events)

    def _take(self, event: Event) -> bool:
        """Adds an event; False when a form is met whose action was not taken for one."""
        kind = _KINDS[type(event)]
        if kind is _Kind.BEGIN:
            self.events = []
            return True
        if kind is _Kind.TAKE_BACK:
            self._take_back(event, self.events)
            return True
        if kind is _Kind.ACTION:
            name = cast(ActionExecuted, event).action_name
            if name in self._loops and not self._begins_loop(str(name), self.events):
                self._continue_loop(str(name), self.events)
                return True
            self._ran[name] += 1
        elif kind is _Kind.LOOP:
            loop = cast(ActiveLoop, event).name
            if loop and loop not in self._loops:
                if self._ran[loop] > 1:
                    return False
                self._loops |= {loop}
        self.events.append(event)
        return True

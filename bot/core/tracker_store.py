"""Trackers in Loket's own database, written together with the rest of a turn.

Rasa saves a tracker at the end of a turn. Here `save` only sets the new events aside; the worker
writes them in the one transaction that also holds the replies and marks the message as handled.
A process that dies in the middle of a turn so leaves no trace of it, and the turn is simply run
again: nothing is lost and nothing happens twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection

from bot.core.checkpoint import Head
from bot.core.rasa_patches import read_event
from bot.core.rasa_versions import KEPT_STATES, fits
from bot.core.tracker_cleanup import without_unknown
from bot.core.tracker_replay import ReplayingTracker
from bot.store.database import Database
from bot.store.tables import events, trackers

_this = bindparam("conversation")
_HEAD = select(trackers.c.head, trackers.c.seq).where(trackers.c.conversation_id == _this)
_SINCE = (
    select(events.c.data)
    .where(events.c.conversation_id == _this, events.c.seq > bindparam("after"))
    .order_by(events.c.seq)
)
_MOVE_HEAD = update(trackers).where(trackers.c.conversation_id == _this)
_ADD_HEAD, _ADD_EVENTS = insert(trackers), insert(events)

#: Candidates kept of each message's intent ranking: the clarifying question needs two.
RANKING_KEPT = 5


@dataclass(frozen=True, slots=True)
class Unwritten:
    """The events that a turn added to a conversation, not yet in the database.

    Attributes:
        conversation_id: the conversation.
        events: the new events in order.
        seq: number of the last event before them.
        head: the head after them.
        sessions: how many sessions began with them.
        slots: the conversation's slots after them.
    """

    conversation_id: str
    events: tuple[Event, ...]
    seq: int
    head: Head
    sessions: int
    slots: dict[str, Any]

    def write(self, conn: Connection) -> None:
        """Writes the events and the head.

        Args:
            conn: a connection in the transaction of the turn.

        Raises:
            sqlalchemy.exc.IntegrityError: another process wrote to this conversation meanwhile.
        """
        if not self.events:
            return
        seq = self.seq + len(self.events)
        head = {"head": self.head.to_json(), "seq": seq}
        if not conn.execute(_MOVE_HEAD, {"conversation": self.conversation_id, **head}).rowcount:
            conn.execute(_ADD_HEAD, {"conversation_id": self.conversation_id, **head})
        conn.execute(
            _ADD_EVENTS,
            [
                {
                    "conversation_id": self.conversation_id,
                    "seq": self.seq + position,
                    "type": event.type_name,
                    "timestamp": event.timestamp,
                    "data": _serialise(event),
                }
                for position, event in enumerate(self.events, start=1)
            ],
        )


@dataclass(slots=True)
class _Loaded:
    """A tracker as it was handed to Rasa: what is new is what comes after `count` events."""

    head: Head
    seq: int
    count: int


class LoketTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Reads the recent part of a conversation; keeps what a turn adds until it is taken."""

    def __init__(
        self,
        domain: Domain | None,
        database: Database,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        """Keeps the database.

        Args:
            domain: the model's domain; Rasa sets it once a model is loaded.
            database: Loket's database, migrated.
            event_broker: Rasa's; not used.
            **kwargs: other options of Rasa's tracker stores; not used.
        """
        super().__init__(domain, event_broker, **kwargs)
        self._database = database
        self._loaded: dict[str, _Loaded] = {}
        self._unwritten: dict[str, Unwritten] = {}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's recent part, or None when nothing was said yet."""
        head, seq, recent = await self._database.query(_read, sender_id)
        if head is None:
            self._loaded[sender_id] = _Loaded(Head(), 0, 0)
            return None
        past = without_unknown([*head.base.events(), *map(_deserialise, recent)], self.domain)
        self._loaded[sender_id] = _Loaded(head, seq, len(past))
        tracker = self.init_tracker(sender_id)
        for event in past:
            tracker.update(event)
        return tracker

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """An empty tracker."""
        kind = ReplayingTracker if fits(KEPT_STATES) else DialogueStateTracker
        return kind(sender_id, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Sets aside what the turn added; `take` hands it to the code that writes it."""
        loaded = self._loaded.setdefault(tracker.sender_id, _Loaded(Head(), 0, 0))
        fresh = tuple(tracker.events)[loaded.count :]
        turns = sum(isinstance(event, UserUttered) for event in fresh)
        self._unwritten[tracker.sender_id] = Unwritten(
            conversation_id=tracker.sender_id,
            events=fresh,
            seq=loaded.seq,
            head=loaded.head.advance(tracker, loaded.seq + len(fresh), turns),
            sessions=sum(isinstance(event, SessionStarted) for event in fresh),
            slots=dict(tracker.current_slot_values()),
        )

    def take(self, sender_id: str) -> Unwritten | None:
        """Hands out what the turn added, once; None when it added nothing or failed."""
        self._loaded.pop(sender_id, None)
        return self._unwritten.pop(sender_id, None)


def _read(conn: Connection, sender_id: str) -> tuple[Head | None, int, Sequence[dict[str, Any]]]:
    row = conn.execute(_HEAD, {"conversation": sender_id}).one_or_none()
    if row is None:
        return None, 0, ()
    head = Head.from_json(row.head)
    where = {"conversation": sender_id, "after": head.base.seq}
    recent = conn.execute(_SINCE, where).scalars()
    return head, row.seq, tuple(recent)


def _serialise(event: Event) -> dict[str, Any]:
    data: dict[str, Any] = event.as_dict()
    parsed = data.get("parse_data")
    if parsed and len(parsed.get("intent_ranking", ())) > RANKING_KEPT:
        data["parse_data"] = {**parsed, "intent_ranking": parsed["intent_ranking"][:RANKING_KEPT]}
    return data


def _deserialise(data: dict[str, Any]) -> Event:
    event = read_event(data)
    if event is None:
        raise ValueError(f"a stored {data['event']} event cannot be read")
    return event

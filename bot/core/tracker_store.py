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
from bot.core.tracker_memory import KeptTracker, KeptTrackers
from bot.core.tracker_replay import ReplayingTracker
from bot.store.sql.database import Database
from bot.store.sql.tables import events, trackers

_this: Any = bindparam("conversation")
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
        head: the head after them, in its stored form.
        sessions: how many sessions began with them.
        slots: the conversation's slots after them.
        tracker: the conversation after them, to go on with in the next turn; None: that reads it.
        kept: where it is kept until then.
    """

    conversation_id: str
    events: tuple[Event, ...]
    seq: int
    head: dict[str, Any]
    sessions: int
    slots: dict[str, Any]
    tracker: DialogueStateTracker | None
    kept: KeptTrackers

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
        head = {"head": self.head, "seq": seq}
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
                    "data": event.as_dict(),
                }
                for position, event in enumerate(self.events, start=1)
            ],
        )
        if self.tracker is not None:  # should the commit fail, the stored head is another
            self.kept.keep(KeptTracker(self.tracker, self.head, seq))


@dataclass(frozen=True, slots=True)
class Memory:
    """What a conversation's tracker is made of, as it was read.

    Attributes:
        head: the head; None when nothing was said yet.
        seq: number of the last event.
        recent: the events since the head's base, in their stored form.
        tracker: the tracker itself, when this process still has it; then `recent` is empty.
    """

    head: Head | None
    seq: int = 0
    recent: Sequence[dict[str, Any]] = ()
    tracker: DialogueStateTracker | None = None


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
        self._recalled: dict[str, Memory] = {}
        self._loaded: dict[str, _Loaded] = {}
        self._unwritten: dict[str, Unwritten] = {}
        self._kept = KeptTrackers()

    def recall(self, conn: Connection, sender_id: str) -> Memory:
        """Reads a conversation, from any thread, for one turn of it that begins now.

        Args:
            conn: a transaction.
            sender_id: the conversation.
        """
        row = conn.execute(_HEAD, {"conversation": sender_id}).one_or_none()
        kept = self._kept.take(sender_id)
        if row is None:
            return Memory(None)
        head = Head.from_json(row.head)
        if kept is not None and kept.is_of(row.head, row.seq):
            return Memory(head, row.seq, tracker=kept.tracker)
        where = {"conversation": sender_id, "after": head.base.seq}
        return Memory(head, row.seq, tuple(conn.execute(_SINCE, where).scalars()))

    def use(self, sender_id: str, memory: Memory) -> None:
        """Has the turn that begins now go on from what was recalled, in place of reading it."""
        self._recalled[sender_id] = memory

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's recent part, or None when nothing was said yet."""
        memory = self._recalled.pop(sender_id, None)
        if memory is None:
            memory = await self._database.query(self.recall, sender_id)
        if memory.head is None:
            self._loaded[sender_id] = _Loaded(Head(), 0, 0)
            return None
        tracker = memory.tracker or self._rebuilt(sender_id, memory.head, memory.recent)
        self._loaded[sender_id] = _Loaded(memory.head, memory.seq, len(tracker.events))
        return tracker

    def _rebuilt(
        self, sender_id: str, head: Head, recent: Sequence[dict[str, Any]]
    ) -> DialogueStateTracker:
        tracker = self.init_tracker(sender_id)
        past = [*head.base.events(), *map(_deserialise, recent)]
        for event in without_unknown(past, self.domain):
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
        heard = [event for event in fresh if isinstance(event, UserUttered)]
        for event in heard:
            _shorten(event.parse_data)
        head = loaded.head.advance(tracker, loaded.seq + len(fresh), len(heard))
        # A tracker that holds more than the head's base says is made anew, with what it says.
        goes_on = head.base == loaded.head.base
        self._unwritten[tracker.sender_id] = Unwritten(
            conversation_id=tracker.sender_id,
            events=fresh,
            seq=loaded.seq,
            head=head.to_json(),
            sessions=sum(isinstance(event, SessionStarted) for event in fresh),
            slots=dict(tracker.current_slot_values()),
            tracker=tracker if goes_on and isinstance(tracker, ReplayingTracker) else None,
            kept=self._kept,
        )

    def take(self, sender_id: str) -> Unwritten | None:
        """Hands out what the turn added, once; None when it added nothing or failed."""
        self._recalled.pop(sender_id, None)
        self._loaded.pop(sender_id, None)
        return self._unwritten.pop(sender_id, None)


def _shorten(parsed: dict[str, Any]) -> None:
    """Leaves intents out that nobody asks for, here and wherever the turn still refers to it."""
    if len(parsed.get("intent_ranking", ())) > RANKING_KEPT:
        parsed["intent_ranking"] = parsed["intent_ranking"][:RANKING_KEPT]


def _deserialise(data: dict[str, Any]) -> Event:
    event = read_event(data)
    if event is None:
        raise ValueError(f"a stored {data['event']} event cannot be read")
    return event

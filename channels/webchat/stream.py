"""The event stream of one browser tab: replay first, then whatever comes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from sqlalchemy.engine import Connection

from bot.messages import Owner
from bot.store.delivery import outbox
from bot.store.desk import agents
from bot.store.handover import handovers
from bot.store.history.timeline import TimelineEntry, timeline
from channels.services import Services
from channels.webchat import own_conversation
from channels.webchat.frames import HEARTBEAT, OPENING, entry_frame, state_frame, typing_frame
from channels.webchat.hub import Hub, Waiter
from channels.webchat.presence import Presence

#: Most entries read at a time; also how far back a stream without a cursor begins.
PAGE: Final = 200
#: Seconds after which a stream looks by itself, should a wake-up have been lost.
POLL: Final = 10.0


@dataclass(frozen=True, slots=True)
class StreamPage:
    """A page of what there is to send.

    Attributes:
        conversation_id: None as long as the customer has said nothing.
        owner: the conversation's owner.
        person: name of the person who has it; empty when no person has, or nobody knows the name.
        left: whether it was noted that the customer has no page open.
        entries: at most `PAGE`, oldest first.
        names: of the people who said some of them, by agent id.
    """

    conversation_id: str | None
    owner: Owner
    person: str
    left: bool
    entries: tuple[TimelineEntry, ...]
    names: Mapping[int, str]


def read(conn: Connection, address: str, cursor: str | None) -> StreamPage:
    """Reads the page after a cursor; without a valid cursor, the newest page.

    Raises:
        Rejected: 401, the customer wiped the conversation.
    """
    conversation = own_conversation.find(conn, address)
    if conversation is None:
        return StreamPage(None, "bot", "", left=False, entries=(), names={})
    try:
        entries = timeline(conn, conversation.id, cursor, PAGE)
    except ValueError:
        entries = timeline(conn, conversation.id, None, PAGE)
    left = conversation.left_at is not None
    people = {each.outbound.agent_id for each in entries if each.outbound is not None}
    holder = None
    if conversation.owner == "human" and (handover := handovers.find_open(conn, conversation.id)):
        holder = handover.agent_id
        people.add(holder)
    names = agents.names(conn, cast(set[int], people - {None}))
    person = "" if holder is None else names.get(holder, "")
    return StreamPage(conversation.id, conversation.owner, person, left, entries, names)


async def stream(
    services: Services,
    hub: Hub,
    waiter: Waiter,
    presence: Presence,
    *,
    address: str,
    cursor: str | None,
    once: bool = False,
) -> AsyncGenerator[bytes, None]:
    """Yields the bytes to send, until the hub closes.

    Args:
        services: the store, and the notifier that rings when the desk can show that a message
            arrived.
        hub: wakes the waiter.
        waiter: this stream's; follows the address already.
        presence: hears that the customer is there after all.
        address: the customer's.
        cursor: id of the last event the browser has seen, or None.
        once: whether to end after what there is now: for a browser whose streams are held back.

    Raises:
        Rejected: 401, the customer wiped the conversation, before the stream began or since.
    """
    database, clock = services.database, services.now
    told: tuple[Owner, str] | None = None
    pending = OPENING
    while not hub.closing:
        # Before the page is read: an answer on the page is newer than the sign.
        sign = waiter.take_sign()
        page = await database.query(read, address, cursor)
        if page.conversation_id:
            hub.follow(waiter, page.conversation_id)
            if page.left:
                await presence.back(page.conversation_id)
        if page.entries:
            cursor = page.entries[-1].cursor
            pending += b"".join(
                entry_frame(each, clock(), _name(each, page)) for each in page.entries
            )
        more = len(page.entries) == PAGE
        if not more and (page.owner, page.person) != told:
            told = page.owner, page.person
            pending += state_frame(*told)
        pending += _typing(sign, page)
        if pending:
            yield pending
            pending = b""
        if page.conversation_id and (queued := _queued(page.entries)):
            await database.run(outbox.mark_sent, queued, clock())
            services.notifier.ring("desk", page.conversation_id)
        if once and not more:
            return
        if not more and not await waiter.wait(POLL):
            pending = HEARTBEAT


def _name(entry: TimelineEntry, page: StreamPage) -> str:
    person = entry.outbound.agent_id if entry.outbound is not None else None
    return "" if person is None else page.names.get(person, "")


def _typing(sign: bool | None, page: StreamPage) -> bytes:  # noqa: FBT001 - what was heard
    """What the browser is told of somebody who types; nothing where the answer came meanwhile."""
    answered = any(entry.author == "human" for entry in page.entries)
    if sign is None or page.owner != "human" or (sign and answered):
        return b""
    return typing_frame(page.person, typing=sign)


def _queued(entries: tuple[TimelineEntry, ...]) -> list[int]:
    return [
        entry.outbound.id
        for entry in entries
        if entry.outbound is not None and entry.outbound.status == "queued"
    ]

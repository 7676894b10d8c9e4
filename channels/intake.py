"""Intake: what every webhook does after it has verified and parsed: store, ring, answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.conversation import bursts
from bot.messages import Inbound
from bot.records.inbox_message import AcceptedMessage
from bot.store.conversation import addresses, conversations, optouts
from bot.store.delivery import (
    dead_letter_decisions,
    delivery_order,
    delivery_status,
    late_failures,
    outbox_queries,
)
from bot.store.identity import network_origins
from bot.store.worker import inbox
from channels.rendering import CALLBACK
from channels.send_results import Receipt
from channels.services import Services

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)

#: Payload of a tap on something that is not there (any more).
STALE = "stale"

#: A channel's own handling of a new message, in the transaction that stores it. Returns a word for
#: what it did: the message is then handled; or None: it waits for a worker.
Acting = Callable[["Connection", Inbound, AcceptedMessage, datetime], str | None]


async def take(
    services: Services,
    inbounds: Sequence[Inbound],
    aliases: Mapping[str, Sequence[str]] | None = None,
    origin: str = "",
    acting: Acting | None = None,
) -> tuple[AcceptedMessage, ...]:
    """Stores messages, each once, in one transaction, and wakes the workers.

    A `payload` that is a callback (`channels.rendering.callback`) becomes the payload of
    that option, or `STALE`. Answer 200 when this returns: then the messages are safe.

    Args:
        services: the routes' services.
        inbounds: messages of one request, in order. Deliver them all in one call.
        aliases: for a `sender`, all addresses by which this customer is known, the one to write to
            first (see `bot.store.conversation.addresses.resolve`).
        origin: the network they come from (`bot.identity_proofs.network_origin`), where the
            customer's own device calls; empty where a provider does.
        acting: what the channel does about each message that was not here before.

    Returns:
        The outcome of each message, in their order.

    Raises:
        Wiped: a customer wiped the conversation (`channels.wiping`); nothing is stored.
    """
    if not inbounds:
        return ()
    pauses = await _pauses(services, inbounds)
    given = (inbounds, aliases or {}, origin, acting, pauses, services.now())
    taken = await services.database.run(_take, *given)
    waiting = (each for each in taken if not each.duplicate and each.outcome is None)
    for conversation_id in dict.fromkeys(each.conversation_id for each in waiting):
        services.notifier.ring("inbox", conversation_id)
    return taken


async def renamed(services: Services, channel: str, old: Sequence[str], new: str) -> None:
    """Notes that a customer has a new address: the conversation goes on there.

    Args:
        services: the routes' services.
        channel: name of the channel.
        old: addresses the customer may be known by, the surest first.
        new: the address from now on.
    """
    await services.database.run(addresses.rename, channel, old, new, services.now())


async def receipts(services: Services, received: Sequence[Receipt]) -> None:
    """Stores the status that receipts give; unknown messages and steps back are ignored.

    A failure is decided on by who delivers, as one at sending (`bot.store.delivery.late_failures`).
    """
    if received:
        about, failed = await services.database.run(_receipts, received, services.now())
        for conversation_id in about:
            services.notifier.ring("desk", conversation_id)
        for conversation_id in failed:
            services.notifier.ring("outbox", conversation_id)


async def opted(services: Services, channel: str, address: str, *, out: bool) -> None:
    """Notes that a customer wants no messages any more (`out`), or wants them again."""
    note = optouts.opt_out if out else optouts.opt_in
    await services.database.run(note, channel, address, services.now())


def reject(services: Services, channel: str) -> None:
    """Counts a request without a good signature; the caller answers 403 and nothing else.

    The log gets a line at 1, 10, 100 and so on, so that a flood does not fill it.
    """
    services.rejected[channel] += 1
    count = services.rejected[channel]
    if re.fullmatch(r"10*", str(count)):
        log.warning("webhook_rejected", channel=channel, count=count)


async def _pauses(services: Services, inbounds: Sequence[Inbound]) -> Sequence[timedelta | None]:
    """How long each message waits for another one; see `inbox.accept`."""
    pause = timedelta(seconds=services.settings.burst_pause)

    def of(inbound: Inbound) -> timedelta | None:
        held = services.profiles[inbound.channel].bursts
        return bursts.pause_after(inbound, pause) if held else None

    # Reading a long text takes milliseconds: not on the event loop, nor while others wait to write.
    return await asyncio.to_thread(lambda: [of(each) for each in inbounds])


def _take(
    conn: Connection,
    inbounds: Sequence[Inbound],
    aliases: Mapping[str, Sequence[str]],
    origin: str,
    acting: Acting | None,
    pauses: Sequence[timedelta | None],
    now: datetime,
) -> tuple[AcceptedMessage, ...]:
    # One order for all requests, so that two batches never wait for each other's rows.
    resolved = [_resolved(conn, inbound, aliases, now) for inbound in inbounds]
    order = sorted(range(len(resolved)), key=lambda index: (resolved[index].sender, index))
    taken: dict[int, AcceptedMessage] = {}
    for index in order:
        taken[index] = accepted = inbox.accept(conn, resolved[index], now, pauses[index])
        if origin and not accepted.duplicate:
            network_origins.saw(conn, accepted.conversation_id, origin, now)
        if acting and not accepted.duplicate:
            outcome = acting(conn, resolved[index], accepted, now)
            if outcome is not None:
                inbox.done(conn, accepted.inbox_id, now, outcome)
                taken[index] = replace(accepted, outcome=outcome)
    return tuple(taken[index] for index in range(len(resolved)))


def _resolved(
    conn: Connection, inbound: Inbound, aliases: Mapping[str, Sequence[str]], now: datetime
) -> Inbound:
    known = aliases.get(inbound.sender)
    if known:
        address = addresses.resolve(conn, inbound.channel, inbound.sender, known, now)
        inbound = replace(inbound, sender=address)
    if inbound.payload and (called := CALLBACK.fullmatch(inbound.payload)):
        conversation = conversations.find(conn, inbound.channel, inbound.sender)
        option = conversation and outbox_queries.option(
            conn, conversation.id, int(called[1]), int(called[2])
        )
        if option:
            dead_letter_decisions.tapped(conn, int(called[1]), now)
        payload = option.payload if option else STALE
        text = inbound.text or (option.title if option else "")
        inbound = replace(inbound, payload=payload, text=text)
    return inbound


def _receipts(
    conn: Connection, received: Sequence[Receipt], now: datetime
) -> tuple[set[str], set[str]]:
    about, failed = set(), set()
    for each in received:
        where = (each.channel, each.provider_id, each.key)
        if (conversation_id := delivery_status.conversation_of(conn, *where)) is not None:
            about.add(conversation_id)
    # All at once and in one order, so that two batches never wait for each other.
    delivery_order.lock(conn, about)
    for each in sorted(received, key=lambda each: (each.key, each.provider_id)):
        message = (conn, each.channel, each.provider_id)
        if each.status == "failed":
            if late_failures.told(*message, each.error, each.key, now):
                failed.add(delivery_status.conversation_of(*message, each.key) or "")
        else:
            delivery_status.receipt(*message, each.status, each.error, each.key, now)
    return about, failed

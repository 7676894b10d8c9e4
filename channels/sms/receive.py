"""Taking in a customer's text message: STOP and START are acted on, the rest goes to the worker."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

import structlog

from bot.conversation import texts
from bot.messages import Author, Inbound, Outbound
from bot.store import addresses, inbox, optouts, outbox
from channels.services import Services

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from channels.sms.stop import Wish

log = structlog.get_logger(__name__)

#: A START that was sent before the STOP may come in after it, as gateways deliver side by side; by
#: more than this it is not late, but its gateway's clock is.
SHUFFLE: Final = timedelta(minutes=5)
#: What becomes of a message: it waits for the worker, has been acted on, came too late to be acted
#: on, or was here before.
Fate = Literal["waits", "opted_out", "opted_in", "late", "duplicate"]


async def receive(services: Services, inbound: Inbound, wish: Wish | None, via: str) -> None:
    """Keeps a message, once, in one transaction with what it changes; then it is safe.

    Args:
        services: the routes' services.
        inbound: the message.
        wish: whether it is STOP or START.
        via: the address that says by which gateway it came.
    """
    fate, conversation_id = await services.database.run(_keep, inbound, wish, via, services.now())
    if fate == "waits":
        services.doorbell.ring("inbox", conversation_id)
    elif fate == "opted_in":
        services.doorbell.ring("outbox", conversation_id)
    if fate in ("opted_in", "opted_out"):
        log.info(fate, channel=inbound.channel, conversation=conversation_id)


def _keep(
    conn: Connection, inbound: Inbound, wish: Wish | None, via: str, now: datetime
) -> tuple[Fate, str]:
    accepted = inbox.accept(conn, inbound, now)
    if accepted.duplicate:
        return "duplicate", accepted.conversation_id
    addresses.resolve(conn, inbound.channel, inbound.sender, (via,), now)
    at = inbound.sent_at or now
    fate = _wished(conn, inbound, wish, at)
    if fate != "waits":
        inbox.done(conn, accepted.inbox_id, now, fate)
    if fate == "opted_in":
        said: tuple[Author, Outbound] = ("system", texts.opted_in())
        outbox.add(conn, accepted.conversation_id, accepted.inbox_id, [said], now)
    return fate, accepted.conversation_id


def _wished(conn: Connection, inbound: Inbound, wish: Wish | None, at: datetime) -> Fate:
    this = (inbound.channel, inbound.sender)
    if wish == "out":
        optouts.opt_out(conn, *this, at)
        return "opted_out"
    is_out, since = optouts.last(conn, *this) or (False, at)
    if wish is None or not is_out:
        # To whoever did not opt out, "start" and "aan" are ordinary words.
        return "waits"
    if timedelta(0) < since - at < SHUFFLE:
        return "late"
    optouts.opt_in(conn, *this, at)
    return "opted_in"

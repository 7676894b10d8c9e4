"""Takes in a customer's text message: acts on STOP and START, leaves the rest to the worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

import structlog

from bot.conversation import built_in_messages
from bot.messages import Author, Inbound, Outbound
from bot.phone_identity import e164
from bot.records.inbox_message import AcceptedMessage
from bot.store.conversation import addresses, optouts
from bot.store.delivery import outbox
from channels import intake
from channels.services import Services
from channels.sms.gateway import via

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from channels.sms.opt_out_words import Wish

log = structlog.get_logger(__name__)

#: A START that was sent before the STOP may come in after it, as gateways deliver side by side; by
#: more than this it is not late, but its gateway's clock is.
SHUFFLE: Final = timedelta(minutes=5)
#: The outcome of STOP or START: it was acted on, or came too late for that. And of a HELP that the
#: gateway answered: a second answer would be one too many.
Fate = Literal["opted_out", "opted_in", "late", "helped"]


async def receive(services: Services, inbound: Inbound, wish: Wish | None, gateway: str) -> None:
    """Stores a message, once, in one transaction with what it changes; then it is safe.

    Whichever gateway it came by and however that spells its sender's number, the message is of one
    customer: see `bot.phone_identity`.

    Args:
        services: the routes' services.
        inbound: the message.
        wish: whether it is STOP, START, or a HELP that its gateway answered.
        gateway: name of the gateway by which it came.
    """
    number = e164(inbound.sender, services.settings.country)
    inbound = replace(inbound, sender=number)

    def act(
        conn: Connection, inbound: Inbound, accepted: AcceptedMessage, now: datetime
    ) -> Fate | None:
        addresses.resolve(conn, inbound.channel, inbound.sender, (via(gateway, number),), now)
        fate = _wished(conn, inbound, wish, inbound.sent_at or now)
        if fate == "opted_in":
            said: tuple[Author, Outbound] = ("system", built_in_messages.opted_in())
            outbox.add(conn, accepted.conversation_id, accepted.inbox_id, [said], now)
        return fate

    (accepted,) = await intake.take(services, [inbound], acting=act)
    if accepted.outcome == "opted_in":
        services.notifier.ring("outbox", accepted.conversation_id)
    if accepted.outcome in ("opted_in", "opted_out"):
        log.info(accepted.outcome, channel=inbound.channel, conversation=accepted.conversation_id)


def _wished(conn: Connection, inbound: Inbound, wish: Wish | None, at: datetime) -> Fate | None:
    this = (inbound.channel, inbound.sender)
    if wish == "help":
        return "helped"
    if wish == "out":
        optouts.opt_out(conn, *this, at)
        return "opted_out"
    is_out, since = optouts.last(conn, *this) or (False, at)
    if wish is None or not is_out:
        # From a customer who did not opt out, "start" and "aan" are ordinary words.
        return None
    if timedelta(0) < since - at < SHUFFLE:
        return "late"
    optouts.opt_in(conn, *this, at)
    return "opted_in"

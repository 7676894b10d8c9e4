"""Hands one message to its provider and notes what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Concatenate, ParamSpec

import structlog
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.delivery.decide import GiveUp, Retry, Wait, decide
from bot.store import deliveries, optouts
from bot.store.database import Database
from bot.store.deliveries import Claimed
from channels.base import BadCredentials, PushChannel, Sender, Sent, WindowClosed

log = structlog.get_logger(__name__)

P = ParamSpec("P")

#: Last resort in seconds; senders have shorter time-outs of their own.
SEND_TIMEOUT = 35.0
#: Tries, a second apart, to note what became of a message while the database is away.
NOTE_TRIES = 20
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Courier:
    """Sends the messages of one channel."""

    def __init__(
        self,
        channel: PushChannel,
        public_url: str,
        database: Database,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        """Makes a sender; close it when done.

        Args:
            channel: the channel.
            public_url: where receipts are to be sent.
            database: Loket's database.
            clock: the present, aware.
            chance: random numbers from 0 to 1.
        """
        self.sender: Sender = channel.sender(public_url)
        self.pause = timedelta(seconds=self.sender.pace.per_recipient)
        self._channel = channel
        self._database = database
        self._clock = clock
        self._chance = chance

    async def deliver(self, claimed: Claimed) -> float:
        """Sends a message that was claimed; returns how many seconds the channel must rest."""
        try:
            if self._late(claimed):
                raise WindowClosed
            sent = await self._send(claimed)
        except Exception as error:  # noqa: BLE001 - each has its next move
            return await self._failed(claimed, error)
        await self._note(deliveries.accepted, claimed.id, sent.provider_id, self._now(), self.pause)
        log.info(
            "message_sent",
            delivery=claimed.id,
            conversation=claimed.conversation_id,
            channel=claimed.channel,
            **{key: claimed.content[key] for key in ("segments",) if key in claimed.content},
        )
        return 0.0

    async def _send(self, claimed: Claimed) -> Sent:
        async with asyncio.timeout(SEND_TIMEOUT):
            return await self.sender.send(claimed.recipient, claimed.content, claimed.key)

    def _late(self, claimed: Claimed) -> bool:
        window, last = self._channel.window, claimed.last_inbound_at
        return window is not None and (last is None or self._now() - last > window)

    async def _failed(self, claimed: Claimed, error: Exception) -> float:
        now = self._now()
        move = decide(error, claimed.attempts, claimed.queued_at, now, self._chance())
        ids = {"delivery": claimed.id, "channel": claimed.channel, "error": move.error}
        match move:
            case Retry(when, code, pause):
                await self._note(deliveries.retry, claimed.id, when, code, now)
                if isinstance(error, BadCredentials):
                    log.error("channel_credentials_refused", **ids)
                else:
                    log.warning("message_delayed", **ids)
                return pause
            case Wait(until, code):
                await self._note(deliveries.unsure, claimed.id, until, code, now)
                log.warning("message_unsure", **ids)
            case GiveUp(code, opted_out, window):
                if opted_out:
                    where = (claimed.channel, claimed.address)
                    await self._note(optouts.opt_out, *where, now)
                if window and await self._invite(claimed):
                    code = deliveries.INVITED
                await self._note(deliveries.give_up, claimed.id, code, self._now())
                log.error("message_undelivered", **ids)
        return 0.0

    async def _invite(self, claimed: Claimed) -> bool:
        """Sends the channel's template in place of a late message, once until the customer writes.

        The message itself stays undelivered, for a person to send again when the customer did.
        """
        template = self._channel.outside_window(claimed.content)
        if template is None:
            return False
        since = claimed.last_inbound_at or _EVER
        if await self._database.query(deliveries.invited, claimed.conversation_id, since):
            return True
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                await self.sender.send(claimed.recipient, template, "")
        except Exception as error:  # noqa: BLE001 - the message is shown to a person anyway
            log.warning("invitation_failed", delivery=claimed.id, error=type(error).__name__)
            return False
        return True

    async def _note(
        self, fn: Callable[Concatenate[Connection, P], object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Writes it down, also when the database is away for a moment: else it is sent twice."""
        for _ in range(NOTE_TRIES):
            try:
                await self._database.run(fn, *args, **kwargs)
            except SQLAlchemyError as error:
                log.error("delivery_not_noted", error=type(error).__name__)
                await asyncio.sleep(1.0)
            else:
                return
        log.error("delivery_forgotten")

    def _now(self) -> datetime:
        return self._clock()

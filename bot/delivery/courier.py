"""Hands one message to its provider and notes the outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy.engine import Connection

from bot.attachments.storage import Storage
from bot.delivery import provider_answers, provider_probe
from bot.delivery.failure_policy import (
    MOST_TOLD_LATER,
    AskPerson,
    Doubt,
    GiveUp,
    LookAgain,
    Retry,
    SendAgain,
    decide,
    first_look,
    settle,
)
from bot.store.conversation import optouts
from bot.store.delivery import (
    deliveries,
    delivery_attempts,
    delivery_status,
    doubtful_deliveries,
    late_failures,
)
from bot.store.delivery.deliveries import Claimed
from bot.store.delivery.delivery_attempts import DeliveryAttempt
from bot.store.delivery.doubtful_deliveries import Doubtful
from bot.store.sql.database import Database
from bot.store.sql.outages import is_outage
from channels.errors import BadCredentials, Unavailable, Undeliverable, WindowClosed
from channels.messaging_window import messaging_window
from channels.protocol import PushChannel, Sender, SendsFiles
from channels.send_results import FILE, Sent, Taken

log = structlog.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

#: Notes that a message is to be sent once more: its row, when, why, and the present.
Again = Callable[[Connection, int, datetime, str, datetime], None]

#: Last resort in seconds; senders have shorter time-outs of their own.
SEND_TIMEOUT = 35.0
#: The same for a message with a file; less than the lease of `bot.delivery.channel_queue`.
FILE_TIMEOUT = 75.0
#: Seconds between two tries to note a message's outcome while the database is away.
NOTE_AGAIN = 1.0
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """The outcome of handing a message over, as far as it concerns the channel.

    Attributes:
        pause: seconds that the whole channel must rest.
        sure: whether it is known if the provider took the message.
    """

    pause: float = 0.0
    sure: bool = True


class Courier:
    """Sends the messages of one channel."""

    def __init__(
        self,
        channel: PushChannel,
        public_url: str,
        database: Database,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        storage: Storage | None = None,
    ) -> None:
        """Keeps its parts and makes a sender, which is to be closed.

        Args:
            channel: the channel.
            public_url: where receipts are to be sent.
            database: Loket's database.
            clock: the present, aware.
            chance: random numbers from 0 to 1.
            storage: has the files that agents send; None: this process sends none.
        """
        self.sender: Sender = channel.sender(public_url)
        self.pause = timedelta(seconds=self.sender.pace.per_recipient)
        self._channel = channel
        self._database = database
        self._clock = clock
        self._chance = chance
        self._storage = storage

    async def deliver(self, claimed: Claimed) -> DeliveryOutcome:
        """Sends a message that was claimed, or decides on what was told of it later.

        When it is left in doubt this returns only after the provider answers something harmless:
        as long as it does not, no other customer's message is risked.
        """
        try:
            if claimed.late_error:
                raise provider_answers.told_later(self.sender, claimed)
            if self._window_is_closed(claimed):
                raise WindowClosed
            sent = await self._send(claimed)
        except Exception as error:  # noqa: BLE001 - each has its next move
            outcome = await self._failed(claimed, error)
            if not outcome.sure:
                await provider_probe.until_it_answers(
                    self.sender, self._channel.name, claimed.recipient, SEND_TIMEOUT
                )
            return outcome
        await self._took(claimed, sent.provider_id, self._now())
        log.info(
            "message_sent",
            delivery=claimed.id,
            conversation=claimed.conversation_id,
            channel=claimed.channel,
            **{key: claimed.content[key] for key in ("segments",) if key in claimed.content},
        )
        return DeliveryOutcome()

    async def settle(self, doubtful: Doubtful) -> bool:
        """Looks into a message in doubt once; True when it is settled, or a person's to judge."""
        settling = self.sender.settling(doubtful.recipient)
        found = await provider_answers.looked_up(self.sender, doubtful, SEND_TIMEOUT)
        ids = {"delivery": doubtful.id, "channel": doubtful.channel}
        now = self._now()
        match settle(found, settling, doubtful.unsure_since, now):
            case Taken(provider_id, status, code):
                await self._took(doubtful, provider_id, now)
                taken = delivery_attempts.taken
                if status == "failed":
                    await self._write(taken, doubtful, late_failures.note, code, now)
                elif status is not None:
                    move = delivery_status.move
                    await self._write(taken, doubtful, move, status, code, now)
                log.info("message_found", **ids)
            case SendAgain():
                await self._note(doubtful, deliveries.retry, now, doubtful.error, now)
                log.info("message_not_taken", **ids)
            case AskPerson():
                await self._note(doubtful, deliveries.give_up, doubtful.error, now)
                log.error("message_unsure", **ids, error=doubtful.error)
            case LookAgain(when):
                await self._note(doubtful, doubtful_deliveries.look_again, when, now)
                return False
        return True

    async def _send(self, claimed: Claimed) -> Sent:
        to, part, key = claimed.recipient, claimed.content, claimed.key
        if FILE in part and isinstance(self.sender, SendsFiles):
            data = await self._file(str(part[FILE]["name"]))
            async with asyncio.timeout(FILE_TIMEOUT):
                return await self.sender.send_file(to, part, key, data)
        async with asyncio.timeout(SEND_TIMEOUT):
            return await self.sender.send(to, part, key)

    async def _file(self, name: str) -> bytes:
        """The bytes of a stored file; an error says that nothing was sent."""
        if self._storage is None:
            raise Unavailable("no_storage")
        try:
            return await asyncio.to_thread(self._storage.get, name)
        except FileNotFoundError as error:
            raise Undeliverable("file_gone") from error
        except OSError as error:
            raise Unavailable("storage") from error

    def _window_is_closed(self, claimed: Claimed) -> bool:
        length = self._channel.profile.window
        return not messaging_window(length, claimed.last_inbound_at, self._now()).is_open

    async def _failed(self, claimed: Claimed, error: Exception) -> DeliveryOutcome:
        now = self._now()
        move, again = await self._decided(claimed, error, now)
        ids = {"delivery": claimed.id, "channel": claimed.channel, "error": move.error}
        match move:
            case Retry(when, code, pause):
                await self._note(claimed, again, when, code, now)
                if isinstance(error, BadCredentials):
                    log.error("channel_credentials_refused", **ids)
                else:
                    log.warning("message_delayed", **ids)
                return DeliveryOutcome(pause)
            case Doubt(code):
                look_at = first_look(self.sender.settling(claimed.recipient), now)
                await self._note(claimed, deliveries.unsure, look_at, code, now)
                log.warning("message_in_doubt", **ids)
                return DeliveryOutcome(sure=False)
            case GiveUp(code, opted_out, window):
                if opted_out:
                    where = (claimed.channel, claimed.address)
                    await self._write(optouts.opt_out, *where, now)
                if window and await self._invite(claimed):
                    code = deliveries.INVITED
                await self._note(claimed, deliveries.give_up, code, self._now())
                log.error("message_undelivered", **ids)
        return DeliveryOutcome()

    async def _decided(
        self, claimed: Claimed, error: Exception, now: datetime
    ) -> tuple[Retry | Doubt | GiveUp, Again]:
        """The next move, and how it is noted that the message is to go once more."""
        since = claimed.queued_at
        if not claimed.late_error:
            move = decide(error, claimed.attempts, since, now, self._chance())
            return move, deliveries.retry
        before = claimed.late_failures
        move = decide(error, before, since, now, self._chance(), most=MOST_TOLD_LATER)
        where = (claimed.conversation_id, claimed.id)
        if isinstance(move, Retry) and await self._database.query(late_failures.overtaken, *where):
            move = GiveUp(f"overtaken {move.error}")
        return move, late_failures.retry

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
                key = late_failures.invitation_key(claimed.key)
                await self.sender.send(claimed.recipient, template, key)
        except Exception as error:  # noqa: BLE001 - the message is shown to a person anyway
            log.warning("invitation_failed", delivery=claimed.id, error=type(error).__name__)
            return False
        return True

    async def _took(self, attempt: DeliveryAttempt, provider_id: str, now: datetime) -> None:
        note = deliveries.accepted
        await self._write(delivery_attempts.taken, attempt, note, provider_id, now, self.pause)

    async def _note(
        self,
        attempt: DeliveryAttempt,
        note: Callable[Concatenate[Connection, int, P], object],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        if not await self._write(delivery_attempts.outcome, attempt, note, *args, **kwargs):
            log.warning("attempt_outdated", channel=attempt.channel, key=attempt.key)

    async def _write(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Writes an outcome down, however long the database is away: nobody else knows it.

        It is as true later as now, and `bot.store.delivery.delivery_attempts` takes into account
        what happened meanwhile.
        """
        while True:
            try:
                return await self._database.run(fn, *args, **kwargs)
            except Exception as error:
                log.error("delivery_not_noted", error=type(error).__name__)
                if not is_outage(error):
                    raise
            await asyncio.sleep(NOTE_AGAIN)

    def _now(self) -> datetime:
        return self._clock()

"""Calling the Bot API with python-telegram-bot: pooled, timed, its errors turned into Loket's.

Only methods that need no `Bot.initialize` are used: that would call Telegram at start-up.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import httpx
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from channels.base import (
    Ambiguous,
    BadCredentials,
    OptedOut,
    Pace,
    Part,
    SendError,
    Sent,
    Throttled,
    Unavailable,
    Undeliverable,
)

#: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
PACE: Final = Pace(per_recipient=1.0, per_second=30.0)
_CONNECTIONS = 32
#: Seconds to wait for a connection. Short, so that what was not sent is known to be not sent.
_CONNECT = 5.0
#: What went wrong before anything was sent.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
#: Our words for what Telegram says, so that `loket outbox` tells a person more than a number.
_WORDS: Final = {
    "chat not found": "chat_not_found",
    "blocked by the user": "blocked",
    "user is deactivated": "account_deleted",
    "can't initiate conversation": "never_started",
    "message is too long": "too_long",
    "button_data_invalid": "bad_button",
}

# The library gives times to wait as timedelta, instead of warning at each that one day it will.
os.environ.setdefault("PTB_TIMEDELTA", "true")
# The first writes each address it calls into the log, and the bot's token is part of it; the other
# two quote answers and texts.
for _name in ("httpx", "httpcore", "telegram"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class Api:
    """The Bot API as one bot calls it. Makes no connection before the first call."""

    def __init__(self, token: str, url: str, timeout: float) -> None:
        """Prepares.

        Args:
            token: the bot's token.
            url: the Bot API server, with or without the `/bot` that the token follows.
            timeout: seconds to wait for an answer.
        """
        self._timeout = timeout
        connect = min(_CONNECT, timeout)
        self._request = HTTPXRequest(
            connection_pool_size=_CONNECTIONS,
            read_timeout=timeout,
            write_timeout=timeout,
            connect_timeout=connect,
            pool_timeout=connect,
        )
        base = url.rstrip("/").removesuffix("/bot") + "/bot"
        # Given twice, or the bot would open connections of its own for `getUpdates`.
        self._bot = Bot(token, base, request=self._request, get_updates_request=self._request)
        # The library limits single steps only: an answer that trickles in would hold it for ever.
        self._whole = timeout + 2 * connect

    @property
    def base_url(self) -> str:
        """What every call's address begins with; holds the token."""
        return self._bot.base_url

    @asynccontextmanager
    async def call(self) -> AsyncIterator[Bot]:
        """The bot, for one call: limited in time, and what it raises becomes a `SendError`."""
        try:
            async with asyncio.timeout(self._whole):
                yield self._bot
        except TelegramError as error:
            raise judge(error) from error
        except TimeoutError as error:
            raise Ambiguous("timeout") from error
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # The library trusts answers; this one was a success in a form nobody knows.
            raise Ambiguous("unreadable_answer") from error

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._request.shutdown()


class Client:
    """Telegram as a `channels.base.Sender`."""

    pace = PACE

    def __init__(self, api: Api) -> None:
        """Sends through `api`, and closes it in the end."""
        self._api = api

    async def send(self, address: str, part: Part, key: str) -> Sent:  # noqa: ARG002 - no receipts
        """Sends one message; Telegram has no receipts that could give a key back.

        Raises:
            SendError: see `judge`.
        """
        if not re.fullmatch(r"\d{1,19}", address, re.ASCII):
            raise Undeliverable("no_chat")  # such as a conversation from a terminal
        async with self._api.call() as bot:
            sent = await bot.send_message(
                chat_id=int(address),
                text=part["text"],
                reply_markup=InlineKeyboardMarkup.de_json(part["reply_markup"])
                if "reply_markup" in part
                else None,
                link_preview_options=LinkPreviewOptions.de_json(part["link_preview_options"])
                if "link_preview_options" in part
                else None,
            )
        return Sent(str(sent.message_id))

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._api.aclose()


def judge(error: TelegramError) -> SendError:
    """What an error of the library means for a message that was being sent."""
    words = str(error).lower()  # the library changes the case of the first letter
    code = next((ours for theirs, ours in _WORDS.items() if theirs in words), "")
    match error:
        case RetryAfter():
            after = error.retry_after
            seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
            return Throttled(seconds, "429")
        case InvalidToken():
            return BadCredentials("401")
        case Forbidden():
            return OptedOut(code) if code == "blocked" else Undeliverable(code or "403")
        case BadRequest() | ChatMigrated():
            return Undeliverable(code or "400")
        case NetworkError() if "too many requests" in words:
            return Throttled(None, "429")
        case NetworkError():
            return _unanswered(error)
    return Ambiguous("unreadable_answer")


def _unanswered(error: NetworkError) -> SendError:
    cause = error.__cause__
    if isinstance(cause, _NOT_SENT):
        return Unavailable("unreachable")
    if isinstance(cause, httpx.HTTPError):
        return Ambiguous("timeout" if isinstance(cause, httpx.TimeoutException) else "broken_off")
    # An answer came, and it was no success: 5xx, or the page of something in between.
    return Unavailable("server_error")

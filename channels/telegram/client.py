"""Calls the Bot API with python-telegram-bot: pooled, timed, its errors turned into Loket's.

Only methods that need no `Bot.initialize` are used: that would call Telegram at start-up.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import httpx
from telegram import Bot, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from channels.capabilities import Pace
from channels.errors import Ambiguous, FileGone, FileTooLarge, Unavailable, Undeliverable
from channels.file_download import download
from channels.send_results import FILE, Part, Sent, Settling
from channels.telegram.addresses import parts
from channels.telegram.errors import NO_TOPIC, TOO_BIG, judge

#: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
PACE: Final = Pace(per_recipient=1.0, per_second=30.0)
_CONNECTIONS = 32
#: Seconds to wait for a connection. Short, so that what was not sent is known to be not sent.
_CONNECT = 4.0
#: A connection that was idle for so many seconds is made anew: see `channels.http_client.IDLE`.
_IDLE = 4.0
#: What httpcore says when the last byte of a request was handed to the network.
_WRITTEN: Final = "http11.send_request_body.complete"
#: Most bytes of a photo; a larger one goes as a file: https://core.telegram.org/bots/api#sendphoto
_MAX_PHOTO: Final = 10 * 1024 * 1024

# The library gives times to wait as timedelta, instead of warning at each that one day it will.
os.environ.setdefault("PTB_TIMEDELTA", "true")
# httpx writes each address it calls into the log, and the bot's token is part of it; the other two
# quote answers and texts.
for _name in ("httpx", "httpcore", "telegram"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


@dataclass(slots=True)
class _Watch:
    """Notes on one call, for when it fails.

    Attributes:
        written: whether its request went out whole.
        status: the answer's HTTP status; 0: none came.
    """

    written: bool = False
    status: int = 0


_watch: ContextVar[_Watch | None] = ContextVar("telegram_call", default=None)


async def _watched(request: httpx.Request) -> None:
    """Has httpcore tell how far a request came; a hook of httpx."""
    watch = _watch.get()

    async def trace(event: str, _info: Mapping[str, Any]) -> None:
        if watch is not None and event == _WRITTEN:
            watch.written = True

    request.extensions = {**request.extensions, "trace": trace}


async def _answered(response: httpx.Response) -> None:
    """Notes the status of an answer; a hook of httpx."""
    if (watch := _watch.get()) is not None:
        watch.status = response.status_code


class Api:
    """The Bot API as one bot calls it. Makes no connection before the first call."""

    def __init__(self, token: str, url: str, timeout: float) -> None:
        """Prepares the bot; connects to nothing.

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
            httpx_kwargs={
                "event_hooks": {"request": [_watched], "response": [_answered]},
                "limits": httpx.Limits(
                    max_connections=_CONNECTIONS,
                    max_keepalive_connections=_CONNECTIONS,
                    keepalive_expiry=_IDLE,
                ),
            },
        )
        self.server = url.rstrip("/").removesuffix("/bot")
        self._bot = Bot(
            token,
            f"{self.server}/bot",
            f"{self.server}/file/bot",
            request=self._request,
            # Given twice, or the bot would open connections of its own for `getUpdates`.
            get_updates_request=self._request,
        )
        # The library limits single steps only: an answer that trickles in would hold it for ever.
        self._whole = timeout + 2 * connect

    @property
    def base_url(self) -> str:
        """The beginning of every call's address; holds the token."""
        return self._bot.base_url

    @asynccontextmanager
    async def call(self) -> AsyncIterator[Bot]:
        """Gives the bot for one call, limited in time; what it raises becomes a `SendError`."""
        watch = _Watch()
        before = _watch.set(watch)
        try:
            async with asyncio.timeout(self._whole):
                yield self._bot
        except TelegramError as error:
            raise judge(error, written=watch.written, status=watch.status) from error
        except TimeoutError as error:
            raise (Ambiguous("timeout") if watch.written else Unavailable("unreachable")) from error
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # The library trusts answers; this one was a success in a form nobody knows.
            raise Ambiguous("unreadable_answer") from error
        finally:
            _watch.reset(before)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._request.shutdown()


class Client:
    """Telegram as a `channels.protocol.Sender`."""

    pace = PACE

    def __init__(self, api: Api) -> None:
        """Sends through `api`, and closes it in the end."""
        self._api = api

    async def send(self, address: str, part: Part, key: str) -> Sent:  # noqa: ARG002 - no receipts
        """Sends one message; Telegram has no receipts that could give a key back.

        Where the topic is gone in which the customer wrote, it goes to the chat.

        Raises:
            SendError: see `judge`.
        """
        return await _in_topic(address, partial(self._send, part))

    async def send_file(self, address: str, part: Part, key: str, data: bytes) -> Sent:  # noqa: ARG002 - no receipts
        """As `channels.protocol.SendsFiles.send_file`: a picture as a photo, all else as a file."""
        return await _in_topic(address, partial(self._send_file, part, data))

    async def _send(self, part: Part, chat: int, thread: int | None) -> Sent:
        async with self._api.call() as bot:
            sent = await bot.send_message(
                chat_id=chat,
                message_thread_id=thread,
                text=part["text"],
                reply_markup=InlineKeyboardMarkup.de_json(part["reply_markup"])
                if "reply_markup" in part
                else None,
                link_preview_options=LinkPreviewOptions.de_json(part["link_preview_options"])
                if "link_preview_options" in part
                else None,
            )
        return Sent(str(sent.message_id))

    async def _send_file(self, part: Part, data: bytes, chat: int, thread: int | None) -> Sent:
        file = part[FILE]
        named = InputFile(data, filename=file["filename"])
        caption = part["text"] or None
        photo = file["media_type"].startswith("image/") and len(data) <= _MAX_PHOTO
        async with self._api.call() as bot:
            if photo:
                sent = await bot.send_photo(
                    chat_id=chat, message_thread_id=thread, photo=named, caption=caption
                )
            else:
                sent = await bot.send_document(
                    chat_id=chat, message_thread_id=thread, document=named, caption=caption
                )
        return Sent(str(sent.message_id))

    async def fetch(self, reference: str, limit: int) -> bytes:
        """Fetches a customer's file by its id; see `channels.protocol.FileSource`.

        Source: https://core.telegram.org/bots/api#getfile
        """
        try:
            async with self._api.call() as bot:
                found = await bot.get_file(reference)
        except Undeliverable as error:
            if error.code == TOO_BIG:
                raise FileTooLarge("Telegram gives out no file of over 20 MB.") from error
            raise FileGone("Telegram does not have the file any more.") from error
        if not found.file_path:
            raise Unavailable("no_path")
        return await download(found.file_path, limit, home=self._api.server)

    def settling(self, address: str) -> Settling:  # noqa: ARG002 - all alike
        """No way to settle: Telegram has no receipts and no list, and takes no id of ours."""
        return Settling(receipt=0.0)

    async def probe(self, address: str) -> None:  # noqa: ARG002 - one Bot API for all
        """Asks who the bot is; see `channels.protocol.Sender`."""
        async with self._api.call() as bot:
            await bot.get_me()

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._api.aclose()


async def _in_topic(address: str, send: Callable[[int, int | None], Awaitable[Sent]]) -> Sent:
    """Sends to the customer's chat and topic; where the topic is gone, to the chat."""
    found = parts(address)
    if found is None:
        raise Undeliverable("no_chat")  # such as a conversation from a terminal
    chat, thread = found
    try:
        return await send(chat, thread)
    except Undeliverable as error:
        if thread is None or error.code != NO_TOPIC:
            raise
    return await send(chat, None)

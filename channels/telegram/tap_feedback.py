"""Shows at once that a tap on a button was seen, before the worker answers.

The button stops spinning, and the keyboard makes place for the words chosen: Telegram shows no
message of a customer who taps, and a choice can be made once. Nothing is lost when this fails.
"""

from __future__ import annotations

import asyncio
from typing import Final

import structlog
from telegram import Bot, LinkPreviewOptions

from bot.catalogue import say
from channels.errors import SendError
from channels.telegram.client import Api
from channels.telegram.events import Tap
from channels.telegram.render import CAPABILITIES, utf16_length

log = structlog.get_logger(__name__)

#: Most taps handled at once; with more, Telegram is slow and the rest gets no feedback.
MOST: Final = 200


class TapFeedback:
    """Gives feedback on taps in the background, so that no webhook waits for it."""

    def __init__(self, api: Api) -> None:
        """Calls through `api`, and closes it in the end."""
        self._api = api
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, tap: Tap) -> None:
        """Starts the feedback on one tap."""
        if len(self._tasks) >= MOST:
            log.warning("tap_not_shown", error="too_many")
            return
        task = asyncio.create_task(self._show(tap))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Drops what is not finished and closes the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._api.aclose()

    async def _show(self, tap: Tap) -> None:
        try:
            async with self._api.call() as bot:
                await bot.answer_callback_query(tap.query)
            if tap.shown is not None:
                async with self._api.call() as bot:
                    await _replace_keyboard(bot, int(tap.inbound.sender), tap.shown, chosen(tap))
        except SendError as error:
            # A second delivery of the same tap ends here: it is answered already.
            log.info("tap_not_shown", error=error.code)


def chosen(tap: Tap) -> str:
    """The message with the words chosen below it; empty when they are not known or do not fit."""
    text = f"{tap.text}\n\n{say('telegram.chosen', choice=tap.inbound.text)}"
    fits = tap.text and tap.inbound.text and utf16_length(text) <= CAPABILITIES.text
    return text if fits else ""


async def _replace_keyboard(bot: Bot, chat: int, message: int, text: str) -> None:
    if text:
        plain = LinkPreviewOptions(is_disabled=True)
        await bot.edit_message_text(
            text, chat_id=chat, message_id=message, link_preview_options=plain
        )
    else:
        await bot.edit_message_reply_markup(chat_id=chat, message_id=message)

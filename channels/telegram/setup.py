"""Registers the webhook at Telegram, and checks that all is well with it.

https://core.telegram.org/bots/api#setwebhook
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from telegram import WebhookInfo
from telegram.constants import UpdateType

from bot import clock
from bot.errors import LoketError
from channels.errors import BadCredentials, SendError, Throttled, Undeliverable
from channels.protocol import Check
from channels.telegram.client import Api

#: The kinds of update that Telegram is to send.
UPDATES: Final = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.MY_CHAT_MEMBER,
)
_PORTS: Final = (443, 80, 88, 8443)
#: A delivery that failed longer ago says nothing about now.
_RECENT: Final = timedelta(hours=1)
_SET: Final = "Run `loket webhook set telegram`."


async def set_webhook(api: Api, url: str, secret: str) -> str:
    """Has Telegram send updates to `url`, with `secret`; updates that wait there stay waiting.

    Args:
        api: the Bot API; it is closed in the end.
        url: where Telegram must send updates.
        secret: what it sends along.

    Raises:
        LoketError: the address cannot be a webhook, or Telegram refused, or cannot be reached.
    """
    async with aclosing(api):
        if problem := unfit(url):
            raise LoketError(problem)
        try:
            async with api.call() as bot:
                await bot.set_webhook(url, secret_token=secret, allowed_updates=UPDATES)
        except SendError as error:
            raise LoketError(f"The webhook is not set. {explained(error)}") from error
    return f"Telegram sends its updates to {url}."


async def checks(api: Api, url: str) -> Sequence[Check]:
    """Checks that Telegram can be reached, knows the bot, and sends its updates here.

    Args:
        api: the Bot API; it is closed in the end.
        url: where Telegram must send updates.
    """
    async with aclosing(api):
        try:
            async with api.call() as bot:
                me = await bot.get_me()
            async with api.call() as bot:
                info = await bot.get_webhook_info()
        except SendError as error:
            return [Check("bot", ok=False, sentence=explained(error))]
    known = Check("bot", ok=True, sentence=f"Telegram knows the bot as @{me.username}.")
    return [known, _webhook(info, url, clock.now())]


def unfit(url: str) -> str:
    """Says why an address cannot be a webhook, with the way out; empty when it can."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname and (parts.port or 443) in _PORTS:
            return ""
    except ValueError:
        pass  # a port that is no number
    return (
        f"Telegram does not call {url}: it takes https on port 443, 80, 88 or 8443 only. Set"
        " LOKET_PUBLIC_URL to the address at which the internet finds this installation."
    )


def explained(error: SendError) -> str:
    """A sentence about a failed call that sent no message, with the way out."""
    match error:
        case BadCredentials():
            return "Telegram refuses the token. Copy it from BotFather into TELEGRAM_TOKEN."
        case Throttled():
            return "Telegram says this bot calls too often. Try again in a minute."
        case Undeliverable():
            return (
                "Telegram refuses the address or the secret. Check LOKET_PUBLIC_URL (its name must"
                " be known in the DNS) and TELEGRAM_SECRET."
            )
    return (
        f"Telegram gives no answer ({error.code}). Check TELEGRAM_API_URL and whether this machine"
        " may call it, then try again."
    )


def _webhook(info: WebhookInfo, url: str, now: datetime) -> Check:
    def bad(sentence: str) -> Check:
        return Check("webhook", ok=False, sentence=sentence)

    if not info.url:
        return bad(f"Telegram sends its updates nowhere. {unfit(url) or _SET}")
    if info.url != url:
        return bad(f"Telegram sends its updates to {info.url}, not to {url}. {unfit(url) or _SET}")
    if info.allowed_updates and not set(UPDATES) <= set(info.allowed_updates):
        return bad(f"Telegram does not send all kinds of updates that Loket needs. {_SET}")
    waiting = f"{info.pending_update_count} updates wait there"
    if info.last_error_date and now - info.last_error_date < _RECENT:
        at = info.last_error_date.astimezone(UTC)
        return bad(
            f"At {at:%H:%M} UTC Telegram could not deliver here ({info.last_error_message});"
            f" {waiting}. Check that {url} can be reached from the internet with a valid"
            " certificate; after “403” run `loket webhook set telegram`."
        )
    return Check("webhook", ok=True, sentence=f"Telegram sends its updates to {url}; {waiting}.")

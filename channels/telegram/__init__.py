"""Telegram: a webhook in, the Bot API out.

`Telegram` is the channel as the rest of Loket knows it. It imports the library only when it sends,
so that a preview needs none of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.catalogue import say
from bot.channel_profiles import ChannelProfile
from bot.errors import ConfigurationError
from bot.messages import Outbound
from channels.protocol import Check, FileSource, Sender
from channels.send_results import Part
from channels.telegram import render
from channels.telegram.verify import SECRET

if TYPE_CHECKING:
    from bot.attachments.storage import Storage
    from channels.telegram.client import Api

#: Path of the webhook, after the public URL.
PATH: Final = "/webhooks/telegram"
API_URL: Final = "https://api.telegram.org"
_USERNAME: Final = re.compile(r"[A-Za-z]\w{4,31}", re.ASCII)


class Telegram:
    """The Telegram bot as a `channels.protocol.PushChannel`."""

    profile = ChannelProfile(
        name="telegram", label="Telegram", asked_for=r"\btelegram", tone="blue", bursts=True
    )
    name = profile.name
    capabilities = render.CAPABILITIES
    routes = "channels.telegram.routes:blueprint"
    #: Seconds to wait for an answer of the Bot API.
    timeout: float = 20.0

    def __init__(
        self, *, token: str, secret: str, api_url: str = API_URL, username: str = ""
    ) -> None:
        """Checks the values; calls nobody.

        Args:
            token: the bot's token, from BotFather.
            secret: what Telegram sends along with every update; chosen by us.
            api_url: the Bot API server, without `/bot<token>`.
            username: the bot's name in t.me addresses; empty: nobody is sent here from another
                channel.

        Raises:
            ConfigurationError: a value cannot be right.
        """
        if ":" not in token or any(sign in token for sign in "/?# \t\n"):
            raise ConfigurationError(
                "TELEGRAM_TOKEN is not a token. Copy it whole from BotFather: digits, a colon and"
                " 35 other signs."
            )
        if not SECRET.fullmatch(secret):
            raise ConfigurationError(
                "TELEGRAM_SECRET may hold 1 to 256 of A-Z, a-z, 0-9, _ and - only. Make one with"
                " `openssl rand -hex 32`."
            )
        if not api_url.startswith(("https://", "http://")):
            raise ConfigurationError(
                f"TELEGRAM_API_URL must begin with http:// or https://, as {API_URL} does."
            )
        if username and not _USERNAME.fullmatch(username):
            raise ConfigurationError(
                "TELEGRAM_USERNAME is the bot's own name without @, such as BibliotheekBot."
            )
        self.secret = secret
        self._username = username
        self._token = token
        self._api_url = api_url

    @classmethod
    def preview_only(cls) -> Telegram:
        """A channel that renders and previews; its token is a dummy."""
        nobodys = {"token": "0:preview", "secret": "preview"}
        return cls(**nobodys)

    def render(self, message: Outbound, ref: str = "") -> Sequence[Part]:
        """Parameters of `sendMessage` but for `chat_id`, one for each message."""
        return render.render(message, ref)

    def preview(self, part: Part) -> str:
        """The message with its buttons drawn below it, row by row."""
        return render.preview(part)

    def outside_window(self, part: Part) -> Part | None:  # noqa: ARG002 - the window never closes
        """None: the messaging window never closes."""
        return None

    def directions(self, code: str) -> str | None:
        """A link that opens the bot and hands it the code.

        Source: https://core.telegram.org/bots/features#deep-linking.
        """
        if not self._username:
            return None
        link = f"https://t.me/{self._username}?start={code}"
        return say("telegram.directions", link=link)

    def sender(self, public_url: str = "") -> Sender:  # noqa: ARG002 - needs no address
        """A sender with connections of its own."""
        from channels.telegram.client import Client  # noqa: PLC0415 - as the module says

        return Client(self.api())

    def files(self, storage: Storage) -> FileSource:  # noqa: ARG002 - Telegram has them
        """Where customers' files are fetched; the caller closes it."""
        from channels.telegram.client import Client  # noqa: PLC0415 - as the module says

        return Client(self.api())

    def api(self) -> Api:
        """The Bot API, for calls besides sending; the caller closes it."""
        from channels.telegram.client import Api  # noqa: PLC0415 - as the module says

        return Api(self._token, self._api_url, self.timeout)

    async def checks(self, public_url: str) -> Sequence[Check]:
        """Reachability, token and webhook; never raises."""
        from channels.telegram import setup  # noqa: PLC0415 - as the module says

        return await setup.checks(self.api(), address(public_url))

    async def set_webhook(self, public_url: str) -> str:
        """Has Telegram send updates to this installation; returns what is registered.

        Raises:
            LoketError: Telegram refused, or cannot be reached.
        """
        from channels.telegram import setup  # noqa: PLC0415 - as the module says

        return await setup.set_webhook(self.api(), address(public_url), self.secret)


def address(public_url: str) -> str:
    """The address to which Telegram must send updates."""
    return public_url.rstrip("/") + PATH

"""WhatsApp: Meta's Cloud API, through heyoo."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.catalogue import say
from bot.channel_profiles import ChannelProfile
from bot.errors import ConfigurationError, LoketError
from bot.messages import Outbound
from channels.capabilities import Capabilities
from channels.errors import BadCredentials, SendError
from channels.protocol import Check
from channels.send_results import Part
from channels.whatsapp import render

if TYPE_CHECKING:
    from bot.attachments.storage import Storage
    from channels.whatsapp.client import Graph, GraphSender

#: Path of the webhook; verification comes by GET, notifications by POST.
PATH = "/webhooks/whatsapp"
_NUMBER = re.compile(r"\+[1-9][\d ()-]{6,20}")


class WhatsApp:
    """WhatsApp as a `channels.protocol.PushChannel`."""

    profile = ChannelProfile(
        name="whatsapp",
        label="WhatsApp",
        address="phone",
        window=timedelta(hours=24),
        asked_for=r"\bwhats ?app|\bwapp|\bapp(en|je|jes)?\b",
        tone="green",
        bursts=True,
    )
    name = profile.name
    capabilities: Capabilities = render.CAPABILITIES
    routes = "channels.whatsapp.routes:blueprint"

    def __init__(
        self,
        *,
        token: str,
        phone_number_id: str,
        app_secret: str,
        verify_token: str,
        graph_url: str,
        template: str = "",
        template_language: str = "nl",
        number: str = "",
    ) -> None:
        """Makes no call.

        Args:
            token: access token of a system user with `whatsapp_business_messaging`.
            phone_number_id: the id (not the number) of our phone number.
            app_secret: secret of the Meta app; it signs notifications.
            verify_token: a word of our own choice, given to Meta with the webhook's address.
            graph_url: Graph's base address with its version.
            template: name of the approved template, without variables, that is sent in place of a
                message when the customer's last one is over 24 hours old; empty for none.
            template_language: the template's language code.
            number: our phone number as customers write to it, with its country code; empty: nobody
                is sent here from another channel.

        Raises:
            ConfigurationError: a value cannot be right; names its key.
        """
        parts = urlsplit(graph_url)
        if parts.scheme not in ("https", "http") or not parts.netloc or not parts.path.strip("/"):
            raise ConfigurationError(
                "WHATSAPP_GRAPH_URL must be Graph's address with a version, such as "
                "https://graph.facebook.com/v23.0."
            )
        if not phone_number_id.isascii() or not phone_number_id.isdigit():
            raise ConfigurationError(
                "WHATSAPP_PHONE_NUMBER_ID must be the id that Meta shows below the phone number: "
                "digits only, and not the phone number itself."
            )
        if number and not _NUMBER.fullmatch(number):
            raise ConfigurationError(
                "WHATSAPP_NUMBER must be our own phone number with its country code, such as "
                "+31 88 000 00 00."
            )
        self.phone_number_id = phone_number_id
        self._number = number
        self.app_secret = app_secret
        self.verify_token = verify_token
        self._token = token
        self._graph_url = graph_url
        self._template = render.template(template, template_language) if template else None

    @classmethod
    def preview_only(cls) -> WhatsApp:
        """A channel that renders and previews without being configured."""
        return cls(
            token="",
            phone_number_id="0",
            app_secret="",
            verify_token="",
            graph_url="https://graph.facebook.com/v23.0",
        )

    def render(self, message: Outbound, ref: str = "") -> Sequence[Part]:
        """Meta's messages for one of ours, in order, without the recipient."""
        return render.render(message, ref)

    def preview(self, part: Part) -> str:
        """A rendered message drawn for a terminal."""
        return render.preview(part)

    def outside_window(self, part: Part) -> Part | None:
        """The configured template; None when there is none, or when the message is it."""
        return None if part == self._template else self._template

    def directions(self, code: str) -> str | None:
        """A link that has the message ready (https://faq.whatsapp.com/5913398998672934)."""
        if not self._number:
            return None
        digits = "".join(sign for sign in self._number if sign.isdigit())
        link = f"https://wa.me/{digits}?text={code}"
        return say("whatsapp.directions", link=link, code=code, number=self._number)

    def graph(self) -> Graph:
        """A client; makes no call. Imports heyoo, which takes a while."""
        from channels.whatsapp.client import Graph  # noqa: PLC0415 - only who sends needs it

        return Graph(self._graph_url, self._token, self.phone_number_id)

    def sender(self, public_url: str = "") -> GraphSender:  # noqa: ARG002 - Meta needs it not
        """A new sender; the caller closes it."""
        from channels.whatsapp.client import GraphSender  # noqa: PLC0415 - see `graph`

        return GraphSender(self.graph())

    def files(self, storage: Storage) -> GraphSender:  # noqa: ARG002 - Meta has them
        """Where customers' files are fetched; the caller closes it."""
        return self.sender()

    async def checks(self, public_url: str) -> Sequence[Check]:
        """Looks at the token, the phone number and the webhook; never raises."""
        return [self._check_template(), *await asyncio.to_thread(self._check_graph, public_url)]

    async def set_webhook(self, public_url: str) -> str:
        """Registers the webhook for our phone number.

        Raises:
            LoketError: Meta refused; says what to do.
        """
        address = _address(public_url)
        try:
            await asyncio.to_thread(self.graph().set_webhook, address, self.verify_token)
        except SendError as error:
            raise LoketError(
                f"Meta did not register {address} (error {error.code}). It calls that address at "
                "once: see to it that Loket runs and can be reached there over https from the "
                "internet, and that the token has the permission whatsapp_business_management."
            ) from error
        return f"Meta sends WhatsApp messages to {address}."

    def _check_template(self) -> Check:
        name = "template after 24 hours"
        if self._template:
            return Check(name, True, f"{self._template['template']['name']} is sent.")
        return Check(
            name,
            True,
            "None: who has not written for 24 hours cannot be reached. If you want that, set "
            "WHATSAPP_TEMPLATE to the name of an approved template without variables.",
        )

    def _check_graph(self, public_url: str) -> list[Check]:
        try:
            known = self.graph().about("id,webhook_configuration")
        except BadCredentials as error:
            advice = (
                f"Meta refuses the token (error {error.code}). Make a new one for the system user "
                "in Business settings, with whatsapp_business_messaging and "
                "whatsapp_business_management, and set WHATSAPP_TOKEN."
            )
            return [Check("token", False, advice)]
        except SendError as error:
            advice = (
                f"No good answer about our phone number (error {error.code}). Check "
                "WHATSAPP_GRAPH_URL, WHATSAPP_PHONE_NUMBER_ID and whether this machine can reach "
                "the internet."
            )
            return [Check("Graph API", False, advice)]
        return [
            Check("Graph API", True, "It answers, and the token is good for our phone number."),
            _check_webhook(known.get("webhook_configuration"), _address(public_url)),
        ]


def _check_webhook(found: object, address: str) -> Check:
    known = found if isinstance(found, dict) else {}
    # The number's own address goes before the account's, and that before the app's.
    places = ("phone_number", "whatsapp_business_account", "application")
    if next((known[place] for place in places if known.get(place)), "") == address:
        return Check("webhook", True, f"Meta sends messages to {address}.")
    return Check(
        "webhook",
        False,
        f"Meta does not send messages to {address}. Run `loket webhook set whatsapp`, or set the "
        "address in the Meta app under WhatsApp, Configuration.",
    )


def _address(public_url: str) -> str:
    return public_url.rstrip("/") + PATH

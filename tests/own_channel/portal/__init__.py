"""The message box of an organisation's own customer portal, as a channel outside `channels/`.

CONTRIBUTING, "Recipe: a channel", is about these files.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.channel_profiles import ChannelProfile
from bot.errors import ConfigurationError
from bot.messages import Outbound
from channels.errors import SendError
from channels.protocol import Check
from channels.send_results import Part
from tests.own_channel.portal import render

if TYPE_CHECKING:
    from tests.own_channel.portal.client import PortalSender

#: Where the portal calls, after the public URL.
PATH: Final = "/webhooks/portal"


class Portal:
    """The portal's message box as a `channels.protocol.PushChannel`."""

    profile = ChannelProfile(
        name="portal",
        label="Mijn Omgeving",
        customer="Klant in Mijn Omgeving",
        window=timedelta(hours=72),
        asked_for=r"\bmijn omgeving\b",
        tone="blue",
    )
    name = profile.name
    capabilities = render.CAPABILITIES
    routes = "tests.own_channel.portal.routes:blueprint"
    #: Seconds that one call of the portal may take.
    timeout: float = 15.0

    def __init__(self, *, url: str, token: str, secret: str, page: str = "") -> None:
        """Checks the values; calls nobody.

        Args:
            url: address of the portal's interface.
            token: what the portal knows us by.
            secret: with which it signs what it sends.
            page: address of the message box; empty: nobody is sent here from another channel.

        Raises:
            ConfigurationError: a value cannot be right.
        """
        if not url.startswith(("https://", "http://")):
            raise ConfigurationError("PORTAL_URL must begin with https://.")
        self.url = url.rstrip("/")
        self.secret = secret
        self._token = token
        self._page = page

    @classmethod
    def preview_only(cls) -> Portal:
        """A channel that renders and previews without being configured."""
        return cls(url="https://portal.invalid", token="", secret="")

    def render(self, message: Outbound, ref: str = "") -> Sequence[Part]:
        """The portal's messages for one of ours, in order."""
        return render.render(message, ref)

    def preview(self, part: Part) -> str:
        """The text with its buttons below it."""
        return render.preview(part)

    def outside_window(self, part: Part) -> Part | None:
        """None: the portal has no templates."""
        return None

    def directions(self, code: str) -> str | None:
        """Where the message box is, and the code to send there."""
        return f"Ga verder in Mijn Omgeving: {self._page} Stuur {code}." if self._page else None

    def sender(self, public_url: str = "") -> PortalSender:
        """A new sender; the caller closes it."""
        from tests.own_channel.portal.client import PortalSender

        return PortalSender(self.url, self._token, self.timeout)

    async def checks(self, public_url: str) -> Sequence[Check]:
        """Asks the portal whether it is there; never raises."""
        sender = self.sender(public_url)
        try:
            await sender.probe("")
        except SendError as error:
            sentence = f"No good answer ({error.code}). Check PORTAL_URL and PORTAL_TOKEN."
            return [Check("portal", ok=False, sentence=sentence)]
        finally:
            await sender.close()
        return [Check("portal", ok=True, sentence=f"It answers, and calls {public_url}{PATH}.")]

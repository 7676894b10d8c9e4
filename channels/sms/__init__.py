"""SMS, through Twilio or a Kannel of one's own.

Both gateways are one channel, `sms`: a customer who changes from one to the other goes on with the
same conversation. The gateway that is configured first answers customers who never wrote through
the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.attachments.storage import Storage
from bot.catalogue import say
from bot.channel_profiles import ChannelProfile
from bot.messages import Outbound
from channels.protocol import Check
from channels.send_results import Part
from channels.sms import render
from channels.sms.gateway import Gateway, SmsFiles, SmsSender
from channels.sms.gateway_requests import TIMEOUT
from channels.sms.kannel import KannelGateway
from channels.sms.parse import CHANNEL


class Sms:
    """The SMS channel as a `channels.protocol.PushChannel`.

    Args:
        *gateways: through which it sends and receives; none for a preview.
    """

    profile = ChannelProfile(
        name=CHANNEL,
        label="Sms",
        in_sentence="sms",
        button="SMS",
        address="phone",
        asked_for=r"\bsms|\btekstbericht|\bmijn (telefoon|mobiel)",
        tone="violet",
        bursts=True,
    )
    name = profile.name
    capabilities = render.CAPABILITIES
    routes = "channels.sms.routes:blueprint"
    segment_names = ("sms", "sms’jes")
    #: Seconds that one call of a gateway may take.
    timeout: float = TIMEOUT

    def __init__(self, *gateways: Gateway) -> None:
        self.gateways = gateways

    @classmethod
    def preview_only(cls) -> Sms:
        """A channel that renders and previews without being configured."""
        return Sms()

    def beside(self, other: Sms) -> Sms:
        """One channel with the gateways of both."""
        return Sms(*self.gateways, *other.gateways)

    def render(self, message: Outbound, ref: str = "") -> Sequence[Part]:  # noqa: ARG002 - replies name options by number
        """The text messages for one of ours: `text`, `encoding` and `segments`."""
        return render.render(message)

    def join(self, parts: Sequence[Part]) -> Sequence[Part]:
        """Joins what is said in one turn into one message where it fits."""
        return render.join(parts)

    def preview(self, part: Part) -> str:
        """The text with the number of segments under it."""
        return render.preview(part)

    def outside_window(self, part: Part) -> Part | None:  # noqa: ARG002 - any time will do
        """None: an SMS may be sent at any time."""
        return None

    def segments(self, parts: Sequence[Part]) -> int:
        """How many segments these rendered messages take together."""
        return sum(int(part["segments"]) for part in parts)

    def directions(self, code: str) -> str | None:
        """The number of the first gateway that has one, and the code to send there."""
        number = next((each.number for each in self.gateways if each.number), "")
        return say("sms.directions", code=code, number=number) if number else None

    def sender(self, public_url: str = "") -> SmsSender:
        """A sender through every configured gateway."""
        return SmsSender(
            {each.name: each.client(public_url, self.timeout) for each in self.gateways}
        )

    def files(self, storage: Storage) -> SmsFiles:  # noqa: ARG002 - the gateway has them
        """Where customers' files are fetched; the caller closes it."""
        return SmsFiles(self.gateways)

    async def checks(self, public_url: str) -> Sequence[Check]:
        """The checks that `loket doctor` shows."""
        found = [
            await asyncio.to_thread(each.checks, public_url, self.timeout) for each in self.gateways
        ]
        return [check for checks in found for check in checks]


class Twilio(Sms):
    """SMS through Twilio, as credentials.yml names it.

    Args:
        account_sid: `AC...`.
        auth_token: the account's token.
        sender: number, sender name or messaging service.
        api_url: where Twilio's REST API is.
    """

    def __init__(self, account_sid: str, auth_token: str, sender: str, api_url: str = "") -> None:
        from channels.sms import twilio  # noqa: PLC0415 - a preview does not need the library

        url = api_url or twilio.API_URL
        super().__init__(twilio.TwilioGateway(account_sid, auth_token, sender, url))


class Kannel(Sms):
    """SMS through Kannel, as credentials.yml names it.

    Args:
        send_url: the smsbox's sendsms address.
        username: of a `sendsms-user`.
        password: of that user.
        secret: what the get-url carries.
        number: the number that customers write to; empty: nobody is sent here from another channel.
    """

    def __init__(
        self, send_url: str, username: str, password: str, secret: str, number: str = ""
    ) -> None:
        super().__init__(KannelGateway(send_url, username, password, secret, number))

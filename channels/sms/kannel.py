"""Kannel: a gateway that the organisation runs. It signs nothing, so addresses carry a secret."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote

from bot.errors import ConfigurationError
from channels.errors import Ambiguous, BadCredentials, SendError, Undeliverable
from channels.http_client import HttpAnswer, HttpClient
from channels.protocol import Check
from channels.send_results import Absent, Search, Settling, StillInDoubt, Taken
from channels.sms.gateway_requests import client, exchange

if TYPE_CHECKING:
    from channels.sms.gateway import Message

PATH: Final = "/webhooks/sms/kannel"
DLR_PATH: Final = f"{PATH}/dlr"
#: Escapes that Kannel fills in; `%I` stays the same when it tries again.
_QUERY: Final = "from=%p&to=%P&text=%b&coding=%c&charset=%C&udh=%u&id=%I&ts=%T"
#: Delivered 1, not delivered 2, accepted by the SMSC 8, refused by it 16.
_DLR_MASK: Final = 1 + 2 + 8 + 16
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~-]+", re.ASCII)


class KannelGateway:
    """One Kannel smsbox.

    Args:
        send_url: its sendsms address, such as `http://127.0.0.1:13013/cgi-bin/sendsms`.
        username: of a `sendsms-user`.
        password: of that user.
        secret: what Kannel's get-url and our dlr-url carry.
        number: the number that customers write to, or empty.

    Raises:
        ConfigurationError: the secret cannot stand in an address of Kannel's.
    """

    name = "kannel"

    def __init__(
        self, send_url: str, username: str, password: str, secret: str, number: str = ""
    ) -> None:
        if not _PLAIN.fullmatch(secret):
            raise ConfigurationError(
                "KANNEL_SECRET may hold letters, digits and . _ ~ - only: Kannel takes a percent"
                " sign in an address as an escape of its own. Choose another one."
            )
        if number and not number.removeprefix("+").isdecimal():
            raise ConfigurationError(
                "KANNEL_NUMBER is the number that customers write to, in digits: 3010, or"
                " +31612345678."
            )
        self.number = number
        self._send_url = send_url
        self._credentials = {"username": username, "password": password}
        self._secret = secret

    def genuine(self, query: str) -> bool:
        """Whether a request knows the secret."""
        given = dict(parse_qsl(query, keep_blank_values=True)).get("secret", "")
        return hmac.compare_digest(given.encode(), self._secret.encode())

    def get_url(self, public_url: str) -> str:
        """The get-url to put into Kannel's configuration."""
        return f"{public_url}{PATH}?secret={self._secret}&{_QUERY}"

    def client(self, public_url: str, timeout: float) -> KannelClient:
        """See `channels.sms.gateway.Gateway`."""
        report = ""
        if public_url:
            report = f"{public_url.rstrip('/')}{DLR_PATH}?secret={self._secret}&status=%d&key="
        return KannelClient(client(timeout), self._send_url, self._credentials, report)

    def checks(self, public_url: str, timeout: float) -> Sequence[Check]:
        """Asks Kannel to send to nobody: it looks at the password first."""
        asking = client(timeout)
        try:
            answer = exchange(asking, "GET", self._send_url, params=self._credentials)
        except SendError:
            sentence = (
                "Kannel's smsbox cannot be reached: start it, or mend KANNEL_SEND_URL"
                " (http://HOST:13013/cgi-bin/sendsms)."
            )
            return [Check("kannel", ok=False, sentence=sentence)]
        finally:
            asking.close()
        if answer.status == 403:
            sentence = (
                "Kannel refuses the user: KANNEL_USERNAME and KANNEL_PASSWORD must be those of a"
                " sendsms-user in kannel.conf."
            )
        elif answer.status not in (202, 400):
            sentence = "KANNEL_SEND_URL leads to something else: it ends in /cgi-bin/sendsms."
        else:
            sentence = (
                "Kannel answers and knows the user. Its get-url must begin with"
                f" {public_url}{PATH}?secret=(KANNEL_SECRET)."
            )
            return [Check("kannel", ok=True, sentence=sentence)]
        return [Check("kannel", ok=False, sentence=sentence)]


class KannelClient:
    """Sends through one smsbox.

    Args:
        client: pooled connections.
        send_url: sendsms address.
        credentials: its user and password.
        report: dlr-url up to our own id; empty for no reports.
    """

    #: A report with our id comes as soon as the SMSC has the message. Kannel lists nothing that it
    #: has passed on, so without one a person must judge.
    settling = Settling(receipt=30.0)

    def __init__(
        self,
        client: HttpClient,
        send_url: str,
        credentials: dict[str, str],
        report: str,
    ) -> None:
        self._client = client
        self._send_url = send_url
        self._credentials = credentials
        self._report = report

    def send(self, sms: Message) -> str:
        """Hands over a message; its id is our own, as Kannel gives none."""
        params = {
            **self._credentials,
            "to": sms.number,
            "text": sms.text,
            # Without coding 2, whatever GSM-7 lacks arrives as a question mark.
            "coding": "0" if sms.encoding == "GSM-7" else "2",
            "charset": "UTF-8",
        }
        if self._report:
            params |= {"dlr-mask": str(_DLR_MASK), "dlr-url": f"{self._report}{quote(sms.key)}"}
        answer = exchange(self._client, "GET", self._send_url, params=params)
        _judge(answer)
        return sms.key

    def probe(self) -> None:
        """Asks Kannel to send to nobody; see `channels.sms.gateway.Client`."""
        exchange(self._client, "GET", self._send_url, params=self._credentials)

    def find(self, number: str, text: str, search: Search) -> Taken | Absent | StillInDoubt:  # noqa: ARG002 - Kannel lists nothing
        """See `channels.sms.gateway.Client`."""
        return StillInDoubt()

    def told_later(self, code: str) -> SendError:
        """Never again: Kannel tried as long as the operator let it, and gives no reasons."""
        return Undeliverable(code)

    def close(self) -> None:
        """See `channels.sms.gateway.Client`."""
        self._client.close()


def _judge(answer: HttpAnswer) -> None:
    """Raises the error that Kannel's answer means; nothing when it took the message.

    Source: Kannel 1.4.5 user guide, chapter "Using the HTTP interface to send SMS messages".
    """
    if answer.status in (401, 403, 404) or 300 <= answer.status < 400:
        raise BadCredentials(str(answer.status))
    if answer.status >= 400:
        raise Undeliverable(str(answer.status))
    if not answer.text.startswith(("0: Accepted", "3: Queued")):
        raise Ambiguous("unreadable")

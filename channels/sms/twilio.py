"""Twilio: signed webhooks in, its REST API out, through its own library."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.request_validator import RequestValidator

from channels.errors import (
    Ambiguous,
    BadCredentials,
    FileGone,
    OptedOut,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
)
from channels.file_download import download
from channels.protocol import Check
from channels.send_results import Absent, Search, Settling, StillInDoubt, Taken
from channels.sms import twilio_list
from channels.sms.parse import Fields
from channels.sms.twilio_http import TwilioHttp

if TYPE_CHECKING:
    from twilio.rest import Client

    from channels.sms.gateway import Message

PATH: Final = "/webhooks/sms/twilio"
STATUS_PATH: Final = f"{PATH}/status"
API_URL: Final = "https://api.twilio.com"

#: Twilio's error codes by what they ask of us; any other refusal is about this message alone.
#: Source: https://www.twilio.com/docs/api/errors
_THROTTLED: Final = frozenset((20429, 14107, 30001, 30022, 63018))
_OPTED_OUT: Final = frozenset((21610,))
#: The account, the key or the sender number is wrong: nothing at all gets out.
_CREDENTIALS: Final = frozenset(
    (20003, 20005, 20006, 20008, 20404, 21212, 21603, 21606, 21659, 21660, 21701, 21703, 30002)
)
#: Answers of something that is not our account at Twilio: refused, not there, or elsewhere.
_NOT_OURS: Final = frozenset((301, 302, 303, 307, 308, 401, 403, 404))
#: Path of a file that came with a message.
_MEDIA: Final = re.compile(r"/2010-04-01/Accounts/AC\w{32}/Messages/\w{34}/Media/\w{34}", re.ASCII)


class TwilioGateway:
    """One Twilio account with one number or messaging service.

    Args:
        account_sid: `AC...`.
        auth_token: also the key of the signatures.
        sender: the number in E.164 form (`+31...`), or a messaging service (`MG...`).
        api_url: where the REST API is.
    """

    name = "twilio"

    def __init__(
        self, account_sid: str, auth_token: str, sender: str, api_url: str = API_URL
    ) -> None:
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._sender = sender
        # A messaging service or a sender's name cannot be written to.
        self.number = sender if sender.removeprefix("+").isdecimal() else ""
        #: Whether it sends by RCS where a customer's phone can: only a messaging service does.
        self.sends_rcs = _is_service(sender)
        self._api_url = api_url
        self._validator = RequestValidator(auth_token)

    def genuine(self, url: str, fields: Fields, signature: str) -> bool:
        """Whether Twilio itself signed this request.

        Args:
            url: the address that Twilio called, as it knows it, query string included.
            fields: all fields of the body, blank ones too.
            signature: header `X-Twilio-Signature`.
        """
        try:
            return bool(self._validator.validate(url, fields, signature))
        except ValueError:  # an address that is none
            return False

    def client(self, public_url: str, timeout: float) -> TwilioClient:
        """See `channels.sms.gateway.Gateway`."""
        return TwilioClient(self._rest(timeout), self._account_sid, self._sender, public_url)

    async def fetch(self, reference: str, limit: int) -> bytes:
        """Fetches a file of an MMS; see `channels.protocol.FileSource`.

        Twilio leads on to another host, which does not get the account's token:
        https://www.twilio.com/docs/messaging/api/media-resource
        """
        path = urlsplit(reference).path
        if not _MEDIA.fullmatch(path):
            raise FileGone("This is no address of a file at Twilio.")
        url, account = f"{self._api_url.rstrip('/')}{path}", (self._account_sid, self._auth_token)
        return await download(url, limit, home=self._api_url, auth=account)

    def checks(self, public_url: str, timeout: float) -> Sequence[Check]:
        """Asks Twilio about the account, the number, and where it delivers."""
        rest = self._rest(timeout)
        try:
            account = rest.api.accounts(self._account_sid).fetch()
            working = account.status == "active"
            checks = [
                Check(
                    "twilio account",
                    working,
                    "Twilio accepts the account and its token."
                    if working
                    else f"The account is {account.status}. Open console.twilio.com and mend that.",
                )
            ]
            if working and self._sender.startswith("+"):
                checks.append(self._number(rest, public_url))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the check found
            return [Check("twilio account", ok=False, sentence=_advice(refusal(error)))]
        return checks

    def _number(self, rest: Client, public_url: str) -> Check:
        wanted = f"{public_url}{PATH}"
        found = rest.incoming_phone_numbers.list(phone_number=self._sender, limit=1)
        if not found:
            sentence = "TWILIO_FROM is no number of this account. Take one that is."
            return Check("twilio number", ok=False, sentence=sentence)
        if (found[0].sms_url or "").split("#")[0] != wanted:
            return Check(
                "twilio webhook",
                ok=False,
                sentence="Twilio delivers messages elsewhere. In console.twilio.com, at Phone"
                f" Numbers, set 'A message comes in' of this number to {wanted} (HTTP POST).",
            )
        return Check("twilio webhook", ok=True, sentence=f"Twilio delivers messages to {wanted}.")

    def _rest(self, timeout: float) -> Client:
        from twilio.rest import Client  # noqa: PLC0415 - takes a while, and the preview needs none

        http = TwilioHttp(self._api_url, timeout)
        return Client(self._account_sid, self._auth_token, http_client=http)


class TwilioClient:
    """Sends through one account.

    Args:
        rest: Twilio's client.
        account_sid: the account.
        sender: number, name or messaging service.
        public_url: where status callbacks go; empty for none.
    """

    #: A message shows in the list within seconds; a request that hung may still become one.
    settling = Settling(receipt=30.0, absent=60.0)

    def __init__(self, rest: Client, account_sid: str, sender: str, public_url: str) -> None:
        self._rest = rest
        self._account_sid = account_sid
        self._public_url = public_url.rstrip("/")
        self._from = {"messaging_service_sid" if _is_service(sender) else "from_": sender}

    def send(self, sms: Message) -> str:
        """Creates a message; returns its sid."""
        given: dict[str, str] = {"to": sms.number, "body": sms.text, **self._from}
        if self._public_url:
            given["status_callback"] = f"{self._public_url}{STATUS_PATH}?key={quote(sms.key)}"
        try:
            sid = self._rest.messages.create(**given).sid
        except Exception as error:
            raise refusal(error) from error
        if not sid:
            raise Ambiguous("no_sid")
        return str(sid)

    def probe(self) -> None:
        """Asks about the account; see `channels.sms.gateway.Client`."""
        try:
            self._rest.api.accounts(self._account_sid).fetch()
        except Exception as error:
            raise refusal(error) from error

    def find(self, number: str, text: str, search: Search) -> Taken | Absent | StillInDoubt:
        """Looks through the account's messages to this number; see `twilio_list`."""
        try:
            listed = twilio_list.messages(self._rest, self._account_sid, number)
        except Exception as error:
            raise refusal(error) from error
        return twilio_list.match(listed, text, search)

    def told_later(self, code: str) -> SendError:
        """See `channels.sms.gateway.Client`.

        Where Twilio does not know why a carrier did not deliver (30003, 30008, 30410), the customer
        may have the message, and each one costs: those are not sent again.
        """
        known = _meant(int(code)) if code.isascii() and code.isdecimal() else None
        return known or Undeliverable(code)

    def close(self) -> None:
        """See `channels.sms.gateway.Client`."""
        self._rest.http_client.close()


def refusal(error: Exception) -> SendError:
    """Turns an exception of Twilio's library into what it means for the message."""
    if isinstance(error, SendError):
        return error
    if isinstance(error, TwilioRestException):
        code = error.code if isinstance(error.code, int) else error.status
        if (known := _meant(code)) is not None:
            return known
        return (BadCredentials if error.status in _NOT_OURS else Undeliverable)(str(code))
    if isinstance(error, json.JSONDecodeError | TwilioException | AttributeError | TypeError):
        # It said yes, in words that are not Twilio's.
        return Ambiguous("unreadable")
    return Ambiguous(type(error).__name__)


def _is_service(sender: str) -> bool:
    return sender.startswith("MG") and len(sender) == 34


def _meant(code: int) -> SendError | None:
    """The error that a code of Twilio's stands for; None: it is about the one message alone."""
    if code in _OPTED_OUT:
        return OptedOut(str(code))
    if code in _THROTTLED:
        return Throttled(None, str(code), everyone=True)
    return BadCredentials(str(code)) if code in _CREDENTIALS else None


def _advice(error: SendError) -> str:
    match error:
        case BadCredentials():
            return (
                "Twilio refuses the account or its token: check TWILIO_ACCOUNT_SID and"
                " TWILIO_AUTH_TOKEN."
            )
        case Unavailable():
            return "Twilio cannot be reached: check TWILIO_API_URL and the network."
        case _:
            return f"Twilio gave no usable answer ({error.code}): check TWILIO_API_URL."

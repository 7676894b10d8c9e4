"""Sessions of the web chat: signed tokens that name a customer's address.

The server keeps nothing: a token holds a random address and the moment of issue, signed with the
installation's secret. The holder of a token is that customer; nobody can make one.

A ticket beside it can only wipe that customer's conversation: a browser that forgets the token
keeps the ticket until the server has heard of it.

A customer whom the website logged in has the same address on every device, made of the website's
name for the customer. Only who shows the website's own token gets a session for it, for hours, and
the browser keeps it no longer than its page.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from bot.catalogue import say
from bot.errors import Rejected
from bot.records.site_customer import SiteCustomer
from bot.signing_key import keyed_hash

#: How long a token is accepted after it was issued.
LIFETIME: Final = timedelta(days=30)
#: A token older than this is replaced by a fresh one for the same address.
RENEW_AFTER: Final = LIFETIME / 2
#: The same of a customer whom the website logged in; the next page of the website brings another.
CUSTOMER_LIFETIME: Final = timedelta(hours=12)
#: How far a token's moment of issue may lie ahead: clocks of several machines differ a little.
CLOCK_SKEW: Final = timedelta(minutes=5)

#: Longer strings are no token of ours and are not looked at.
_MAX_TOKEN = 6144
_ADDRESS = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Session:
    """A customer of the web chat.

    Attributes:
        address: 32 random hexadecimal digits; the customer's address within the channel.
        issued_at: when the token was issued (aware, UTC, whole seconds).
        customer: whom the website logged in; None: nobody knows who it is.
    """

    address: str
    issued_at: datetime
    customer: SiteCustomer | None = None

    @property
    def storage_key(self) -> str:
        """A short id under which a browser keeps its things; says nothing about the address."""
        return hashlib.sha256(f"webchat-storage:{self.address}".encode()).hexdigest()[:12]


class Sessions:
    """Issues and reads tokens.

    Args:
        secret: the installation's secret; a token signed with another one is refused.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._serializer = _signer(secret, "loket.webchat.session")
        self._tickets = _signer(secret, "loket.webchat.wipe")

    def start(self, now: datetime) -> Session:
        """A session for a new customer. `now` is aware."""
        return Session(secrets.token_hex(16), _whole_seconds(now))

    def of(self, customer: SiteCustomer, now: datetime) -> Session:
        """A session for a customer of the website: the same address wherever the customer is.

        Args:
            customer: as the website's own token says (`bot.records.site_customer`).
            now: the present (aware).
        """
        address = keyed_hash(self._secret, "site-customer", customer.id)[:32]
        return Session(address, _whole_seconds(now), customer)

    def token(self, session: Session) -> str:
        """The signed token of a session: URL-safe ASCII."""
        value: list[object] = [session.address, int(session.issued_at.timestamp())]
        if session.customer is not None:
            value.append(asdict(session.customer))
        return str(self._serializer.dumps(value))

    def ticket(self, session: Session) -> str:
        """What wipes the conversation of a session, and opens nothing; the same each time."""
        return str(self._tickets.dumps(session.address))

    def read_ticket(self, ticket: object) -> str:
        """The address of a ticket.

        Raises:
            Rejected: 400, it is none of ours.
        """
        if isinstance(ticket, str) and len(ticket) <= _MAX_TOKEN and ticket.isascii():
            with contextlib.suppress(BadData):
                return str(self._tickets.loads(ticket))
        raise Rejected(say("webchat.refused.session"), 400)

    def read(self, token: str, now: datetime) -> Session:
        """The session of a token.

        Raises:
            Rejected: 401, when the token is missing, forged, damaged or expired.
        """
        if not token or len(token) > _MAX_TOKEN or not token.isascii():
            raise Rejected(say("webchat.refused.expired"), 401)
        try:
            value = self._serializer.loads(token)
        except BadData as error:
            raise Rejected(say("webchat.refused.expired"), 401) from error
        match value:
            case [str(address), int(issued)] if _ADDRESS.fullmatch(address):
                session = Session(address, datetime.fromtimestamp(issued, UTC))
            case [str(address), int(issued), dict(held)] if _ADDRESS.fullmatch(address):
                held["proved"] = {slot: tuple(each) for slot, each in held["proved"].items()}
                whose = SiteCustomer(**held)
                session = Session(address, datetime.fromtimestamp(issued, UTC), whose)
            case _:
                raise Rejected(say("webchat.refused.expired"), 401)
        lifetime = LIFETIME if session.customer is None else CUSTOMER_LIFETIME
        if not now - lifetime < session.issued_at <= now + CLOCK_SKEW:
            raise Rejected(say("webchat.refused.expired"), 401)
        return session

    def renew(self, session: Session, now: datetime) -> Session:
        """The same customer with a fresh moment of issue once the session is half its life old.

        Raises:
            Rejected: 401, for a customer of the website: only the website renews that.
        """
        if session.customer is not None:
            raise Rejected(say("webchat.refused.expired"), 401)
        if now - session.issued_at < RENEW_AFTER:
            return session
        return Session(session.address, _whole_seconds(now))


def _signer(secret: str, purpose: str) -> URLSafeSerializer:
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(secret, salt=purpose, signer_kwargs=how)


def _whole_seconds(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(microsecond=0)

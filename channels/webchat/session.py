"""Sessions of the web chat: signed tokens that name a customer's address.

The server keeps nothing: a token holds a random address and the moment of issue, signed with the
installation's secret. The holder of a token is that customer; nobody can make one.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from bot.catalogue import say
from bot.errors import Rejected

#: How long a token is accepted after it was issued.
LIFETIME: Final = timedelta(days=30)
#: A token older than this is replaced by a fresh one for the same address.
RENEW_AFTER: Final = LIFETIME / 2
#: How far a token's moment of issue may lie ahead: clocks of several machines differ a little.
CLOCK_SKEW: Final = timedelta(minutes=5)

#: Longer strings are no token of ours and are not looked at.
_MAX_TOKEN = 512
_ADDRESS = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Session:
    """A customer of the web chat.

    Attributes:
        address: 32 random hexadecimal digits; the customer's address within the channel.
        issued_at: when the token was issued (aware, UTC, whole seconds).
    """

    address: str
    issued_at: datetime

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
        self._serializer = URLSafeSerializer(
            secret,
            salt="loket.webchat.session",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def start(self, now: datetime) -> Session:
        """A session for a new customer. `now` is aware."""
        return Session(secrets.token_hex(16), _whole_seconds(now))

    def token(self, session: Session) -> str:
        """The signed token of a session: URL-safe ASCII."""
        value = [session.address, int(session.issued_at.timestamp())]
        return str(self._serializer.dumps(value))

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
            case _:
                raise Rejected(say("webchat.refused.expired"), 401)
        if not now - LIFETIME < session.issued_at <= now + CLOCK_SKEW:
            raise Rejected(say("webchat.refused.expired"), 401)
        return session

    def renew(self, session: Session, now: datetime) -> Session:
        """The same customer with a fresh moment of issue once the session is half its life old."""
        if now - session.issued_at < RENEW_AFTER:
            return session
        return Session(session.address, _whole_seconds(now))


def _whole_seconds(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(microsecond=0)

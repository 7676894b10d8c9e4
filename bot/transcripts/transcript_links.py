"""Links to a customer's transcript: signed, expiring, and short enough for a text message.

Whoever holds a link reads that conversation until the link expires; nobody can make one. The server
keeps nothing of it. The token is 30 letters and digits: a text message's link detection stops at a
trailing `-` or `_`, so base64 will not do.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import string
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from itsdangerous import Signer

from bot.catalogue import say
from bot.errors import Rejected
from bot.settings import Settings

#: Path of the pages, before the token.
PREFIX: Final = "/gesprek"
#: Digits of the conversation's id in a token: 72 of its 128 random bits, enough to be one of a kind
#: (should two ever share them, the link opens neither).
_ID_DIGITS: Final = 18
#: Bytes of the hour at which a link expires, and of the signature: 80 bits is the least that
#: RFC 2104 (section 5) recommends for a truncated HMAC.
_HOUR_BYTES: Final = 3
_MAC_BYTES: Final = 10
_BODY_BYTES: Final = _ID_DIGITS // 2 + _HOUR_BYTES
_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_LENGTH: Final = math.ceil((_BODY_BYTES + _MAC_BYTES) * 8 / math.log2(len(_ALPHABET)))
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TranscriptLinks:
    """Makes and reads links of one installation.

    Attributes:
        secret: the installation's signing key.
        public_url: its address, without a path.
        lasts: how long a link is good; rounded up to a whole hour.
    """

    secret: str
    public_url: str
    lasts: timedelta

    @classmethod
    def of(cls, settings: Settings) -> TranscriptLinks:
        """The links of an installation."""
        return cls(settings.secret, settings.public_url, timedelta(days=settings.transcript_days))

    def make(self, conversation_id: str, now: datetime) -> str:
        """The address of a conversation's transcript, good from now on.

        Args:
            conversation_id: 32 hex digits, as every conversation has.
            now: the present, aware.
        """
        ends = math.ceil((now + self.lasts).timestamp() / _HOUR.total_seconds())
        body = bytes.fromhex(conversation_id[:_ID_DIGITS]) + ends.to_bytes(_HOUR_BYTES, "big")
        return f"{self.public_url}{PREFIX}/{_letters(body + self._mac(body))}"

    def read(self, token: str, now: datetime) -> str:
        """The first digits of the id of the conversation that a token opens.

        Args:
            token: the last part of a link's path.
            now: the present, aware.

        Raises:
            Rejected: 404 for what is no token of ours, 410 for one that has expired. The message
                is a Dutch sentence and does not hold the token.
        """
        body, mac = _parts(token)
        if not hmac.compare_digest(mac, self._mac(body)):
            raise Rejected(say("transcript.refused.forged"), 404)
        if now.timestamp() >= self._ends(body).timestamp():
            raise Rejected(say("transcript.refused.expired"), 410)
        return body[: _ID_DIGITS // 2].hex()

    def expires(self, token: str) -> datetime:
        """The moment when a token expires (UTC). Give it one that `read` accepted.

        Raises:
            Rejected: 404, it has not the form of a token.
        """
        return self._ends(_parts(token)[0])

    def _mac(self, body: bytes) -> bytes:
        signer = Signer(
            self.secret,
            salt="loket.transcript",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )
        return hmac.digest(signer.derive_key(), body, hashlib.sha256)[:_MAC_BYTES]

    @staticmethod
    def _ends(body: bytes) -> datetime:
        hours = int.from_bytes(body[_ID_DIGITS // 2 :], "big")
        return datetime.fromtimestamp(0, UTC) + hours * _HOUR


def _letters(data: bytes) -> str:
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits.rjust(_LENGTH, _ALPHABET[0])


def _parts(token: str) -> tuple[bytes, bytes]:
    """The body and the signature of a token.

    Raises:
        Rejected: 404.
    """
    number = 0
    if len(token) != _LENGTH:
        raise Rejected(say("transcript.refused.forged"), 404)
    for letter in token:
        digit = _ALPHABET.find(letter)
        if digit < 0:
            raise Rejected(say("transcript.refused.forged"), 404)
        number = number * len(_ALPHABET) + digit
    if number >= 1 << (_BODY_BYTES + _MAC_BYTES) * 8:
        raise Rejected(say("transcript.refused.forged"), 404)
    data = number.to_bytes(_BODY_BYTES + _MAC_BYTES, "big")
    return data[:_BODY_BYTES], data[_BODY_BYTES:]

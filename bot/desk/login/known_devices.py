"""The devices on which somebody logged in before, in a signed cookie. Pure.

Who guesses at a log-in name may make its owner wait on a new device, never on one of the owner's
own. https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

from bot.signing_key import keyed_hash

#: How long a device is known after a log-in on it.
LASTS: Final = timedelta(days=180)
#: Log-in names that one device is known for: colleagues share a computer.
_MOST: Final = 8


def login_key(secret: str, login: str, password_hash: str | None) -> str:
    """The keyed hash of a log-in name and its present password; also of a name that is nobody's."""
    name = login.strip().lower().encode(errors="replace").decode()
    return keyed_hash(secret, "desk.login", name, password_hash or "")


class KnownDevices:
    """Reads and writes the cookie's value.

    Args:
        secret: the installation's; signs the cookie.
    """

    def __init__(self, secret: str) -> None:
        self._cookies = URLSafeTimedSerializer(
            secret,
            salt="loket.desk.device",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def device(self, cookie: str, key: str) -> str | None:
        """The id of this device, if the owner of a log-in name logged in on it.

        Args:
            cookie: as the browser sent it, or empty.
            key: from `login_key`; after another password no device is known.
        """
        return self._known(cookie).get(key)

    def remembered(self, cookie: str, key: str) -> str:
        """The cookie's next value, with this log-in name as the newest."""
        known = self._known(cookie)
        mine = known.pop(key, None) or secrets.token_urlsafe(16)
        return str(self._cookies.dumps(dict([*known.items(), (key, mine)][-_MOST:])))

    def _known(self, cookie: str) -> dict[str, str]:
        try:
            held = self._cookies.loads(cookie, max_age=int(LASTS.total_seconds()))
        except BadData:
            return {}
        return {str(key): str(value) for key, value in held.items()}

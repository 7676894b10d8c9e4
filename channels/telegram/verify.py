"""Verifies that a request comes from Telegram, by the secret given when the webhook was set.

https://core.telegram.org/bots/api#setwebhook
"""

from __future__ import annotations

import hmac
import re
from typing import Final

#: Name of the header, in small letters.
HEADER: Final = "x-telegram-bot-api-secret-token"
#: The characters and length that Telegram allows in a secret.
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


def genuine(given: str | None, secret: str) -> bool:
    """Whether the header's value is the secret; takes equally long wherever they differ.

    Args:
        given: the header's value, or None when there is none.
        secret: the configured secret.
    """
    # As bytes: compare_digest refuses strings beyond ASCII, which anybody may send.
    return hmac.compare_digest((given or "").encode("utf-8", "replace"), secret.encode("utf-8"))

"""What the errors of python-telegram-bot mean for a message that was being sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from channels import http_client
from channels.errors import (
    Ambiguous,
    BadCredentials,
    OptedOut,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
)

#: The topic in which a customer wrote is no more.
NO_TOPIC: Final = "no_topic"
#: A file that the Bot API gives out to nobody, and one that it may give out later.
TOO_BIG: Final = "file_too_big"
_LATER: Final = "file_unavailable"
#: Our words for what Telegram says, so that `loket outbox` tells a person more than a number.
_WORDS: Final = {
    "chat not found": "chat_not_found",
    "blocked by the user": "blocked",
    "user is deactivated": "account_deleted",
    "can't initiate conversation": "never_started",
    "message is too long": "too_long",
    "button_data_invalid": "bad_button",
    "message thread not found": NO_TOPIC,
    "topic_deleted": NO_TOPIC,
    "topic_closed": NO_TOPIC,
    "file is too big": TOO_BIG,
    "temporarily unavailable": _LATER,
}


def judge(error: TelegramError, *, written: bool, status: int) -> SendError:
    """Turns an error of the library into what it means for a message that was being sent.

    Args:
        error: the error.
        written: whether the request went out whole.
        status: the answer's HTTP status; 0: none came.
    """
    words = str(error).lower()  # the library changes the case of the first letter
    code = next((ours for theirs, ours in _WORDS.items() if theirs in words), "")
    match error:
        case RetryAfter():
            after = error.retry_after
            seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
            return Throttled(seconds, "429")
        case InvalidToken():
            return BadCredentials("401")
        case Forbidden():
            return OptedOut(code) if code == "blocked" else Undeliverable(code or "403")
        case BadRequest() if code == _LATER:
            return Unavailable(code)
        case BadRequest() | ChatMigrated():
            return Undeliverable(code or "400")
        case NetworkError() if "too many requests" in words:
            return Throttled(None, "429")
        case NetworkError():
            return _unanswered(error, written=written, status=status)
    return Ambiguous("unreadable_answer")


def _unanswered(error: NetworkError, *, written: bool, status: int) -> SendError:
    cause = error.__cause__
    if not written:
        return Unavailable("unreachable")
    if isinstance(cause, httpx.HTTPError):
        return Ambiguous("timeout" if isinstance(cause, httpx.TimeoutException) else "broken_off")
    # An answer came, and it was no success: 5xx, or the page of something in between.
    return http_client.refused(status) if status >= 500 else Unavailable(str(status))

"""Looks up in Twilio's list of messages whether it took a message that is in doubt.

The list cannot be asked for our own id, so a message is known by its number, its words and its
time. The filter by date is not used: Twilio leaves out what it took and has not sent yet.

Source: https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from channels.errors import Ambiguous, BadCredentials, Unavailable
from channels.send_results import Absent, Search, StillInDoubt, Taken
from channels.sms.parse import twilio_status

if TYPE_CHECKING:
    from twilio.rest import Client

_HOST: Final = "https://api.twilio.com"
#: Messages on a page; Twilio allows 1000, but an answer is read into memory whole.
_PAGE: Final = 100
#: Pages that are read for one number: more than a customer ever got. Beyond, nothing is certain.
_PAGES: Final = 20
#: Twilio's times are whole seconds.
_ROUNDING: Final = timedelta(seconds=2)
#: What Twilio puts before every text of a trial account.
_TRIAL: Final = "Sent from your Twilio trial account - "


@dataclass(frozen=True, slots=True)
class Listed:
    """The messages to a number, as Twilio lists them.

    Attributes:
        messages: as in its JSON, those from customers too.
        ahead: by how much its clock is ahead of ours.
        whole: whether that is all of them.
    """

    messages: tuple[Mapping[str, Any], ...]
    ahead: timedelta
    whole: bool


def messages(rest: Client, account_sid: str, number: str) -> Listed:
    """All messages of an account to a number. Blocks.

    Raises:
        SendError: Twilio did not answer, or not usefully.
    """
    found: list[Mapping[str, Any]] = []
    ahead = timedelta()
    path: str | None = f"/2010-04-01/Accounts/{account_sid}/Messages.json"
    params: dict[str, object] | None = {"To": number, "PageSize": _PAGE}
    for _ in range(_PAGES):
        answer = rest.request("GET", f"{_HOST}{path}", params=params)
        if answer.status_code in (401, 403):
            raise BadCredentials(str(answer.status_code))
        if answer.status_code != 200:
            raise Unavailable(str(answer.status_code))
        page = json.loads(answer.text)
        ahead = _ahead(answer.headers)
        found += page["messages"]
        path, params = page["next_page_uri"], None
        if not path:
            return Listed(tuple(found), ahead, whole=True)
        if not path.startswith("/"):
            raise Ambiguous("unreadable")
    return Listed(tuple(found), ahead, whole=False)


def match(listed: Listed, text: str, search: Search) -> Taken | Absent | StillInDoubt:
    """Finds out from the list what became of a message in doubt. Pure.

    Args:
        listed: the messages to the customer's number.
        text: the words that were sent.
        search: the message, and what else is known of the customer's messages.

    Returns:
        `Taken` when every message in doubt with these words is there, `Absent` when none is, and
        `StillInDoubt` when they cannot be told apart.
    """
    since = search.since + listed.ahead - _ROUNDING
    candidates = [each for each in listed.messages if _may_be(each, since, search.known)]
    same = [each for each in candidates if _words(each) in (_plain(text), _plain(_TRIAL + text))]
    # Twilio can be told to forget words: then any message may be this one.
    hidden = [each for each in candidates if not _words(each).strip("*xX ")]
    if len(same) > search.twins:
        return _taken(min(same, key=_created))
    if same or hidden or not listed.whole:
        return StillInDoubt()
    return Absent()


def _may_be(message: Mapping[str, Any], since: datetime, known: Iterable[str]) -> bool:
    return (
        str(message.get("direction") or "").startswith("outbound")
        and str(message.get("sid")) not in known
        and _created(message) >= since
    )


def _words(message: Mapping[str, Any]) -> str:
    return _plain(str(message.get("body") or ""))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _created(message: Mapping[str, Any]) -> datetime:
    at = parsedate_to_datetime(str(message["date_created"]))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _taken(message: Mapping[str, Any]) -> Taken:
    code = message.get("error_code")
    status, error = twilio_status(str(message["status"]), "" if code is None else str(code))
    return Taken(str(message["sid"]), status, error)


def _ahead(headers: Mapping[str, str]) -> timedelta:
    try:
        return parsedate_to_datetime(headers["Date"]) - datetime.now(UTC)
    except (KeyError, TypeError, ValueError):
        return timedelta()

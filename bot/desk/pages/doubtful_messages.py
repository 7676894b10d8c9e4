"""The supervisors' page of messages in doubt, which may have arrived, and its acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import structlog
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import group, say
from bot.channel_profiles import ChannelProfile, ChannelProfiles
from bot.desk import dutch_labels
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.login.auth import PREFIX, Access
from bot.desk.login.sign_in import field
from bot.desk.pages import responses
from bot.desk.pages.conversation_view import plain
from bot.errors import Rejected
from bot.store.conversation import conversations
from bot.store.delivery import dead_letter_decisions, dead_letters, doubtful_deliveries
from bot.store.delivery.dead_letter_decisions import Resent
from bot.store.delivery.dead_letters import DeadLetter
from bot.store.delivery.doubtful_deliveries import UnclearCount
from bot.store.notify.notifier import Notifier

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)

PATH: Final = f"{PREFIX}/onzeker"
#: Most messages on the page.
MOST: Final = 100
#: Most characters of a message that are shown.
_SHOWN: Final = 160
#: The name of an act in the address that it leads to.
_DONE: Final[Mapping[str, str]] = {
    "opnieuw": "resent",
    "aangekomen": "arrived",
    "laat": "dismissed",
    "overgeslagen": "skipped",
}
_FORM: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class DoubtfulRow:
    """A message in doubt as the page shows it.

    Attributes:
        id: its row.
        talk: the conversation's address on the desk.
        customer: the customer's name at the desk.
        channel: the channel's name.
        by: the message's author.
        text: what it says, cut short.
        since: since when it is in doubt (ISO 8601, UTC).
        moment: the same in words.
        why: what happened.
    """

    id: int
    talk: str
    customer: str
    channel: str
    by: str
    text: str
    since: str
    moment: str
    why: str


@dataclass(frozen=True, slots=True)
class Outage:
    """A channel whose messages are in doubt, for the form about all of them.

    Attributes:
        channel: its name as the form sends it.
        name: its name as people know it.
        count: how many messages are in doubt.
    """

    channel: str
    name: str
    count: int


class DoubtfulMessagePages:
    """Shows the page and does what it offers.

    Args:
        access: store and time.
        desk: the desk's rules and organisation.
        notifier: wakes the delivery.
    """

    def __init__(self, access: Access, desk: DeskContext, notifier: Notifier) -> None:
        self._access = access
        self._zone = desk.organisation.timezone
        self._profiles = desk.profiles
        self._notifier = notifier

    async def unsure(self, request: Request) -> HTTPResponse:
        """The page of messages in doubt."""
        return await self._page(request, said=_said(request))

    async def decide(self, request: Request, number: str, what: str) -> HTTPResponse:
        """Does something about one message: `opnieuw`, `aangekomen` or `laat`."""
        now = self._access.now()
        acts = {
            "opnieuw": dead_letter_decisions.resend,
            "aangekomen": dead_letter_decisions.arrived,
            "laat": dead_letter_decisions.dismiss,
        }
        act = acts.get(what)
        if act is None:
            raise Rejected(say("desk_unsure.impossible"), 404)
        settled = await self._access.database.run(_one, act, int(number), now)
        if settled:
            self._note(request, settled, what)
        return responses.redirect(f"{PATH}?{urlencode({what: len(settled)})}")

    async def outage(self, request: Request) -> HTTPResponse:
        """Sends a whole outage's messages again."""
        channel = field(request, "channel")
        since, until = (_moment(field(request, name), self._zone) for name in ("since", "until"))
        if since is None or until is None or until < since:
            problem = say("desk_unsure.no_period")
            return await self._page(request, 422, problem=problem)
        # The form has whole minutes: the last one counts.
        until += timedelta(minutes=1)
        now = self._access.now()
        resend = dead_letter_decisions.resend_outage
        resent: Resent = await self._access.database.run(resend, channel, since, until, now)
        self._note(request, resent.queued, "opnieuw")
        told = {"opnieuw": len(resent.queued), "overgeslagen": len(resent.skipped)}
        return responses.redirect(f"{PATH}?{urlencode(told)}")

    def _note(self, request: Request, ids: Sequence[int], what: str) -> None:
        by = request.ctx.agent.id
        log.info("unsure_decided", by=by, what=what, count=len(ids), deliveries=list(ids[:MOST]))
        self._notifier.ring("outbox")

    async def _page(
        self, request: Request, status: int = 200, *, problem: str = "", said: str = ""
    ) -> HTTPResponse:
        now = self._access.now()
        found, unclear = await self._access.database.query(_read, self._profiles, now, self._zone)
        since = min((each.since for each in unclear.values()), default=now)
        values: dict[str, object] = {
            "rows": found,
            "total": sum(each.count for each in unclear.values()),
            "outages": _outages(unclear, self._profiles),
            "since": field(request, "since") or since.astimezone(self._zone).strftime(_FORM),
            "until": field(request, "until") or now.astimezone(self._zone).strftime(_FORM),
        }
        return responses.page(request, "unsure.html", status, problem=problem, said=said, **values)


def _one(conn: Connection, act: Any, number: int, now: datetime) -> tuple[int, ...]:
    """Does something about a message, unless somebody else, or a receipt, was first."""
    settled: tuple[int, ...] = ()
    if dead_letters.is_unsure(conn, number):
        settled = act(conn, [number], now)
    return settled


def _read(
    conn: Connection, profiles: ChannelProfiles, now: datetime, zone: ZoneInfo
) -> tuple[tuple[DoubtfulRow, ...], Mapping[str, UnclearCount]]:
    found = dead_letters.unsure(conn, MOST)
    rows = tuple(_row(conn, each, profiles[each.channel], now, zone) for each in found)
    return rows, doubtful_deliveries.unclear(conn)


def _row(
    conn: Connection, item: DeadLetter, channel: ChannelProfile, now: datetime, zone: ZoneInfo
) -> DoubtfulRow:
    assert item.unsure_since is not None
    conversation = conversations.get(conn, item.conversation_id)
    text = " ".join(plain(item.message).split())
    return DoubtfulRow(
        id=item.id,
        talk=f"{PREFIX}/c/{item.conversation_id}",
        customer=dutch_labels.customer(channel, conversation.address),
        channel=channel.label,
        by=group("desk_unsure.name").get(item.author, ""),
        text=text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…",
        since=item.unsure_since.isoformat(),
        moment=dutch_labels.moment(item.unsure_since, now, zone),
        why=dutch_labels.doubt(item.error),
    )


def _outages(unclear: Mapping[str, UnclearCount], profiles: ChannelProfiles) -> tuple[Outage, ...]:
    return tuple(
        Outage(name, profiles[name].label, each.count) for name, each in sorted(unclear.items())
    )


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.strptime(text, _FORM).replace(tzinfo=zone)
    except ValueError:
        return None


def _said(request: Request) -> str:
    """The words for what was done just now, from the address that the act led to."""
    sentences = []
    for name, what in _DONE.items():
        given = request.args.get(name) or ""
        if not given.isdecimal() or len(given) > 6:
            continue
        count = int(given)
        if count:
            sentences.append(_done(what, count))
        elif what != "skipped":
            sentences.append(say("desk_unsure.nothing_changed"))
    return " ".join(sentences)


def _done(what: str, count: int) -> str:
    if what in ("arrived", "dismissed"):
        return say(f"desk_unsure.{what}")
    if count == 1:
        return say(f"desk_unsure.{what}_one")
    return say(f"desk_unsure.{what}_many", count=count)

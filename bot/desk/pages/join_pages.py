"""The page on which an agent joins another conversation of the same customer, and its acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.desk import dutch_labels
from bot.desk.conversations import joins, proven_identity, work_lists
from bot.desk.conversations.conversation_finder import ConversationFinder, SearchQuery
from bot.desk.conversations.service import Service
from bot.desk.login.auth import PREFIX, Access
from bot.desk.login.sign_in import field
from bot.desk.pages import responses, search_rows
from bot.desk.pages.search_rows import ResultRow
from bot.store.conversation import conversations, customer_links
from bot.store.desk import last_messages
from bot.store.desk.agents import Agent
from bot.store.handover import callbacks, handovers
from bot.store.notify.notifier import Notifier

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Most conversations to choose from; who needs more asks more precisely.
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conversation that may be of the same customer.

    Attributes:
        row: as it is found.
        proved: the numbers that the customer proved in both, or empty.
    """

    row: ResultRow
    proved: str


@dataclass(frozen=True, slots=True)
class JoinChoice:
    """What may be joined to a conversation.

    Attributes:
        id: the conversation's.
        who: the customer's name at the desk.
        asked: what was looked for.
        found: what it gave.
    """

    id: str
    who: str
    asked: str
    found: tuple[Candidate, ...]


class JoinPages:
    """Makes the page, and handles the requests for its acts.

    Args:
        access: store and time.
        service: the desk's rules.
        notifier: wakes open pages after an act.
    """

    def __init__(self, access: Access, service: Service, notifier: Notifier) -> None:
        self._access = access
        self._joins = service.joins
        self._desk = service.desk
        self._finder = ConversationFinder(service.desk.visibility, service.desk.profiles)
        self._notifier = notifier

    async def choose(self, request: Request, talk_id: str) -> HTTPResponse:
        """The page: looks for the customer's number or name until `?q=` asks for something else."""
        asked, now = request.args.get("q"), self._access.now()
        found = await self._access.database.query(
            self._choice, talk_id, asked, request.ctx.agent, now
        )
        return responses.page(request, "join.html", choice=found, most=joins.MAX_STATED)

    async def join(self, request: Request, talk_id: str) -> HTTPResponse:
        """Joins the conversation in the field `other`; `stated` says how the agent knows."""
        other, stated = field(request, "other"), field(request, "stated")
        agent, now = request.ctx.agent, self._access.now()

        def act(conn: Connection) -> None:
            self._joins.join(conn, talk_id, agent, other, stated, now)

        return await self._done(request, act, talk_id, talk_id, other)

    async def split(self, request: Request, talk_id: str) -> HTTPResponse:
        """Undoes the join of the field `link`."""
        given, agent, now = field(request, "link"), request.ctx.agent, self._access.now()
        link = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0

        def act(conn: Connection) -> None:
            self._joins.split(conn, talk_id, agent, link, now)

        return await self._done(request, act, talk_id, talk_id)

    async def answer_at(self, request: Request, talk_id: str) -> HTTPResponse:
        """Goes on in the customer's conversation in the field `other`."""
        other, agent, now = field(request, "other"), request.ctx.agent, self._access.now()

        def act(conn: Connection) -> None:
            self._joins.answer_at(conn, talk_id, agent, other, now)

        return await self._done(request, act, other, talk_id, other)

    async def _done(
        self, request: Request, act: Callable[[Connection], None], to: str, *rung: str
    ) -> HTTPResponse:
        await self._access.database.run(act)
        for each in rung:
            self._notifier.ring("outbox", each)
        # As chosen; a page that is open already comes anew, for it has what was joined or split.
        return responses.done(request, f"{PREFIX}/c/{to}?hier=1")

    def _choice(
        self, conn: Connection, talk_id: str, asked: str | None, agent: Agent, now: datetime
    ) -> JoinChoice:
        self._desk.visibility.check_sees(conn, agent, talk_id)
        question = self._known(conn, talk_id) if asked is None else asked
        group = customer_links.group(conn, talk_id)
        found = self._finder.find(conn, SearchQuery(question), agent, now)
        fit = [each for each in found.shown if each.conversation.id not in group][:_MOST]
        rows = search_rows.rows(conn, self._desk, fit, question, now)
        return JoinChoice(
            id=talk_id,
            who=self._who(conn, talk_id),
            asked=question,
            found=tuple(
                Candidate(row, ", ".join(proven_identity.shared(conn, talk_id, row.id)))
                for row in rows
                if not row.joined
            ),
        )

    def _known(self, conn: Connection, talk_id: str) -> str:
        """What the customer is most surely found by: a number, how to reach them, a name."""
        talk, asked = conversations.get(conn, talk_id), callbacks.of(conn, talk_id)
        contact = asked[-1].contact if asked else ""
        phone = dutch_labels.phone(self._desk.profiles[talk.channel], talk.address)
        return self._number(conn, talk_id) or contact or phone or self._name(conn, talk_id)

    def _who(self, conn: Connection, talk_id: str) -> str:
        talk = conversations.get(conn, talk_id)
        return dutch_labels.customer(
            self._desk.profiles[talk.channel],
            talk.address,
            name=self._name(conn, talk_id),
            number=self._number(conn, talk_id),
        )

    @staticmethod
    def _name(conn: Connection, talk_id: str) -> str:
        return last_messages.names(conn, [talk_id]).get(talk_id, "")

    @staticmethod
    def _number(conn: Connection, talk_id: str) -> str:
        handover = handovers.newest(conn, talk_id)
        return work_lists.number(handover) if handover else ""

"""The desk's main pages: queue and conversation, the supervisors' figures, and pieces of them.

A page is whole when it comes; afterwards its scripts fetch pieces made by the same templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk.conversations.work_lists import MOST, Cut, WorkItem
from bot.desk.login.auth import PREFIX, Access
from bot.desk.pages import call_back_rows, list_rows, responses
from bot.desk.pages.call_back_rows import CallbackRow
from bot.desk.pages.conversation_page import ConversationPage, ConversationPart
from bot.desk.pages.conversation_reader import ConversationReader
from bot.errors import Rejected
from bot.store.delivery import doubtful_deliveries
from bot.store.desk import agents, mentions
from bot.store.desk.agents import Agent
from bot.store.handover.callbacks import Callback
from bot.store.history import history_page, joined_history
from bot.store.notify.notifier import Notifier

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


_S = TypeVar("_S")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ListsView:
    """The lists in the left column of the page.

    Attributes:
        waiting: the queue, in the order in which it is to be worked off.
        mine: what the agent has.
        others: what colleagues have and the agent may read.
        callbacks: requests to be called or written back.
        called: those that the agent settled lately.
        mentioned: where a colleague asked the agent to look.
        asleep: what the agent set aside.
    """

    waiting: Cut[list_rows.ConversationRow]
    mine: Cut[list_rows.ConversationRow]
    others: Cut[list_rows.ConversationRow]
    callbacks: Cut[CallbackRow]
    called: tuple[CallbackRow, ...]
    mentioned: tuple[list_rows.ConversationRow, ...]
    asleep: tuple[list_rows.ConversationRow, ...]


class Pages:
    """Makes the desk's main pages.

    Args:
        access: store and time.
        reader: reads conversations, and knows the desk's rules.
        notifier: rung when a mention has been seen.
    """

    def __init__(self, access: Access, reader: ConversationReader, notifier: Notifier) -> None:
        self._notifier = notifier
        self._access = access
        self._query = access.database.query
        self._reader = reader
        self._desk = reader.desk

    async def inbox(self, request: Request) -> HTTPResponse:
        """The page with the lists, without a conversation."""
        lists = await self._query(self._lists, request.ctx.agent, self._access.now())
        return self._page(request, "inbox.html", lists=lists, talk=None, current="")

    async def conversation(self, request: Request, talk_id: str) -> HTTPResponse:
        """The page with the lists and a conversation; with `?before=` an older piece of it."""
        agent, now = request.ctx.agent, self._access.now()
        before = request.args.get("before") or ""
        place = _place(before) if before else None
        if to := await self._elsewhere(request, talk_id):
            return responses.redirect(f"{PREFIX}/c/{to}")
        if talk_id in await self._query(mentions.unseen, agent.id, MOST):
            await self._access.database.run(mentions.seen, agent.id, talk_id, now)
            self._notifier.ring("desk")
        lists, talk, piece = await self._query(self._whole, talk_id, place, agent, now)
        found = {"lists": lists, "talk": talk, "piece": piece, "current": talk_id}
        return self._page(request, "inbox.html", **found)

    async def lists(self, request: Request) -> HTTPResponse:
        """The lists alone; `?c=` names the conversation that is open."""
        lists = await self._query(self._lists, request.ctx.agent, self._access.now())
        current = request.args.get("c") or ""
        return self._page(request, "_lists.html", lists=lists, current=current)

    async def live(self, request: Request, talk_id: str) -> HTTPResponse:
        """The pieces of a conversation's page that may have changed."""
        agent, now = request.ctx.agent, self._access.now()
        if to := await self._elsewhere(request, talk_id):
            return responses.redirect(f"{PREFIX}/c/{to}/live")
        talk = await self._query(self._reader.talk, talk_id, agent, now)
        return self._page(request, "live.html", talk=talk, piece=talk.piece)

    async def older(self, request: Request, talk_id: str) -> HTTPResponse:
        """The messages before a place."""
        agent, now = request.ctx.agent, self._access.now()
        place = _place(request.args.get("before") or "")
        piece = await self._query(self._reader.older, talk_id, place, agent, now)
        return self._page(request, "older.html", talk_id=talk_id, piece=piece)

    async def overview(self, request: Request) -> HTTPResponse:
        """The supervisors' page of figures."""
        figures = await self._query(self._figures, self._access.now())
        return self._page(request, "overview.html", figures=figures)

    async def figures(self, request: Request) -> HTTPResponse:
        """The figures alone."""
        figures = await self._query(self._figures, self._access.now())
        return self._page(request, "_figures.html", figures=figures)

    async def _elsewhere(self, request: Request, talk_id: str) -> str:
        """The conversation to show in place of this one; empty: this one.

        `?hier=1` is of an agent who chose where to answer.
        """
        agent = request.ctx.agent
        to: str | None = await self._query(self._reader.went_on, talk_id, agent)
        if to is None and not request.args.get("hier"):
            at: str = await self._query(self._reader.answered_at, talk_id, agent)
            return "" if at == talk_id else at
        return to or ""

    @staticmethod
    def _page(request: Request, name: str, **values: Any) -> HTTPResponse:
        return responses.page(request, name, **values)

    def _lists(self, conn: Connection, agent: Agent, now: datetime) -> ListsView:
        work, profiles = self._desk.lists.work(conn, agent, now), self._desk.profiles
        claimed = {each.claimed_by for each in work.callbacks.shown if each.claimed_by}
        names = {agent.id: agent.name, **agents.names(conn, claimed)}

        def row(each: WorkItem) -> list_rows.ConversationRow:
            zone = self._desk.organisation.timezone
            return list_rows.row(each, profiles[each.channel], now, zone)

        def asked(each: Callback) -> CallbackRow:
            return call_back_rows.row(each, self._desk.organisation, names, agent, now)

        return ListsView(
            waiting=_shown(work.waiting, row),
            mine=_shown(work.mine, row),
            others=_shown(work.others, row),
            callbacks=_shown(work.callbacks, asked),
            called=tuple(map(asked, work.called)),
            mentioned=tuple(map(row, work.mentioned)),
            asleep=tuple(map(row, work.asleep)),
        )

    def _whole(
        self,
        conn: Connection,
        talk_id: str,
        place: history_page.Place | joined_history.JoinedPlace | None,
        agent: Agent,
        now: datetime,
    ) -> tuple[ListsView, ConversationPage, ConversationPart]:
        talk = self._reader.talk(conn, talk_id, agent, now)
        piece = talk.piece
        if place is not None:
            piece = self._reader.older(conn, talk_id, place, agent, now)
        return self._lists(conn, agent, now), talk, piece

    def _figures(self, conn: Connection, now: datetime) -> Mapping[str, Any]:
        figures = self._desk.lists.figures(conn, now)
        since, longest = list_rows.longest(figures, now)
        return {
            "today": self._desk.organisation.local(now).date().isoformat(),
            "waiting": figures.waiting,
            "since": since,
            "longest": longest,
            "talking": figures.underway,
            "handled": figures.handled,
            "callbacks": figures.callbacks,
            "unsure": sum(each.count for each in doubtful_deliveries.unclear(conn).values()),
            "ratings": list_rows.ratings(figures),
            "agents": list_rows.at_work(figures),
            "teams": list_rows.by_team(self._reader.teams, figures, now),
        }


def _shown(lines: Cut[_S], show: Callable[[_S], _T]) -> Cut[_T]:
    return Cut(tuple(map(show, lines.shown)), lines.total)


def _place(text: str) -> history_page.Place | joined_history.JoinedPlace:
    try:
        if "~" in text:
            return joined_history.place(text)
        return history_page.place(text)
    except ValueError as error:
        raise Rejected(say("desk.refused.place"), 404) from error

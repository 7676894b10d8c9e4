"""The routes for requests to be called back: each is one act of the desk's service, and a ring."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.desk.conversations import moments
from bot.desk.conversations.service import Service
from bot.desk.login.auth import PREFIX, Access
from bot.desk.login.sign_in import field
from bot.desk.pages import responses
from bot.store.handover import callbacks
from bot.store.notify.notifier import Notifier

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class CallBackRoutes:
    """Handles the requests for acts with requests to be called back.

    Args:
        access: store and time.
        service: the desk's rules.
        notifier: wakes streams after an act.
    """

    def __init__(self, access: Access, service: Service, notifier: Notifier) -> None:
        self._access = access
        self._service = service
        self._notifier = notifier

    async def claim_call_back(self, request: Request, number: str) -> HTTPResponse:
        """Notes that the agent is going to do it."""
        agent, now, acts = request.ctx.agent, self._access.now(), self._service.call_backs
        return await self._act(request, number, lambda c, n: acts.claim(c, n, agent, now))

    async def leave_call_back(self, request: Request, number: str) -> HTTPResponse:
        """Leaves it to somebody else."""
        agent, acts = request.ctx.agent, self._service.call_backs
        return await self._act(request, number, lambda c, n: acts.unclaim(c, n, agent))

    async def plan_call_back(self, request: Request, number: str) -> HTTPResponse:
        """Puts it off until the field `due`, by the organisation's clock."""
        agent, now, acts = request.ctx.agent, self._access.now(), self._service.call_backs
        due = moments.typed(field(request, "due"), self._service.desk.organisation)
        return await self._act(request, number, lambda c, n: acts.plan(c, n, agent, due, now))

    async def called_back(self, request: Request, number: str) -> HTTPResponse:
        """Notes how it ended."""
        agent, now, acts = request.ctx.agent, self._access.now(), self._service.call_backs
        result, agreed = field(request, "result"), field(request, "agreed")
        return await self._act(
            request, number, lambda c, n: acts.done(c, n, agent, result, agreed, now)
        )

    async def undo_call_back(self, request: Request, number: str) -> HTTPResponse:
        """Opens it again."""
        agent, acts = request.ctx.agent, self._service.call_backs
        return await self._act(request, number, lambda c, n: acts.undo(c, n, agent))

    async def _act(
        self, request: Request, number: str, act: Callable[[Connection, int], object]
    ) -> HTTPResponse:
        def run(conn: Connection) -> str:
            act(conn, int(number))
            return callbacks.get(conn, int(number)).conversation_id

        where = await self._access.database.run(run)
        self._notifier.ring("outbox", where)
        if responses.wants_page(request):
            return responses.redirect(PREFIX)
        return responses.data({"to": ""})

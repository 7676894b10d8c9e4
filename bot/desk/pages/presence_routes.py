"""The routes by which agents say whether they are there, and log out: open conversations ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.desk.conversations import presence
from bot.desk.conversations.service import Service
from bot.desk.login import sign_in
from bot.desk.login.auth import PREFIX, Access
from bot.desk.login.safe_redirect import safe_next
from bot.desk.login.sign_in import field
from bot.desk.pages import responses
from bot.store.desk import workload
from bot.store.desk.agents import Agent
from bot.store.notify.notifier import Notifier

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Leaving = Literal["logout", "presence"]


class PresenceRoutes:
    """Handles what agents say of being there.

    Args:
        access: store and time.
        service: the desk's rules.
        notifier: wakes the customers' and colleagues' pages of conversations that went back.
    """

    def __init__(self, access: Access, service: Service, notifier: Notifier) -> None:
        self._access = access
        self._service = service
        self._notifier = notifier

    async def set_presence(self, request: Request) -> HTTPResponse:
        """Notes that the agent is available, has a pause or is away."""
        agent, now = request.ctx.agent, self._access.now()
        chosen = presence.named(field(request, "presence"))
        if chosen == "away" and (asked := await self._asked(request, "presence")):
            return asked
        await self._access.database.run(presence.set_, agent, chosen, now)
        self._notifier.ring("desk")
        return responses.redirect(safe_next(field(request, "next")))

    async def log_out(self, request: Request) -> HTTPResponse:
        """Ends this session; with open conversations the agent says first what becomes of them."""
        if asked := await self._asked(request, "logout"):
            return asked
        return await sign_in.log_out(self._access, request)

    async def _asked(self, request: Request, leaving: Leaving) -> HTTPResponse | None:
        """The page that asks what becomes of open conversations, until that was answered."""
        agent, open_ones = request.ctx.agent, field(request, "open")
        if open_ones == "release":
            await self._release_all(agent)
        elif open_ones != "keep":
            has = await self._access.database.query(workload.in_hand, agent.id)
            if has:
                away = round(self._service.desk.away.total_seconds() / 60)
                return responses.page(
                    request,
                    "leave.html",
                    count=len(has),
                    minutes=away,
                    action=f"{PREFIX}/{leaving}",
                    logs_out=leaving == "logout",
                )
        return None

    async def _release_all(self, agent: Agent) -> None:
        release: Callable[[Connection, Agent, datetime], tuple[str, ...]]
        release = self._service.transfers.release_all
        for each in await self._access.database.run(release, agent, self._access.now()):
            self._notifier.ring("outbox", each)

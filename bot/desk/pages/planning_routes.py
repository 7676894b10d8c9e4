"""The routes by which agents plan an answer for later, and withdraw it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.desk.conversations import placeholders, snoozing
from bot.desk.conversations.planning import Planning
from bot.desk.conversations.service import Service
from bot.desk.login.auth import Access
from bot.desk.login.sign_in import field
from bot.desk.pages import responses
from bot.store.notify.notifier import Notifier

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_T = TypeVar("_T")


class PlanningRoutes:
    """Handles the requests of the page's script.

    Args:
        access: store and time.
        service: the desk's rules.
        notifier: wakes open pages after an act.
    """

    def __init__(self, access: Access, service: Service, notifier: Notifier) -> None:
        self._access = access
        self._acts = Planning(service)
        self._organisation = service.desk.organisation
        self._visibility = service.desk.visibility
        self._notifier = notifier

    async def plan(self, request: Request, talk_id: str) -> HTTPResponse:
        """Plans the field `text` for what the fields `until` and `due` say."""
        agent, now = request.ctx.agent, self._access.now()
        text, key = field(request, "text"), field(request, "client_id")
        chosen, typed = field(request, "until"), field(request, "due")

        def plan(conn: Connection) -> None:
            # First: whose conversation it is not, learns nothing of it.
            self._visibility.check_sees(conn, agent, talk_id)
            placeholders.check_filled(text, self._organisation)
            due = snoozing.moment(chosen, typed, self._organisation, now)
            self._acts.plan(conn, talk_id, agent, text, due, now, key)

        await self._run(talk_id, plan)
        return responses.data({"planned": True})

    async def withdraw(self, request: Request, talk_id: str, number: str) -> HTTPResponse:
        """Withdraws one; answers its text."""
        agent, now = request.ctx.agent, self._access.now()
        text = await self._run(
            talk_id, lambda c: self._acts.withdraw(c, talk_id, agent, int(number), now)
        )
        return responses.data({"text": text})

    async def _run(self, talk_id: str, act: Callable[[Connection], _T]) -> _T:
        done: _T = await self._access.database.run(act)
        self._notifier.ring("desk", talk_id)
        return done

"""The routes by which agents set a conversation aside, and take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.desk.conversations import snoozing
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.snoozing import Snoozing
from bot.desk.login.auth import PREFIX, Access
from bot.desk.login.sign_in import field
from bot.desk.pages import responses
from bot.store.notify.notifier import Notifier

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class SnoozeRoutes:
    """Handles the requests.

    Args:
        access: store and time.
        desk: the desk's rules.
        notifier: wakes open pages after an act.
    """

    def __init__(self, access: Access, desk: DeskContext, notifier: Notifier) -> None:
        self._access = access
        self._acts = Snoozing(desk)
        self._notifier = notifier

    async def snooze(self, request: Request, talk_id: str) -> HTTPResponse:
        """Sets it aside until what the fields `until` and `due` say."""
        agent, now = request.ctx.agent, self._access.now()
        desk, chosen, typed = self._acts.desk, field(request, "until"), field(request, "due")

        def snooze(conn: Connection) -> None:
            # First: whose conversation it is not, learns nothing of it.
            desk.visibility.check_sees(conn, agent, talk_id)
            until = snoozing.moment(chosen, typed, desk.organisation, now)
            self._acts.snooze(conn, talk_id, agent, until, now)

        await self._run(talk_id, snooze)
        return responses.done(request, PREFIX)

    async def wake(self, request: Request, talk_id: str) -> HTTPResponse:
        """Takes it back."""
        agent, now = request.ctx.agent, self._access.now()
        await self._run(talk_id, lambda c: self._acts.wake(c, talk_id, agent, now))
        return responses.done(request, f"{PREFIX}/c/{talk_id}")

    async def _run(self, talk_id: str, act: Callable[[Connection], None]) -> None:
        await self._access.database.run(act)
        self._notifier.ring("desk", talk_id)

"""The route by which a page tells that an agent is typing, for the customer; it takes no text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.errors import NotYours
from bot.desk.login.auth import Access
from bot.desk.login.sign_in import field
from bot.desk.pages import responses
from bot.store.conversation import conversations
from bot.store.desk import workload
from bot.store.notify.notifier import Notifier
from bot.store.notify.typing_signs import TypingSign

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.store.desk.agents import Agent


class TypingRoutes:
    """Handles the requests.

    Args:
        access: the store.
        desk: the desk's rules.
        notifier: carries the sign to the process that has the customer's page.
    """

    def __init__(self, access: Access, desk: DeskContext, notifier: Notifier) -> None:
        self._access = access
        self._desk = desk
        self._notifier = notifier

    async def typing(self, request: Request, talk_id: str) -> HTTPResponse:
        """Tells the customer that the agent is typing, or by the field `over`: no longer.

        Answers `shown`: whether customers of this channel see it; if not, nothing was told.

        Raises:
            NotYours, Forbidden, Unknown: the agent does not have the conversation.
        """
        shown = await self._access.database.query(self._shown, request.ctx.agent, talk_id)
        if shown:
            TypingSign(talk_id, typing=not field(request, "over")).ring(self._notifier)
        return responses.data({"shown": shown})

    def _shown(self, conn: Connection, agent: Agent, talk_id: str) -> bool:
        self._desk.visibility.check_sees(conn, agent, talk_id)
        conversation = conversations.get(conn, talk_id)
        if conversation.owner != "human" or workload.case_of(conn, agent.id, talk_id) is None:
            raise NotYours(say("desk.refused.not_yours"))
        return self._desk.profiles[conversation.channel].typing

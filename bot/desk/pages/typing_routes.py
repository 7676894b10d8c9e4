"""The route by which a page tells that an agent is typing, for the customer; it takes no text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.errors import DeskError, NotYours
from bot.desk.login.auth import Access
from bot.desk.login.sign_in import field
from bot.desk.pages import responses
from bot.errors import Rejected
from bot.store.conversation import conversations
from bot.store.handover import handovers
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
            Rejected: the agent does not have the conversation.
        """
        try:
            shown = await self._access.database.query(self._shown, request.ctx.agent, talk_id)
        except DeskError as error:
            raise Rejected(str(error), error.status) from error
        if shown:
            TypingSign(talk_id, typing=not field(request, "over")).ring(self._notifier)
        return responses.data({"shown": shown})

    def _shown(self, conn: Connection, agent: Agent, talk_id: str) -> bool:
        self._desk.visibility.check_sees(conn, agent, talk_id)
        conversation = conversations.get(conn, talk_id)
        handover = handovers.find_open(conn, talk_id)
        if conversation.owner != "human" or handover is None or handover.agent_id != agent.id:
            raise NotYours(say("desk.refused.not_yours"))
        return self._desk.profiles[conversation.channel].typing

"""The route by which a page keeps what an agent types, so that it follows the agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.desk.conversations.act_rules import MAX_SETTLED
from bot.desk.conversations.reply_limits import MAX_REPLY
from bot.desk.conversations.visibility import Visibility
from bot.desk.login.auth import Access
from bot.desk.login.sign_in import field
from bot.desk.pages import responses
from bot.store.conversation import conversations
from bot.store.desk import drafts
from bot.store.handover import handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class DraftRoutes:
    """Handles the requests.

    Args:
        access: store and time.
        visibility: the rule by which an agent may see a conversation.
    """

    def __init__(self, access: Access, visibility: Visibility) -> None:
        self._access = access
        self._visibility = visibility

    async def keep_draft(self, request: Request, talk_id: str) -> HTTPResponse:
        """Keeps the field `text`, or `settled` where that is given; nothing in it forgets it.

        Answers `kept`: false where all is over, and there is nothing left to write for.
        """
        agent, now = request.ctx.agent, self._access.now()
        part: drafts.Part = "settled" if "settled" in (request.form or ()) else "text"
        typed = field(request, part)[: MAX_SETTLED if part == "settled" else MAX_REPLY]

        def keep(conn: Connection) -> bool:
            self._visibility.check_sees(conn, agent, talk_id)
            # One that comes after the act that ended all would stay: nobody may end it meanwhile.
            conversations.get(conn, talk_id, lock=True)
            if handovers.find_open(conn, talk_id) is None:
                return False
            drafts.keep(conn, talk_id, agent.id, typed, now, part)
            return True

        return responses.data({"kept": await self._access.database.run(keep)})

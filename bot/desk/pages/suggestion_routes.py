"""The route that proposes an answer from the pages, with its source; never sent by itself.

The web process has no model: it leaves the question in the database, and a worker answers it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.locked_conversation import LockedConversation
from bot.desk.login.auth import Access
from bot.desk.pages import responses
from bot.errors import Rejected
from bot.knowledge import pages
from bot.knowledge.text_fragment import link
from bot.store.desk import page_questions
from bot.store.desk.agents import Agent
from bot.store.notify.notifier import Notifier

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Seconds that an agent waits: less than the page waits for any act.
PATIENCE: Final = 8.0
#: Seconds between two looks whether a worker answered.
_LOOK: Final = 0.2


class SuggestionRoutes:
    """Handles the requests.

    Args:
        access: store, settings and time.
        desk: the desk's rules.
        notifier: wakes a worker.
    """

    def __init__(self, access: Access, desk: DeskContext, notifier: Notifier) -> None:
        self._access = access
        self._desk = desk
        self._notifier = notifier
        self._pages = pages.load(access.settings.root)

    async def suggest(self, request: Request, talk_id: str) -> HTTPResponse:
        """Answers the passage of the pages for what the customer wrote last, else for the question.

        Raises:
            Rejected: 503, no worker answered in time.
        """
        key = secrets.token_hex(16)
        await self._access.database.run(self._ask, talk_id, request.ctx.agent, key)
        self._notifier.ring(page_questions.ASKED)
        try:
            for _ in range(round(PATIENCE / _LOOK)):
                if (found := await self._read(talk_id, key)) is not None:
                    return responses.data(self._shown(found))
                await asyncio.sleep(_LOOK)
        finally:
            await self._access.database.run(page_questions.forget, talk_id, key)
        raise Rejected(say("desk.refused.pages_silent"), 503)

    def _ask(self, conn: Connection, talk_id: str, agent: Agent, key: str) -> None:
        case = LockedConversation.lock(conn, self._desk, talk_id, agent)
        case.check_has(agent)
        question = str(case.handover.summary.get("question") or "")
        last = page_questions.last_heard(conn, talk_id)
        texts = dict.fromkeys(each.strip() for each in (last, question) if each.strip())
        page_questions.ask(conn, talk_id, key, [*texts])

    async def _read(self, talk_id: str, key: str) -> Mapping[str, Any] | None:
        read = self._access.database.query
        found: Mapping[str, Any] | None = await read(page_questions.read, talk_id, key)
        return found

    def _shown(self, found: Mapping[str, Any]) -> dict[str, str]:
        """What the page shows: the words, and title and address of the page; empty: nothing."""
        page = self._pages.get(str(found.get("slug")))
        if page is None:
            return {}
        text = str(found["text"])
        start, end = found["marks"][0][0], found["marks"][-1][1]
        public = self._access.settings.public_url
        address = page.url if "://" in page.url else f"{public}{page.url}"
        return {
            "text": text,
            "title": page.title,
            "url": address,
            "exact": link(address, text[start:end], page.blocks, text),
            "source": say("desk.source", title=page.title, url=address),
        }

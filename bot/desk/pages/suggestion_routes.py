"""The route that proposes answers from the pages, with their source; never sent by itself.

The web process has no model: it leaves the question in the database, and a worker answers it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sanic.request import Request
from sanic.response import HTTPResponse

from bot import word_search
from bot.catalogue import say
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.locked_conversation import LockedConversation
from bot.desk.login.auth import Access
from bot.desk.pages import responses
from bot.errors import Rejected
from bot.knowledge import pages
from bot.knowledge.answering import MOST_PAGES, Passage, opening, referred
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
        """Answers `passages` of the pages for what the customer wrote last, else for the question.

        One that is sure to answer (`sure`), else the best few that may: the agent chooses.

        Raises:
            Rejected: 503, no worker answered in time.
        """
        key = secrets.token_hex(16)
        texts = await self._access.database.run(self._ask, talk_id, request.ctx.agent, key)
        self._notifier.ring(page_questions.ASKED)
        try:
            for _ in range(round(PATIENCE / _LOOK)):
                if (found := await self._read(talk_id, key)) is not None:
                    return responses.data(await asyncio.to_thread(self._answer, found, texts))
                await asyncio.sleep(_LOOK)
        finally:
            await self._access.database.run(page_questions.forget, talk_id, key)
        raise Rejected(say("desk.refused.pages_silent"), 503)

    def _ask(self, conn: Connection, talk_id: str, agent: Agent, key: str) -> Sequence[str]:
        case = LockedConversation.lock(conn, self._desk, talk_id, agent)
        case.check_has(agent)
        question = str(case.handover.summary.get("question") or "")
        last = page_questions.last_heard(conn, talk_id)
        texts = [*dict.fromkeys(each.strip() for each in (last, question) if each.strip())]
        page_questions.ask(conn, talk_id, key, texts)
        return texts

    async def _read(self, talk_id: str, key: str) -> Mapping[str, Any] | None:
        read = self._access.database.query
        found: Mapping[str, Any] | None = await read(page_questions.read, talk_id, key)
        return found

    def _answer(self, found: Mapping[str, Any], texts: Sequence[str]) -> dict[str, Any]:
        sure = found.get("passage")
        passages = [_passage(sure)] if sure else self._likely(found, texts)
        shown = [self._shown(each) for each in passages if each.slug in self._pages]
        return {"sure": sure is not None, "passages": shown}

    def _likely(self, found: Mapping[str, Any], texts: Iterable[str]) -> list[Passage]:
        """What may answer, the likeliest first, one of a page: by the model, then by words."""
        words = word_search.of(self._access.settings.root)
        by_words = (each.reference for text in texts for each in words.find(text))
        references = [*found.get("near", ()), *by_words]
        opened = filter(None, map(self._opening, references))
        best: dict[str, Passage] = {}
        for each in (*map(_passage, found.get("maybe", ())), *opened):
            best.setdefault(each.slug, each)
        return [*best.values()][:MOST_PAGES]

    def _opening(self, reference: str) -> Passage | None:
        slug, number = referred(reference)
        page = self._pages.get(slug)
        return opening(slug, page.blocks[number]) if page and number < len(page.blocks) else None

    def _shown(self, passage: Passage) -> dict[str, str]:
        """What the page shows: the words, and title and address of the page."""
        page = self._pages[passage.slug]
        public = self._access.settings.public_url
        address = page.url if "://" in page.url else f"{public}{page.url}"
        return {
            "text": passage.text,
            "title": page.title,
            "url": address,
            "exact": link(address, passage.answer, page.blocks, passage.text),
            "source": say("desk.source", title=page.title, url=address),
        }


def _passage(found: Mapping[str, Any]) -> Passage:
    marks = tuple((int(start), int(end)) for start, end in found["marks"])
    return Passage(str(found["slug"]), str(found["heading"]), str(found["text"]), marks)

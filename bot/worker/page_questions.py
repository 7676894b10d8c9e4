"""Looks up in the pages what agents ask, beside the turns: only a worker has the model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final, Never

import structlog

from bot.core.interface import Assistant
from bot.store.desk import page_questions
from bot.store.desk.page_questions import PageQuestion
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database

log = structlog.get_logger(__name__)

#: Seconds after which listening is begun anew when it failed.
_PAUSE: Final = 2.0


class PageQuestions:
    """Answers the questions of agents to the pages.

    Nothing looks for them unless it is rung: an idle worker asks the database nothing for this. Who
    asked while no worker was there asks again.
    """

    def __init__(
        self, database: Database, notifier: Notifier, assistant: Callable[[], Assistant | None]
    ) -> None:
        """Keeps what it needs; `keep` begins.

        Args:
            database: Loket's.
            notifier: rings when there is a question.
            assistant: gives the loaded model, or None.
        """
        self._database = database
        self._notifier = notifier
        self._assistant = assistant

    async def keep(self) -> Never:
        """Answers until it is cancelled."""
        while True:
            try:
                async with self._notifier.listen(page_questions.ASKED) as listener:
                    while True:
                        if await listener.wait(60.0) is not None:
                            await self._answer()
            except Exception as error:  # noqa: BLE001 - the agent asks again
                log.error("page_questions_unheard", error=type(error).__name__)
                await asyncio.sleep(_PAUSE)

    async def _answer(self) -> None:
        assistant = self._assistant()
        if assistant is None:
            return
        for question in await self._database.query(page_questions.open_ones):
            try:
                found = await _found(assistant, question)
            except Exception as error:  # noqa: BLE001 - another one may have an answer
                log.error("page_question_failed", error=type(error).__name__)
                continue
            await self._database.run(page_questions.answer, question, found)


async def _found(assistant: Assistant, question: PageQuestion) -> Mapping[str, Any]:
    """The passage for the first of the texts that surely has one, else what may be one."""
    maybe: list[Mapping[str, Any]] = []
    near: list[str] = []
    for text in question.texts:
        found = (await assistant.parse(text)).knowledge
        if passage := found.get("passage"):
            return {"passage": dict(passage)}
        # A task that goes on would be answered with these; the agent may be at any.
        about = found.get("about") or {}
        maybe += [dict(told["passage"]) for told in about.values() if told.get("passage")]
        near += map(str, found.get("near") or ())
    return {"maybe": maybe, "near": near}

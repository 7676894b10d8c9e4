"""What agents ask of the pages: a worker answers it, once, for who asked last."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from sanic.request import Request

from bot.core.interface import Assistant, Parsed
from bot.desk.login.auth import Access
from bot.desk.pages.suggestion_routes import SuggestionRoutes
from bot.settings_loading import load_settings
from bot.store.desk import page_questions
from bot.store.notify import notifier
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database
from bot.worker.page_questions import PageQuestions
from tests.support.assistant_root import ROOT
from tests.support.desk import NOW, customer, person, queued, service
from tests.support.forgetful import Forgetful

DESK = service()

FOUND = {"slug": "retour", "heading": "", "text": "Binnen 30 dagen.", "marks": [[0, 16]]}
#: What is known of a page for another task, and two that are only near.
NEAR = {"passage": None, "near": ("buren#0", "kwijt#2"), "about": {"retour": {"passage": FOUND}}}


@dataclass
class Reader(Forgetful):
    """Knows one page."""

    asked: list[str] = field(default_factory=list)

    async def parse(self, text: str) -> Parsed:
        """Finds it for a question about sending back."""
        self.asked.append(text)
        if text == "stuk":
            raise RuntimeError
        found = {"passage": FOUND} if "terug" in text else NEAR if "pakje" in text else {}
        return Parsed(None, 0.0, (), found)


def test_the_last_question_counts(database: Database) -> None:
    """An answer to an earlier one goes nowhere; what has been read is gone."""
    with database.begin() as conn:
        talk = queued(conn)
        customer(conn, now=NOW, text="Kan het terug?")
        assert page_questions.last_heard(conn, talk) == "Kan het terug?"
        page_questions.ask(conn, talk, "a" * 32, ["eerst"])
        (old,) = page_questions.open_ones(conn)
        page_questions.ask(conn, talk, "b" * 32, ["dan"])
        (new,) = page_questions.open_ones(conn)
        page_questions.answer(conn, old, FOUND)
        assert page_questions.read(conn, talk, "b" * 32) is None
        page_questions.answer(conn, new, {})
        assert page_questions.read(conn, talk, "b" * 32) == {}
        assert page_questions.open_ones(conn) == ()
        page_questions.forget(conn, talk, "b" * 32)
        assert page_questions.read(conn, talk, "b" * 32) is None


@dataclass
class Earlier:
    """A worker of before an update, which finds nothing and says no more than that."""

    database: Database

    def ring(self, _subject: str) -> None:
        """Answers at once."""
        with self.database.begin() as conn:
            (question,) = page_questions.open_ones(conn)
            page_questions.answer(conn, question, {})


async def test_an_earlier_worker_may_answer(database: Database) -> None:
    """What it leaves out is nothing."""
    with database.begin() as conn:
        samira, talk = person(conn), queued(conn)
        DESK.take(conn, talk, samira, NOW)
    access = Access(database, load_settings({"LOKET_SECRET": "x" * 40}, ROOT), lambda: NOW)
    routes = SuggestionRoutes(access, DESK.desk, cast(Notifier, Earlier(database)))
    request = cast(Request, SimpleNamespace(ctx=SimpleNamespace(agent=samira)))
    answer = await routes.suggest(request, talk)
    assert answer.status == 200
    assert json.loads(answer.body or b"")["sure"] is False


async def test_a_worker_answers_when_it_is_rung(
    database: Database, url: str, tmp_path: Path
) -> None:
    """For sure, or what may be an answer; a fault leaves the worker listening."""
    bells, reader = notifier.of(url, tmp_path), Reader()
    keeping = asyncio.create_task(
        PageQuestions(database, bells, lambda: cast(Assistant, reader)).keep()
    )

    async def asked(key: str, *texts: str) -> object:
        def ask(conn: object) -> None:
            page_questions.ask(conn, talk, key, texts)  # type: ignore[arg-type]

        await database.run(ask)
        while (found := await database.query(page_questions.read, talk, key)) is None:
            bells.ring(page_questions.ASKED)
            if texts == ("stuk",) and reader.asked[-1:] == ["stuk"]:
                return None
            await asyncio.sleep(0.05)
        return found

    with database.begin() as conn:
        talk = queued(conn)
    try:
        async with asyncio.timeout(60):
            assert await asked("a" * 32, "hallo", "mag het terug", "nooit") == {"passage": FOUND}
            assert reader.asked == ["hallo", "mag het terug"]
            assert await asked("b" * 32, "stuk") is None
            assert await asked("c" * 32, "iets anders") == {"maybe": [], "near": []}
            near = {"maybe": [FOUND], "near": ["buren#0", "kwijt#2"]}
            assert await asked("d" * 32, "mijn pakje", "hallo") == near
    finally:
        keeping.cancel()
        bells.close()

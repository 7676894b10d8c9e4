"""The routes of the desk: pages, acts, the event stream and the browser's files."""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from pathlib import Path
from typing import Any, Final

import structlog
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.attachments.file_keeper import FileKeeper
from bot.catalogue import group, say, script
from bot.desk.conversations import canned_replies
from bot.desk.conversations.service import Service
from bot.desk.conversations.visibility import Visibility
from bot.desk.login import auth
from bot.desk.login.auth import PREFIX, Access, public, signed_in, still_signed_in
from bot.desk.pages import canned_answer_pages, responses, templates
from bot.desk.pages.act_routes import ActRoutes
from bot.desk.pages.call_back_routes import CallBackRoutes
from bot.desk.pages.conversation_reader import ConversationReader
from bot.desk.pages.doubtful_messages import DoubtfulMessagePages
from bot.desk.pages.draft_routes import DraftRoutes
from bot.desk.pages.file_routes import FilePages
from bot.desk.pages.inbox_pages import Pages
from bot.desk.pages.join_pages import JoinPages
from bot.desk.pages.live_updates import DeskHub, stream
from bot.desk.pages.period_pages import PeriodPages
from bot.desk.pages.planning_routes import PlanningRoutes
from bot.desk.pages.presence_routes import PresenceRoutes
from bot.desk.pages.search_page import SearchPage
from bot.desk.pages.snooze_routes import SnoozeRoutes
from bot.desk.pages.suggestion_routes import SuggestionRoutes
from bot.desk.pages.typing_routes import TypingRoutes
from bot.errors import Rejected
from bot.http import static_files
from bot.store.desk import viewers
from bot.store.desk.agents import Agent
from bot.store.notify.notifier import Notifier

log = structlog.get_logger(__name__)

STATIC: Final = Path(__file__).parents[1] / "static"
#: Most pages one agent has open at once.
MAX_STREAMS: Final = 20
_ID: Final = r"<talk_id:[0-9a-f]{32}>"
_CALL_BACK: Final = f"/callbacks/<number:{auth.ROW}>"
_FILE: Final = r"<name:[0-9a-f]{48}>"
#: The query string's parameter that names a conversation.
_TALK: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


def blueprint(access: Access, service: Service, notifier: Notifier, hub: DeskHub) -> Blueprint:
    """The routes under `/desk` for people who are signed in, and its files.

    Args:
        access: by which agents are known; its settings say where the project is.
        service: the desk's rules.
        notifier: rung after each act.
        hub: tells open pages that there is something new.

    Raises:
        ConfigurationError: `data/answers.yml` is wrong.
    """
    canned_replies.check(canned_replies.load(access.settings.root), service.desk.organisation)
    pages = Pages(access, ConversationReader(service.desk), notifier)
    doing = ActRoutes(access, service, notifier)
    calling = CallBackRoutes(access, service, notifier)
    later = PlanningRoutes(access, service, notifier)
    aside = SnoozeRoutes(access, service.desk, notifier)
    periods = PeriodPages(access, service.desk)
    there = PresenceRoutes(access, service, notifier)
    line = _Line(access, service.desk.visibility, hub, notifier)
    files = FilePages(access, service.desk.visibility, FileKeeper.of(access.settings))
    joining = JoinPages(access, service, notifier)
    doubts = DoubtfulMessagePages(access, service.desk, notifier)
    routes = Blueprint("desk", url_prefix=PREFIX)
    templates.environment().globals["country"] = access.settings.country
    everybody, supervisors = signed_in(), signed_in("supervisor")
    for path, show, guard in (
        ("", pages.inbox, everybody),
        (f"/c/{_ID}", pages.conversation, everybody),
        ("/lists", pages.lists, everybody),
        (f"/c/{_ID}/live", pages.live, everybody),
        (f"/c/{_ID}/older", pages.older, everybody),
        (f"/c/{_ID}/file/{_FILE}", files.file, everybody),
        (f"/c/{_ID}/file/{_FILE}/small", files.small_file, everybody),
        ("/events", line.events, everybody),
        ("/zoeken", SearchPage(access, service.desk).search, everybody),
        (f"/c/{_ID}/samenvoegen", joining.choose, everybody),
        ("/overzicht", pages.overview, supervisors),
        ("/overzicht/figures", pages.figures, supervisors),
        ("/overzicht/periode", periods.period, supervisors),
        ("/overzicht/periode.csv", periods.period_csv, supervisors),
        ("/onzeker", doubts.unsure, supervisors),
    ):
        routes.add_route(guard(show), path, methods=("GET",), name=show.__name__)
    for path, act in (
        (f"/c/{_ID}/take", doing.take),
        (f"/c/{_ID}/reply", doing.reply),
        (f"/c/{_ID}/ask/<kind:[a-z]+>", doing.ask_number),
        (f"/c/{_ID}/transfer", doing.transfer),
        (f"/c/{_ID}/assign", doing.assign),
        (f"/c/{_ID}/take-over", doing.take_over),
        (f"/c/{_ID}/release", doing.release),
        (f"/c/{_ID}/note", doing.note),
        (f"/c/{_ID}/close", doing.close),
        (f"/c/{_ID}/to-bot", doing.to_bot),
        (f"/c/{_ID}/snooze", aside.snooze),
        (f"/c/{_ID}/wake", aside.wake),
        (f"/c/{_ID}/plan", later.plan),
        (f"/c/{_ID}/planned/<number:{auth.ROW}>/withdraw", later.withdraw),
        (f"/c/{_ID}/suggest", SuggestionRoutes(access, service.desk, notifier).suggest),
        (f"/c/{_ID}/draft", DraftRoutes(access, service.desk.visibility).keep_draft),
        (f"/c/{_ID}/typing", TypingRoutes(access, service.desk, notifier).typing),
        (f"{_CALL_BACK}/claim", calling.claim_call_back),
        (f"{_CALL_BACK}/leave", calling.leave_call_back),
        (f"{_CALL_BACK}/plan", calling.plan_call_back),
        (f"{_CALL_BACK}/done", calling.called_back),
        (f"{_CALL_BACK}/undo", calling.undo_call_back),
        (f"/c/{_ID}/join", joining.join),
        (f"/c/{_ID}/split", joining.split),
        (f"/c/{_ID}/answer-at", joining.answer_at),
        ("/measure/<channel:[a-z]+>", doing.measure),
        ("/presence", there.set_presence),
        ("/logout", there.log_out),
    ):
        routes.add_route(everybody(act), path, methods=("POST",), name=act.__name__)
    upload = everybody(files.upload)
    routes.add_route(upload, f"/c/{_ID}/upload", methods=("POST",), name="upload", stream=True)
    one, all_ = f"/onzeker/<number:{auth.ROW}>/<what:[a-z]+>", "/onzeker/storing"
    routes.add_route(supervisors(doubts.decide), one, methods=("POST",), name="unsure_decide")
    routes.add_route(supervisors(doubts.outage), all_, methods=("POST",), name="unsure_outage")
    canned_answer_pages.add(routes, access, service.desk)
    texts = static_files.made(script.NAME, script.module(group("desk_page.script")))
    for name, asset in (static_files.load(STATIC) | {script.NAME: texts}).items():
        label = name.replace(".", "_").replace("-", "_")
        routes.add_route(
            public(_file(asset)), f"/static/{name}", methods=("GET", "HEAD"), name=label
        )
    routes.middleware("response")(responses.secure)
    return routes


def live(app: Sanic[Any, Any], hub: DeskHub, notifier: Notifier) -> None:
    """Has the hub listen as long as the app serves, and end its streams when it stops."""

    async def start(app: Sanic[Any, Any], loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.desk_listening = loop.create_task(hub.run(notifier))

    async def stop(app: Sanic[Any, Any], _loop: asyncio.AbstractEventLoop) -> None:
        hub.close()
        app.ctx.desk_listening.cancel()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "before_server_stop")


class _Line:
    def __init__(
        self, access: Access, visibility: Visibility, hub: DeskHub, notifier: Notifier
    ) -> None:
        self._access = access
        self._notifier = notifier
        self._visibility = visibility
        self._hub = hub

    async def events(self, request: Request) -> None:
        """Streams events: the lists, or the conversation that `?c=` names, have something new."""
        agent, hub = request.ctx.agent, self._hub
        if hub.count(agent.id) >= MAX_STREAMS:
            raise Rejected(say("desk.refused.streams"), 429, retry_after=30)

        async def signed_in() -> bool:
            if await still_signed_in(request) is None:
                return False
            await self._look(talk, agent.id)
            # What was joined to it, or split from it, since.
            hub.follow(watcher, await self._together(talk, agent))
            return True

        # A page that is open shows that its person is there.
        await still_signed_in(request)
        talk, visibility = request.args.get("c") or "", self._visibility
        if talk:
            if not _TALK.fullmatch(talk):
                raise visibility.no_conversation(agent)
            await self._access.database.query(visibility.check_sees, agent, talk)
        await self._look(talk, agent.id)
        with hub.watcher(agent.id, talk) as watcher:
            hub.follow(watcher, await self._together(talk, agent))
            response = await request.respond(
                content_type="text/event-stream; charset=utf-8",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )
            try:
                async with aclosing(stream(hub, watcher, signed_in)) as chunks:
                    async for chunk in chunks:
                        await response.send(chunk)
            except Exception as error:  # noqa: BLE001 - the answer has begun; the page comes back
                log.warning("desk_stream_broken", error=type(error).__name__)
            finally:
                await self._look_away(talk, agent.id)
            await response.eof()

    async def _together(self, talk: str, agent: Agent) -> tuple[str, ...]:
        """The conversation that a page shows, with those that were joined to it."""
        if not talk:
            return ()
        group = self._visibility.group
        found: tuple[str, ...] = await self._access.database.query(group, agent, talk)
        return found

    async def _look(self, talk: str, agent_id: int) -> None:
        """Notes that the page is open; colleagues who have it open too are told, at first."""
        if not talk:
            return
        now = self._access.now()
        is_new: bool = await self._access.database.run(viewers.looks, talk, agent_id, now)
        if is_new:
            self._notifier.ring("desk", talk)

    async def _look_away(self, talk: str, agent_id: int) -> None:
        if talk:
            await self._access.database.run(viewers.leaves, talk, agent_id)
            self._notifier.ring("desk", talk)


def _file(asset: static_files.Asset) -> auth.Handler:
    async def serve(request: Request) -> HTTPResponse:
        if asset.matches(request.headers.get("if-none-match", "")):
            return empty(304, headers=asset.headers)
        return HTTPResponse(asset.body, content_type=asset.content_type, headers=asset.headers)

    return serve

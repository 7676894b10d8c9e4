"""Nothing that is done for one customer or one agent reads all there is.

Every statement of a turn, a delivery, a webhook and each page of the desk is noted, and explained
and run again on a database with very many conversations, some of them very long: with the
planner's statistics, and with none.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sanic.touchup import TouchUp

from bot.channel_profiles import ChannelProfile
from bot.conversation import channel_switch_code, reply_links
from bot.core.interface import AssistantTurn, Parsed
from bot.core.translate import Said
from bot.delivery.loop import DeliveryLoop
from bot.desk.conversations.service import Service
from bot.desk.conversations.silent_agents import SilentAgents
from bot.desk.conversations.work_lists import MOST
from bot.desk.login import sessions
from bot.messages import HandOver, Inbound, Notice, Text
from bot.settings_loading import load_settings
from bot.store.conversation import conversations
from bot.store.delivery import deliveries, delivery_status, doubtful_deliveries, outbox
from bot.store.delivery.dead_letter_decisions import resend
from bot.store.delivery.dead_letters import failed_deliveries
from bot.store.desk import agents, desk_fingerprint, external_desk_links, external_desk_sync
from bot.store.handover import handovers
from bot.store.history import conversation_history, history_page, linked_conversations
from bot.store.history.conversation_search import MOST_ROWS
from bot.store.notify import notifier
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.store.worker import backlog, claims, heartbeats, holding, inbox, next_claim
from bot.store.worker.heartbeats import Heartbeat
from bot.transcripts.transcript_links import TranscriptLinks
from bot.web.app import create_app
from bot.worker.channel_switch import ChannelSwitch
from bot.worker.handler import Handler
from bot.worker.worker_config import WorkerConfig
from channels.capabilities import Capabilities, Pace
from channels.protocol import Channel
from channels.send_results import Part, Sent, Settling
from tests.contract.adapters.base import Accepted
from tests.contract.adapters.sms import PUBLIC, TwilioAdapter
from tests.contract.adapters.telegram import ADAPTERS as TELEGRAM
from tests.contract.adapters.whatsapp import ADAPTERS as WHATSAPP
from tests.support import crowd
from tests.support.configured_channels import PROFILES
from tests.support.crowd import Size, conversation_id
from tests.support.desk_people import PAGE, PASSWORD
from tests.support.forgetful import Forgetful
from tests.support.plans import Recorder, Rule, Statement, faults
from tests.support.turns import claimant

SECRET = "a secret for tests that is long enough"
CHANNELS = (TwilioAdapter(), *TELEGRAM, *WHATSAPP)
#: Tables that do not grow with the number of conversations.
SMALL = {
    "agents": "one row for each person at the desk",
    "canned_answers": "one row for each answer that supervisors keep ready",
    "canned_versions": "one row for each change of such an answer",
    "desk_sessions": "one row for each browser that is signed in, for a day at most",
    "heartbeats": "one row for each worker",
    "write_checks": "one row",
}
#: Indexes of what is under way, which a statement may read from end to end.
BOUNDED = (
    "ix_inbox_queue",
    "ix_inbox_pending",
    "ix_outbox_to_plan",
    "ix_deliveries_due",
    "ix_deliveries_under_way",
    "ix_deliveries_open",
    "uq_deliveries_front",
    "ix_deliveries_unsure",
    "ix_deliveries_unsure_conversation",
    "ix_conversations_attempts",
    "ix_conversations_claimed_by",
    "ix_conversations_ready_at",
    "uq_handovers_open",
    "ix_handovers_waiting",
    "ix_handovers_taken",
    "ix_handovers_in_hand",
    "ix_handovers_snoozed",
    "ix_planned_replies_due_at",
    "ix_callbacks_due",
    "ix_mentions_unseen",
    "ix_callbacks_asked",
    "ix_desk_links_standing",
    "ix_join_codes_unused",
    "ix_deliveries_undelivered",
    "ix_attachments_due_at",
)


class Memory:
    """An assistant's memory that holds nothing."""

    sessions = 0

    def write(self, conn: Any) -> None:
        """Keeps nothing; `tracked` writes a real one."""


@dataclass(slots=True)
class Bot(Forgetful):
    """An assistant that says hello, and hands over when "medewerker" is asked for."""

    disclosure: Notice | None = None

    async def turn(
        self,
        conversation_id: str,
        text: str,
        message_id: str,
        channel: str,
        *,
        fresh: bool = False,
        memory: object = None,
    ) -> AssistantTurn:
        """One answer."""
        effects = (HandOver("asked", ""),) if text == "medewerker" else ()
        return AssistantTurn(Said((Text("Hallo."),), effects), "greet", {}, Memory(), ())

    async def parse(self, text: str) -> Parsed:
        """What the words are about."""
        return Parsed(None, 0.9, ())


@dataclass(slots=True)
class Post:
    """A channel, its sender and its provider in one."""

    name: str
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(0, 0, 20, 1000))
    profile: ChannelProfile = field(default_factory=lambda: ChannelProfile("post", "Post"))
    routes: str = ""
    pace: Pace = field(default_factory=lambda: Pace(0.0, 1000.0))
    sent: int = 0

    def render(self, message: Any, ref: str = "") -> Sequence[Part]:
        return ({"text": message.text},)

    def preview(self, part: Part) -> str:
        return str(part["text"])

    def outside_window(self, part: Part) -> Part | None:
        return None

    def sender(self, public_url: str = "") -> Post:
        return self

    async def checks(self, public_url: str) -> Sequence[Any]:
        return ()

    async def send(self, address: str, part: Part, key: str) -> Sent:
        self.sent += 1
        return Sent(f"fresh-{self.name}-{self.sent}")

    def settling(self, address: str) -> Settling:
        return Settling(receipt=0.0)

    async def probe(self, address: str) -> None:
        """It answers."""

    async def close(self) -> None:
        """Nothing to let go of."""


@dataclass(slots=True)
class World:
    """A database with a crowd, and everything that works on it."""

    database: Database
    folder: Path
    recorder: Recorder
    web: httpx.AsyncClient
    service: Service
    handler: Handler
    channel_switch: ChannelSwitch

    def now(self) -> datetime:
        return datetime.now(UTC)

    def during(self, act: str) -> None:
        """What is sent from here on belongs to this."""
        self.recorder.act = act


@asynccontextmanager
async def world(url: str, folder: Path, patch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """The web process's app on a port, and the worker's parts, in this process."""
    provider = type("Nowhere", (), {"url": "http://127.0.0.1:9/v1"})()
    given = {"LOKET_VAR_DIR": str(folder), "LOKET_SECRET": SECRET, "LOKET_DATABASE_URL": url}
    for adapter in CHANNELS:
        given |= adapter.environment(provider)
    given["LOKET_PUBLIC_URL"] = PUBLIC
    for name, value in given.items():
        patch.setenv(name, value)
    # Sanic rewrites its own methods at each start, which works once in a process.
    patch.setattr("sanic.app.TouchUp.run", _touch_up)
    settings = load_settings()
    app = create_app(settings)
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        server = await app.create_server(sock=sock, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        database = Database(url)
        channels: dict[str, Channel] = {
            name: Post(name)
            for name in ("whatsapp", "sms", "telegram")  # type: ignore[misc]
        }
        service = Service.load(settings, channels)
        channel_switch = ChannelSwitch(
            {"whatsapp": _whatsapp()},
            TranscriptLinks.of(settings),
            SECRET,
            frozenset(),
            profiles=PROFILES,
        )
        config = WorkerConfig(
            organisation=service.desk.organisation,
            elsewhere=channel_switch.elsewhere,
            link=channel_switch.link,
            channel_switch=channel_switch,
        )
        handler = Handler(database, lambda: datetime.now(UTC), config)
        async with httpx.AsyncClient(base_url=address, timeout=60) as web:
            recorder = Recorder()
            with recorder.listening():
                yield World(database, folder, recorder, web, service, handler, channel_switch)
        await server.before_stop()
        server.close()
        await server.after_stop()
        database.dispose()


_touched: list[Any] = []


def _touch_up(app: Any) -> None:
    if not _touched:
        _touched.append(app)
        _run(app)


_run = TouchUp.run


def _whatsapp() -> Any:
    from tests.integration.test_going_on_elsewhere import WHATSAPP as CHANNEL

    return CHANNEL


async def accepted(world: World, number: int, text: str, payload: str | None = None) -> str:
    """A message of a conversation's customer; returns the conversation's id."""
    with world.database.read() as conn:
        known = conversations.get(conn, conversation_id(number))
    inbound = Inbound(known.channel, known.address, f"new-{number}-{text}", text, payload)
    taken = await world.database.run(inbox.accept, inbound, world.now())
    return taken.conversation_id


async def turn(world: World, this: str, bot: Bot | None) -> None:
    """What a worker does with a conversation that it takes."""
    work = await world.database.run(next_claim.claim, claimant(world.now()), this)
    assert work is not None
    claim = work.claim
    for position, message in enumerate(work.messages):
        if position:
            claim = await world.database.run(claims.begin, claim)
        await world.handler.handle(claim, message, bot)
    await world.database.run(claims.release, claim)


async def turns(world: World) -> None:
    """Each kind of turn in long conversations, and a worker's own looking around."""
    for number, kind in ((crowd.BOT, "bot"), (crowd.QUEUED, "queued"), (crowd.HUMAN, "human")):
        for text in ("hoi", "hoe lang duurt het nog"):
            # Counted once, for the bot's.
            first = number == crowd.BOT and text == "hoi"
            world.during("webhook" if first else f"webhook {kind}")
            this = await accepted(world, number, text)
            world.during("turn" if first else f"turn {kind}")
            await turn(world, this, Bot())
    for number, text in ((4, "medewerker"), (8, "medewerker"), (13, "weer iets")):
        this = await accepted(world, number, text)
        world.during("turn handed over")
        await turn(world, this, Bot())
    world.during("worker")
    now = world.now()
    await world.database.run(claims.free_all, "w1")
    work = await world.database.run(next_claim.claim, claimant(now))
    assert work is not None
    await world.database.run(claims.renew, [work.claim], now, timedelta(seconds=10))
    await world.database.run(claims.release, work.claim, failed=True)
    assert await world.database.query(next_claim.suspicion, now) == 1
    suspected = await world.database.run(next_claim.suspect, claimant(now), 9)
    assert suspected is not None
    await world.database.run(claims.release, suspected.claim)
    await world.database.run(claims.abandon, "w1", "no such token")
    waiting = await world.database.query(backlog.newest, now, now, 50)
    assert waiting
    await world.database.query(backlog.after, 0, now, now, 50)
    world.during("burst")
    with world.database.read() as conn:
        known = conversations.get(conn, conversation_id(crowd.BOT))
    for number in range(2):
        inbound = Inbound(known.channel, known.address, f"burst-{number}", "", attachment="image")
        pause = timedelta(seconds=0.5)
        taken = await world.database.run(inbox.accept, inbound, world.now(), pause)
    assert await world.database.query(holding.next_ready, world.now()) is not None
    await world.database.run(inbox.before, taken.conversation_id, taken.inbox_id)
    await world.database.run(heartbeats.beat, Heartbeat("w1", "worker", now, now, ready=True))
    assert await world.database.query(heartbeats.any_ready, now - timedelta(seconds=30))
    await world.handler.fire_timers()


async def going_on(world: World) -> None:
    """From the web chat to WhatsApp, with all that belongs to it."""
    world.during("join")
    now = world.now()

    def code(conn: Any) -> str:
        here = conversations.get(conn, conversation_id(12))
        said = world.channel_switch.link(conn, here, reply_links.continue_on("whatsapp"), now) or ""
        return channel_switch_code.code_of(said.partition("?text=")[2].partition(" ")[0]) or ""

    this = await accepted(world, 5, await world.database.run(code))
    await turn(world, this, None)
    wrong = await accepted(world, 9, channel_switch_code.new_code(1))
    await turn(world, wrong, None)


async def tracked(world: World) -> None:
    """Reading and writing what the assistant remembers of a long conversation."""
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted

    from bot.core.tracker_store import LoketTrackerStore

    world.during("tracker")
    store = LoketTrackerStore(Domain.empty(), world.database)
    this = conversation_id(crowd.BOT)
    tracker = await store.retrieve(this)
    assert tracker is not None
    tracker.update(ActionExecuted("action_listen"))
    await store.save(tracker)
    unwritten = store.take(this)
    assert unwritten is not None
    await world.database.run(unwritten.write)


async def delivered(world: World) -> None:
    """The delivery loop, until it sent something; then what else may come of a delivery."""
    world.during("delivery")
    posts = {name: Post(name) for name in ("whatsapp", "sms", "telegram")}
    bell = notifier.of(world.database.url, world.folder)
    delivery = DeliveryLoop(posts, PUBLIC, world.database, bell, world.now)  # type: ignore[arg-type]
    stop = asyncio.Event()
    task = asyncio.create_task(delivery.run(stop))
    async with asyncio.timeout(60):
        while sum(post.sent for post in posts.values()) < 5:
            await asyncio.sleep(0.05)
    stop.set()
    await task
    bell.close()
    world.during("doubts")
    await world.database.run(
        doubtful_deliveries.due,
        ["sms", "telegram", "whatsapp"],
        world.now(),
        timedelta(seconds=90),
        16,
    )
    await world.database.query(doubtful_deliveries.unclear)
    world.during("delivery noted")
    long = conversation_id(crowd.QUEUED)
    with world.database.begin() as conn:
        number = conn.exec_driver_sql(
            f"SELECT id FROM deliveries WHERE conversation_id = '{long}'"
            " ORDER BY conversation_id, sent_at DESC LIMIT 1"
        ).scalar()
        now = world.now()
        deliveries.accepted(conn, number, "fresh", now, timedelta())
        deliveries.retry(conn, number, now, "x", now)
        deliveries.unsure(conn, number, now, "x", now)
        deliveries.give_up(conn, number, "x", now)
        deliveries.invited(conn, long, now)
        resend(conn, [number], now)


async def receipts(world: World) -> None:
    """How far a message came, by the provider's id and by our own."""
    world.during("")
    with world.database.read() as conn:
        rows = conn.exec_driver_sql(
            "SELECT channel, provider_id, outbox_id FROM deliveries WHERE status = 'delivered'"
            " AND channel = 'sms' LIMIT 2"
        ).all()
    assert rows
    for channel, provider_id, outbox_id in rows:
        for key in ("", f"{outbox_id}.0.0"):
            world.during("receipt by its key" if key or provider_id != rows[0][1] else "receipt")
            with world.database.begin() as conn:
                where = (channel, provider_id, key)
                delivery_status.receipt(conn, channel, provider_id, "read", "", key, world.now())
                assert delivery_status.conversation_of(conn, *where)


async def webhooks(world: World) -> None:
    """Messages and receipts as the providers send them."""
    for adapter in CHANNELS:
        world.during(f"webhook {adapter.channel}")
        sent = Accepted(adapter.sender, "hoi", provider_id="p12346")
        calls = [
            adapter.text("901", "hoi"),
            adapter.text("902", "STOP"),
            adapter.text("903", "START"),
        ]
        calls += [adapter.status(sent, state) for state in ("sent", "delivered", "read", "failed")]
        calls += [
            adapter.tap(
                "904", replace(sent, callbacks=("12.0",), titles=("Ja",), provider_id="12"), 0
            )
        ]
        for call in filter(None, calls):
            answer = await world.web.request(
                call.method, call.path, headers=call.headers, content=call.body
            )
            assert answer.status_code in (200, 204), (adapter.id, answer.text)


async def webchat(world: World) -> None:
    """A customer's page, a long conversation's too."""
    world.during("web chat")
    headers = {"Origin": PUBLIC}
    started = (await world.web.post("/webchat/session", json={}, headers=headers)).json()
    headers["Authorization"] = f"Bearer {started['token']}"
    message = {"text": "hoi", "id": "0" * 32}
    await world.web.post("/webchat/messages", json=message, headers=headers)
    with world.database.begin() as conn:
        address = conversations.get(conn, conversation_id(crowd.HUMAN)).address
        from channels.webchat import stream

        stream.read(conn, address, None)
        stream.read(conn, address, "i40.o40")
        conversations.set_left(conn, conversation_id(crowd.HUMAN), None)
        outbox.mark_sent(conn, [40, 41], world.now())
        outbox.acknowledge(conn, conversation_id(crowd.HUMAN), 41, world.now())
    await _begin(world.web, "/webchat/events", headers)
    assert (await world.web.get("/webchat/transcript", headers=headers)).status_code == 200
    world.during("transcript")
    link = world.channel_switch.links.make(conversation_id(crowd.BOT), world.now()).removeprefix(
        PUBLIC
    )
    for path in (link, f"{link}.txt"):
        assert (await world.web.get(path)).status_code == 200
    assert (await world.web.get("/readyz/intake")).status_code == 200
    assert "customers wait" in (await world.web.get("/readyz")).text  # many of the crowd do


async def _begin(web: httpx.AsyncClient, path: str, headers: dict[str, str]) -> None:
    """The first bytes of a stream."""
    async with web.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200, path
        async for _ in answer.aiter_bytes():
            return


async def desk(world: World) -> None:
    """Every page and act, as a supervisor and as agents of some teams and of all."""
    for agent_id in (5, 2, 1):
        await _pages(world, agent_id)
    world.during("desk live line")
    await world.database.query(desk_fingerprint.fingerprint, MOST)
    await _acts(world)
    world.during("desk log-in")
    page = await world.web.get("/desk/login", headers={"Accept": PAGE})
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    fields = {"csrf": token[1], "login": "agent2", "password": PASSWORD, "next": ""}
    headers = {"Origin": PUBLIC, "Accept": PAGE}
    headers["Cookie"] = "; ".join(
        value.partition(";")[0] for value in page.headers.get_list("set-cookie")
    )
    answer = await world.web.post("/desk/login", data=fields, headers=headers)
    assert answer.status_code == 303, answer.text


async def _session(world: World, agent_id: int) -> dict[str, str]:
    token = await world.database.run(sessions.start, agent_id, world.now())
    headers = {"Cookie": f"__Host-loket_desk={token}", "Accept": PAGE, "Origin": PUBLIC}
    page = await world.web.get("/desk/account", headers=headers)
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text
    return {**headers, "X-CSRF-Token": found[1]}


async def _pages(world: World, agent_id: int) -> None:
    headers = await _session(world, agent_id)
    human = conversation_id(crowd.HUMAN)
    for path in ("", "/lists", f"/c/{human}", f"/c/{human}/live", f"/c/{human}/older", "/events"):
        world.during(f"desk {path.replace(human, '…')}")
        query = f"?before={await _middle(world, human)}" if "older" in path else f"?c={human}"
        if path == "/events":
            await _begin(
                world.web, f"/desk/events{query}", {**headers, "Accept": "text/event-stream"}
            )
            continue
        answer = await world.web.get(
            f"/desk{path}{query if '/c/' not in path or 'older' in path else ''}", headers=headers
        )
        assert answer.status_code == 200, path
    for asked in ("q=vraag", "q=0612345678", "since=2026-01-01&state=closed", "q=zeldzaam+woord"):
        world.during(f"desk /zoeken?{asked}")
        path = f"/desk/zoeken?{asked}"
        assert (await world.web.get(path, headers=headers)).status_code == 200
    if agent_id == 1:
        for path in ("/overzicht", "/overzicht/figures", "/users", "/users/2", "/account"):
            world.during(f"desk {path}")
            assert (await world.web.get(f"/desk{path}", headers=headers)).status_code == 200


async def _middle(world: World, this: str) -> history_page.Place:
    """A place in the middle of a long conversation."""
    act, found = world.recorder.act, history_page.Place(this)
    world.during("")
    for _ in range(4):
        page = await world.database.query(conversation_history.page, this, found, 60)
        assert page.before is not None
        found = page.before
    world.during(act)
    return found


async def _acts(world: World) -> None:
    headers = await _session(world, 1)
    fields = {"text": "Dag", "team": "bezorging", "note": "Bel even", "settled": "Klaar"}
    fields["client_id"] = "k" * 20

    async def act(number: int, what: str) -> None:
        world.during(f"desk {what}")
        path = f"/desk/c/{conversation_id(number)}/{what}"
        answer = await world.web.post(path, data=fields, headers=headers)
        assert answer.status_code == 303, (what, answer.status_code, answer.text)

    for what in ("reply", "note", "release", "take"):
        await act(crowd.HUMAN, what)
    for what in ("take", "note"):
        await act(27, what)
    fields["team"] = "energie_abonnementen"
    await act(27, "transfer")
    await act(27, "take")
    await act(27, "to-bot")
    await act(47, "take")
    await act(crowd.HUMAN, "close")
    fields |= {"result": "reached", "due": (world.now() + timedelta(days=1)).isoformat()}
    with world.database.read() as conn:
        (number,) = conn.exec_driver_sql(
            "SELECT min(id) FROM callbacks WHERE done_at IS NULL"
        ).one()
    for what in ("claim", "leave", "plan", "done", "undo"):
        world.during(f"desk call back {what}")
        path = f"/desk/callbacks/{number}/{what}"
        answer = await world.web.post(path, data=fields, headers=headers)
        # The crowd's customer has another request open: this one stays settled.
        assert answer.status_code == (409 if what == "undo" else 303), what


async def elsewhere(world: World) -> None:
    """Another desk is kept in step."""
    world.during("other desk")
    now, this = world.now(), conversation_id(crowd.QUEUED)
    with world.database.begin() as conn:
        external_desk_sync.unlinked(conn)
        open_one = handovers.find_open(conn, this)
        assert open_one is not None
        link = external_desk_links.find(conn, open_one.id)
        assert link is not None
        external_desk_sync.standing(conn, "chatwoot")
        external_desk_sync.claim(conn, open_one.id, now, timedelta(seconds=9))
        external_desk_sync.unseen(conn, link, "chatwoot", 100)
        external_desk_sync.last_applied(conn, link, "chatwoot")
        external_desk_links.by_external(conn, "chatwoot", "7")
        external_desk_sync.late(conn, "chatwoot", now)
        external_desk_sync.wake(conn, open_one.id)
        linked_conversations.recent(conn, this, 50)


async def watched(world: World) -> None:
    """What the desk's own watchman and an operator look at."""
    world.during("watch")
    now, watch = world.now(), SilentAgents(world.service.desk)
    await world.database.run(world.service.transfers.release_lost, now, unseen=True)
    await world.database.run(watch.look, now)
    with world.database.read() as conn:
        inbox.first_after(conn, conversation_id(crowd.HUMAN), now - timedelta(minutes=5))
    world.during("operator")
    with world.database.begin() as conn:
        failed_deliveries(conn)
        agents.everyone(conn)


DONE: tuple[Callable[[World], Awaitable[None]], ...] = (
    turns,
    going_on,
    tracked,
    receipts,
    webhooks,
    webchat,
    desk,
    elsewhere,
    delivered,
    watched,
)

#: Statements of each act at most: what everybody waits for must not grow unnoticed. When this was
#: written there were 18, 12 and 4.
MOST_STATEMENTS = {"turn": 20, "receipt": 13, "webhook": 6}


SHORT = Size(5_000, 600)
WHOLE = Size(100_000, 3_000)


KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with tables and nothing in them."""
    url = f"sqlite:///{tmp_path / 'crowd.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("make_postgres")()
    database = Database(url)
    database.upgrade()
    database.dispose()
    return url


def _fill(url: str, size: Size) -> None:
    """A crowd, without statistics for the planner."""
    database = Database(url)
    with database.begin() as conn:
        if database.dialect == "postgresql":
            for table in tables.metadata.sorted_tables:
                conn.exec_driver_sql(f"ALTER TABLE {table.name} SET (autovacuum_enabled = off)")
        crowd.fill(conn, size, datetime.now(UTC))
    database.dispose()


def _judge(url: str, sent: Sequence[Statement], rule: Rule) -> list[str]:
    """What the statements do that they may not, without statistics and then with."""
    database = Database(url)
    found = []
    for statistics in (False, True):
        if statistics:
            with database.begin() as conn:
                conn.exec_driver_sql("ANALYZE")
        # Without them PostgreSQL cannot know how many rows it will read, only by which way.
        blind = database.dialect == "postgresql" and not statistics
        here = replace(rule, rows=10**9) if blind else rule
        for each in sent:
            wrong = faults(database, each, here)
            found += [f"{each.act}: {each.short}\n    {fault}" for fault in wrong]
    database.dispose()
    return list(dict.fromkeys(found))


async def _everything(
    url: str, folder: Path, patch: pytest.MonkeyPatch
) -> tuple[Sequence[Statement], Mapping[str, int]]:
    """Does everything once; the different statements, and how many each act took."""
    async with world(url, folder, patch) as here:
        here.during("watch")
        async with asyncio.timeout(30):  # so that the desk's watchman does not count for a turn
            while not here.recorder.sent:
                await asyncio.sleep(0.05)
        for done in DONE:
            await done(here)
        here.during("")
        sent = [each for each in here.recorder.different() if each.act]
        return sent, here.recorder.counts()


@pytest.mark.slow
async def test_nothing_reads_all_there_is(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With statistics and without, no statement reads a table, or a long conversation, whole."""
    _fill(empty, SHORT)
    sent, counts = await _everything(empty, tmp_path, monkeypatch)
    assert len(sent) > 100
    # Looking something up reads so much of each place at most, however much there is.
    search = [each for each in sent if "/zoeken" in each.act]
    found = _judge(empty, search, Rule(SMALL, BOUNDED, rows=2 * MOST_ROWS, forced=True))
    others = [each for each in sent if each not in search]
    found += _judge(empty, others, Rule(SMALL, BOUNDED, rows=600, forced=True))
    assert not found, "\n".join(found)
    # The judge itself: these are what it is there for.
    for text in (
        "SELECT text FROM inbox WHERE intent = 'greet'",
        "SELECT min(id) FROM outbox WHERE author = 'human'",
    ):
        assert _judge(empty, [Statement("", text, ())], Rule(SMALL, BOUNDED, 600, forced=True))
    counted = {act: counts[act] for act in MOST_STATEMENTS}
    assert all(0 < counted[act] <= most for act, most in MOST_STATEMENTS.items()), counted


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_nothing_reads_all_of_a_hundred_thousand_conversations(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At full size, PostgreSQL free to choose; counting may read each of the 5,000 that wait."""
    _fill(empty, WHOLE)
    sent, _ = await _everything(empty, tmp_path, monkeypatch)
    found = _judge(empty, sent, Rule(SMALL, BOUNDED, rows=7_000))
    assert not found, "\n".join(found)

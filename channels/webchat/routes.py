"""The web chat over HTTP: session, messages, events, transcript and the browser's files."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import Any, Final

import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sqlalchemy.engine import Connection

from bot.catalogue import say
from bot.errors import Rejected
from bot.identity_proofs import network_origin
from bot.store.history.linked_conversations import Part, parts
from bot.transcripts import text_export
from bot.transcripts.message_reader import messages
from channels import wiping
from channels.services import Services
from channels.webchat import (
    WebChat,
    bundle,
    identification,
    own_conversation,
    parse,
    reactions,
)
from channels.webchat.admission import Admission, client
from channels.webchat.http_io import (
    Handler,
    json_answer,
    read_body,
    send_file,
    send_stream,
    serve_file,
)
from channels.webchat.presence import Presence
from channels.webchat.session import Session
from channels.webchat.state import WebChatState, state
from channels.webchat.stream import stream
from channels.webchat.uploads import TIME, Uploads

log = structlog.get_logger(__name__)

PREFIX: Final = "/webchat"
#: Most streams open at once for one customer (tabs) and for one network address.
MAX_STREAMS: Final = 12
MAX_STREAMS_PER_ADDRESS: Final = 500


def blueprint(channel: WebChat, services: Services) -> Blueprint:
    """The routes under `/webchat`, and the task that wakes this process's streams."""
    routes = Blueprint(channel.name, url_prefix=PREFIX)
    chat = state(services)
    door = Admission(chat)
    api = _Api(chat, door)
    calls = {
        "session": api.session,
        "identify": api.identify,
        "messages": api.messages,
        "files": api.files,
        "seen": api.seen,
        "votes": api.votes,
        "wipe": api.wipe,
    }
    for name, call in calls.items():
        routes.add_route(_function(call), f"/{name}", methods=("POST",), name=name, stream=True)
    reads = {"events": api.events, "transcript": api.transcript}
    for name, read in reads.items():
        routes.add_route(_function(read), f"/{name}", methods=("GET",), name=name)
    for name in (*calls, *reads):
        ask = _function(door.preflight)
        routes.add_route(ask, f"/{name}", methods=("OPTIONS",), name=f"preflight_{name}")
    for name, asset in bundle.files().items():
        routes.add_route(
            serve_file(asset), f"/{name}", methods=("GET", "HEAD"), name=_route_name(name)
        )
    routes.middleware("response")(door.add_cors)
    _listen(routes, chat)
    return routes


def _listen(routes: Blueprint, chat: WebChatState) -> None:
    """Has the hub hear the notifier for as long as the server runs."""
    tasks: list[asyncio.Task[None]] = []

    async def start(_app: Any) -> None:
        tasks.append(asyncio.create_task(chat.hub.listen(chat.services.notifier)))

    async def stop(_app: Any) -> None:
        chat.hub.close()
        while tasks:
            tasks.pop().cancel()

    routes.listener("before_server_start")(start)
    routes.listener("before_server_stop")(stop)


def _function(method: Handler) -> Handler:
    # Sanic keeps notes on a handler, which a bound method does not take.
    async def handler(request: Request) -> HTTPResponse | None:
        return await method(request)

    return handler


class _Api:
    def __init__(self, chat: WebChatState, door: Admission) -> None:
        self._ = chat
        self._services = services = chat.services
        self._door = door
        self._uploads = Uploads(services)
        self._presence = Presence(services.database, chat.hub, services.notifier, services.now)

    async def session(self, request: Request) -> HTTPResponse:
        """Issues a token, or renews one that is still good, with the ticket to wipe by."""
        address = self._door.admit(request)
        body = parse.object_of(await read_body(request))
        old = body.pop("token", "")
        if body or not isinstance(old, str):
            raise Rejected(say("webchat.refused.session"), 400)
        now = self._services.now()
        try:
            session = self._.sessions.renew(self._.sessions.read(old, now), now)
            await self._services.database.query(own_conversation.find, session.address)
        except Rejected:
            self._.limits.sessions_per_address.take(address, time.monotonic())
            session = self._.sessions.start(now)
        return self._issued(session, wipe=self._.sessions.ticket(session))

    async def wipe(self, request: Request) -> HTTPResponse:
        """Notes that a browser forgot a conversation, which its token opens no more."""
        self._door.admit(request)
        body = parse.object_of(await read_body(request))
        address = self._.sessions.read_ticket(body.pop("ticket", ""))
        if body:
            raise Rejected(say("webchat.refused.session"), 400)
        await wiping.wiped(self._services, WebChat.name, address)
        self._.hub.wake(address)
        return empty(204)

    async def identify(self, request: Request) -> HTTPResponse:
        """Issues the token of a customer whom the website has logged in."""
        self._door.admit(request)
        body = parse.object_of(await read_body(request))
        if body.keys() - identification.FIELDS:
            raise Rejected(say("webchat.refused.session"), 400)
        return self._issued(await identification.identify(self._, body.get("token")))

    async def messages(self, request: Request) -> HTTPResponse:
        """Stores a message; answers before anybody has read it."""
        session = self._door.customer(request, self._.limits.messages)
        message = parse.message(await read_body(request), session.address)
        origin = network_origin(self._services.settings.secret, client(request))
        noting = identification.noting(session)
        duplicate = await own_conversation.take(self._services, message, origin, noting)
        if not duplicate:
            # The customer's other tabs; they may not know the conversation's id yet.
            self._.hub.wake(session.address)
            self._services.notifier.ring("outbox", session.address)
        return json_answer({"duplicate": duplicate}, 202)

    async def seen(self, request: Request) -> HTTPResponse:
        """Notes what the customer had in sight, for whoever said it."""
        session = self._door.customer(request, self._.limits.reads)
        await reactions.seen(self._services, session.address, await read_body(request))
        return empty(204)

    async def votes(self, request: Request) -> HTTPResponse:
        """Keeps whether a quote helped."""
        session = self._door.customer(request, self._.limits.reads)
        await reactions.vote(self._services, session.address, await read_body(request))
        return empty(204)

    async def files(self, request: Request) -> HTTPResponse:
        """Stores a file for the person who has the conversation; its id is in the address."""
        session = self._door.customer(request, self._.limits.files)
        await self._uploads.admit(session)
        try:
            data = await read_body(request, self._uploads.limit, TIME)
        except Rejected as error:
            raise (self._uploads.too_large() if error.status == 413 else error) from error
        where = (session, request.args.get("id"), data, client(request))
        duplicate = await self._uploads.take(*where)
        if not duplicate:
            self._.hub.wake(session.address)
            self._services.notifier.ring("outbox", session.address)
        return json_answer({"duplicate": duplicate}, 202)

    async def events(self, request: Request) -> HTTPResponse | None:
        """The conversation as a stream of events, from `Last-Event-ID` on.

        With `?once` the answer ends after what there is now.
        """
        session = self._door.customer(request, self._.limits.reads)
        hub, address = self._.hub, f"address {client(request)}"
        tabs, streams = hub.count(session.address), hub.count(address)
        if tabs >= MAX_STREAMS or streams >= MAX_STREAMS_PER_ADDRESS:
            raise Rejected(say("webchat.refused.tabs"), 429, retry_after=30)
        cursor = request.headers.get("last-event-id") or None
        once = "once" in request.get_args(keep_blank_values=True)
        try:
            with hub.waiter(session.address, address) as waiter:
                where = (self._services, hub, waiter, self._presence)
                chunks = stream(*where, address=session.address, cursor=cursor, once=once)
                async with aclosing(chunks):
                    await send_stream(request, chunks)
        finally:
            self._presence.closed(session.address)
        return None

    async def transcript(self, request: Request) -> None:
        """The whole conversation as a text file."""
        session = self._door.customer(request, self._.limits.reads)
        services = self._services
        read = await services.database.query(_parts, session.address)
        now = services.now()
        url = services.settings.public_url
        said = messages(services.database, read, services.profiles, url)
        async with aclosing(text_export.text(said, now)) as pieces:
            await send_file(request, f"gesprek-{now:%Y-%m-%d}.txt", pieces)

    def _issued(self, session: Session, **more: str) -> HTTPResponse:
        token = self._.sessions.token(session)
        return json_answer({"token": token, "conversation": session.storage_key, **more})


def _route_name(name: str) -> str:
    return name.replace(".", "_").replace("-", "_")


def _parts(conn: Connection, address: str) -> tuple[Part, ...]:
    conversation = own_conversation.find(conn, address)
    return () if conversation is None else parts(conn, conversation.id)

"""The web chat over HTTP: session, messages, events, transcript and the browser's files."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import structlog
from sanic import Blueprint
from sanic.http import Http
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sqlalchemy.engine import Connection

from bot import assets
from bot.errors import Rejected
from bot.identity import network_origin
from bot.messages import Inbound
from bot.store import conversations, inbox, origins
from bot.store.database import Database
from bot.store.doorbell import Doorbell
from bot.store.joined import Part, parts
from bot.transcripts import plain
from bot.transcripts.reading import messages
from channels.webchat import WebChat, parse
from channels.webchat.hub import Hub
from channels.webchat.limits import Limit, Rate, address_key
from channels.webchat.origins import Origins
from channels.webchat.presence import Presence
from channels.webchat.session import Session, Sessions
from channels.webchat.stream import stream

log = structlog.get_logger(__name__)

PREFIX: Final = "/webchat"
STATIC: Final = Path(__file__).parent / "static"
#: Most streams open at once for one customer (tabs) and for one network address.
MAX_STREAMS: Final = 12
MAX_STREAMS_PER_ADDRESS: Final = 500
#: A body that is too large is read and thrown away up to here, so that the answer arrives.
_DRAIN = 8 * 1024 * 1024
#: Seconds within which a body must have arrived.
_BODY_TIME = 20.0

Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse | None]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How often a customer and a network address (which many may share) may do what."""

    messages: Limit = field(default_factory=lambda: Limit(Rate(60, 1)))
    reads: Limit = field(default_factory=lambda: Limit(Rate(60, 1)))
    sessions_per_address: Limit = field(default_factory=lambda: Limit(Rate(100, 1)))
    requests_per_address: Limit = field(default_factory=lambda: Limit(Rate(600, 10)))


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes work with; `bot.web` makes it.

    Attributes:
        database: the store.
        doorbell: wakes workers and other web processes.
        hub: wakes this process's streams.
        sessions: issues and reads tokens.
        origins: which pages may use the chat.
        public_url: this installation's address, which a transcript completes addresses with.
        secret: the installation's; network addresses are kept hashed with it.
        limits: rate limits.
    """

    database: Database
    doorbell: Doorbell
    hub: Hub
    sessions: Sessions
    origins: Origins
    public_url: str
    secret: str = field(repr=False)
    limits: Limits = field(default_factory=Limits)


def blueprint(services: Services) -> Blueprint:
    """The routes under `/webchat`."""
    routes = Blueprint("webchat", url_prefix=PREFIX)
    api = _Api(services)
    calls = {"session": api.session, "messages": api.messages}
    for name, call in calls.items():
        routes.add_route(_function(call), f"/{name}", methods=("POST",), name=name, stream=True)
    reads = {"events": api.events, "transcript": api.transcript}
    for name, read in reads.items():
        routes.add_route(_function(read), f"/{name}", methods=("GET",), name=name)
    for name in (*calls, *reads):
        ask = _function(api.preflight)
        routes.add_route(ask, f"/{name}", methods=("OPTIONS",), name=f"preflight_{name}")
    for name, asset in assets.load(STATIC).items():
        routes.add_route(_file(asset), f"/{name}", methods=("GET", "HEAD"), name=_route_name(name))
    routes.middleware("response")(api.add_cors)
    return routes


def _function(method: Handler) -> Handler:
    # Sanic keeps notes on a handler, which a bound method does not take.
    async def handler(request: Request) -> HTTPResponse | None:
        return await method(request)

    return handler


class _Api:
    def __init__(self, services: Services) -> None:
        self._ = services
        self._presence = Presence(services.database, services.hub, services.doorbell, _now)

    async def session(self, request: Request) -> HTTPResponse:
        """Issues a token, or renews one that is still good."""
        address = self._admit(request)
        body = parse.object_of(await _body(request))
        old = body.pop("token", "")
        if body or not isinstance(old, str):
            raise Rejected("Dit verzoek kon niet worden gelezen.", 400)
        now = _now()
        try:
            session = self._.sessions.renew(self._.sessions.read(old, now), now)
        except Rejected:
            self._.limits.sessions_per_address.take(address, time.monotonic())
            session = self._.sessions.start(now)
        return _json({"token": self._.sessions.token(session), "conversation": session.storage_key})

    async def messages(self, request: Request) -> HTTPResponse:
        """Stores a message; answers before anybody has read it."""
        session = self._customer(request, self._.limits.messages)
        message = parse.message(await _body(request), session.address)
        origin = network_origin(self._.secret, _client(request))
        accepted = await self._.database.run(_accept, message, origin, _now())
        if not accepted.duplicate:
            self._.doorbell.ring("inbox", accepted.conversation_id)
            # The customer's other tabs; they may not know the conversation's id yet.
            self._.hub.wake(session.address)
            self._.doorbell.ring("outbox", session.address)
        return _json({"duplicate": accepted.duplicate}, 202)

    async def events(self, request: Request) -> HTTPResponse | None:
        """The conversation as a stream of events, from `Last-Event-ID` on."""
        session = self._customer(request, self._.limits.reads)
        hub, address = self._.hub, f"address {_client(request)}"
        tabs, streams = hub.count(session.address), hub.count(address)
        if tabs >= MAX_STREAMS or streams >= MAX_STREAMS_PER_ADDRESS:
            raise Rejected("De chat staat op te veel plaatsen open.", 429, retry_after=30)
        cursor = request.headers.get("last-event-id") or None
        try:
            with hub.waiter(session.address, address) as waiter:
                where = (self._.database, hub, waiter, self._presence, self._.doorbell)
                chunks = stream(*where, address=session.address, cursor=cursor, clock=_now)
                async with aclosing(chunks):
                    await _send_stream(request, chunks)
        finally:
            self._presence.closed(session.address)
        return None

    async def transcript(self, request: Request) -> None:
        """The whole conversation as a text file."""
        session = self._customer(request, self._.limits.reads)
        read = await self._.database.query(_parts, session.address)
        now = _now()
        response = await request.respond(
            content_type="text/plain; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="gesprek-{now:%Y-%m-%d}.txt"',
                "Cache-Control": "no-store",
            },
        )
        said = messages(self._.database, read, self._.public_url)
        async with aclosing(plain.text(said, now)) as pieces:
            async for piece in pieces:
                await response.send(piece)
        await response.eof()

    async def preflight(self, request: Request) -> HTTPResponse:
        """Answers a browser that asks whether another site's page may call."""
        self._check_origin(request)
        headers = {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
            "Access-Control-Max-Age": "3600",
        }
        return empty(headers=headers)

    async def add_cors(self, request: Request, response: HTTPResponse) -> None:
        """Lets an allowed page read the answer, errors too."""
        origin = request.headers.get("origin")
        if "access-control-allow-origin" in response.headers:
            return
        response.headers["Vary"] = "Origin"
        if origin and self._.origins.allow(origin):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "Retry-After, Content-Disposition"

    def _admit(self, request: Request) -> str:
        self._check_origin(request)
        address = _client(request)
        self._.limits.requests_per_address.take(address, time.monotonic())
        return address

    def _customer(self, request: Request, limit: Limit) -> Session:
        self._admit(request)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        session = self._.sessions.read(token if scheme.lower() == "bearer" else "", _now())
        limit.take(session.address, time.monotonic())
        return session

    def _check_origin(self, request: Request) -> None:
        if not self._.origins.allow(request.headers.get("origin")):
            raise Rejected("Deze website mag de chat niet gebruiken.", 403)


def _file(asset: assets.Asset) -> Handler:
    # A module on another site's page is fetched with CORS; these files are public.
    headers = {
        **asset.headers,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }

    async def serve(request: Request) -> HTTPResponse:
        if asset.matches(request.headers.get("if-none-match", "")):
            return empty(304, headers=headers)
        return HTTPResponse(asset.body, content_type=asset.content_type, headers=headers)

    return serve


def _route_name(name: str) -> str:
    return name.replace(".", "_").replace("-", "_")


async def _send_stream(request: Request, chunks: AsyncIterator[bytes]) -> None:
    # Read once before the first byte goes out: a database that is down is a 503, not a stream.
    first = await anext(chunks)
    response = await request.respond(
        content_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
    await response.send(first)
    try:
        async for chunk in chunks:
            await response.send(chunk)
    except Exception as error:  # noqa: BLE001 - the answer has begun; the browser comes back
        log.warning("stream_broken", error=type(error).__name__)
    await response.eof()


async def _body(request: Request) -> bytes:
    body = bytearray()
    size = 0
    try:
        async with asyncio.timeout(_BODY_TIME):
            # Sanic gives every request of an HTTP/1 server such a stream.
            assert isinstance(request.stream, Http)
            async for chunk in request.stream:
                size += len(chunk)
                if size <= parse.MAX_BODY:
                    body += chunk
                elif size > _DRAIN:
                    break
    except TimeoutError as error:
        raise Rejected("Dit bericht kwam niet op tijd aan.", 408) from error
    if size > parse.MAX_BODY:
        raise Rejected("Dit bericht is te groot.", 413)
    return bytes(body)


def _accept(conn: Connection, message: Inbound, origin: str, now: datetime) -> inbox.Accepted:
    accepted = inbox.accept(conn, message, now)
    if not accepted.duplicate:
        origins.saw(conn, accepted.conversation_id, origin, now)
    return accepted


def _parts(conn: Connection, address: str) -> tuple[Part, ...]:
    conversation = conversations.find(conn, WebChat.name, address)
    return () if conversation is None else parts(conn, conversation.id)


def _client(request: Request) -> str:
    return address_key(request.remote_addr or request.ip)


def _json(data: Any, status: int = 200) -> HTTPResponse:
    return HTTPResponse(
        json.dumps(data, ensure_ascii=False),
        status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _now() -> datetime:
    return datetime.now(UTC)

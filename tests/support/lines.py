"""A customer on any channel, as a script plays them: they write, choose, and wait for the answer.

A push channel is played through its adapter of the contract suite: real requests to Loket's
webhook, and a fake provider that takes the replies. What became of it is read from the store.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any, Protocol, Self
from uuid import uuid4

import httpx
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.conversation.option_matching import CANCEL, counted
from bot.messages import Option, options_of
from bot.records.conversation import Conversation
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import disclosures, ratings
from bot.store.conversation.conversations import COLUMNS, from_row
from bot.store.delivery import outbox_queries
from bot.store.handover import handovers
from bot.store.sql import tables
from bot.store.sql.database import Database
from tests.contract.adapters.base import Adapter, Call, Provider


@dataclass(frozen=True, slots=True)
class Say:
    """The customer types."""

    text: str


@dataclass(frozen=True, slots=True)
class Choose:
    """The customer chooses an option of the newest reply: by tap where there is one, else typed."""

    payload: str


Step = Say | Choose


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a conversation came to, whatever the channel.

    Attributes:
        turns: for each message of the customer: what it was understood as, and what was said.
        owner: who owns the conversation.
        scores: scores given.
        reasons: why, and about what, it was handed over.
        disclosed: how often, and in which words, it was said that this is an AI.
    """

    turns: tuple[tuple[str | None, tuple[dict[str, Any], ...]], ...]
    owner: str
    scores: tuple[int, ...]
    reasons: tuple[tuple[str, str], ...]
    disclosed: tuple[str, ...]


class Line(Protocol):
    """The way to one customer.

    Attributes:
        id: name in the test's output.
        channel: name of the channel.
    """

    id: str
    channel: str

    def write(self, text: str) -> None:
        """Sends a text."""
        ...

    def choose(self, message: OutboxMessage, index: int, option: Option) -> None:
        """Chooses an option of a message."""
        ...

    def read(self) -> str:
        """All that the customer got to read."""
        ...


@dataclass(slots=True)
class WebLine:
    """A browser."""

    url: str
    id: str = "webchat"
    channel: str = "webchat"
    _http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=f"{self.url}/webchat/", timeout=20)
        token = self._http.post("session", json={}).raise_for_status().json()["token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def write(self, text: str) -> None:
        self._send(text=text)

    def choose(self, message: OutboxMessage, index: int, option: Option) -> None:
        self._send(text=option.title, payload=option.payload)

    def read(self) -> str:
        return self._http.get("transcript").raise_for_status().text

    def _send(self, **message: str) -> None:
        self._http.post("messages", json={"id": str(uuid4()), **message}).raise_for_status()


@dataclass(slots=True)
class ProviderLine:
    """A phone, behind a provider."""

    url: str
    adapter: Adapter
    provider: Provider
    sender: str
    _sent: int = 0

    @property
    def id(self) -> str:
        return self.adapter.id

    @property
    def channel(self) -> str:
        return self.adapter.channel

    def write(self, text: str) -> None:
        self._call(self.adapter.text(self._next(), text, self.sender))

    def choose(self, message: OutboxMessage, index: int, option: Option) -> None:
        callback = f"{message.id}.{index}"
        for accepted in self.provider.accepted:
            if callback in accepted.callbacks:
                place = accepted.callbacks.index(callback)
                tap = self.adapter.tap(self._next(), accepted, place)
                assert tap is not None
                return self._call(tap)
        if counted(options_of(message.message)):
            return self.write(str(index + 1))
        return self.write("annuleer" if option.payload == CANCEL else option.title)

    def read(self) -> str:
        number = re.sub(r"\D", "", self.sender)
        return "\n".join(
            each.text
            for each in self.provider.accepted
            if re.sub(r"\D", "", each.recipient) == number
        )

    def _next(self) -> str:
        self._sent += 1
        return f"{self.adapter.id}-script-{self._sent}"

    def _call(self, call: Call) -> None:
        httpx.request(
            call.method, self.url + call.path, headers=call.headers, content=call.body, timeout=20
        ).raise_for_status()


def play(line: Line, address: str | None, script: tuple[Step, ...], url: str) -> Outcome:
    """Plays a script, each step after the answer to the one before; returns what came of it.

    Args:
        line: the way to the customer.
        address: the conversation's address; None for the only conversation of the channel.
        script: what the customer does.
        url: the database.
    """
    database = Database(url)
    try:
        for number, step in enumerate(script, start=1):
            if isinstance(step, Say):
                line.write(step.text)
            else:
                with database.read() as conn:
                    message, index, option = _offered(conn, _found(conn, line, address), step)
                line.choose(message, index, option)
            _wait(database, line, address, number)
        with database.read() as conn:
            return _outcome(conn, _found(conn, line, address))
    finally:
        database.dispose()


def _wait(database: Database, line: Line, address: str | None, number: int) -> None:
    """Until so many messages are answered and everything said is on its way."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with database.read() as conn:
            if _settled(conn, line, address, number):
                return
        time.sleep(0.1)
    raise AssertionError(f"{line.id}: no answer to message {number}")


def _settled(conn: Connection, line: Line, address: str | None, number: int) -> bool:
    i, o = tables.inbox.c, tables.outbox.c
    try:
        conversation = _found(conn, line, address)
    except LookupError:
        return False
    done = conn.execute(select(i.done_at).where(i.conversation_id == conversation.id)).scalars()
    states = conn.execute(select(o.status).where(o.conversation_id == conversation.id)).scalars()
    waiting = line.channel != "webchat" and "queued" in set(states)
    times = list(done)
    return len(times) == number and None not in times and not waiting


def _found(conn: Connection, line: Line, address: str | None) -> Conversation:
    c = tables.conversations.c
    query = select(*COLUMNS).where(c.channel == line.channel)
    row = conn.execute(query if address is None else query.where(c.address == address)).first()
    if row is None:
        raise LookupError(f"there is no conversation on {line.id}")
    return from_row(row)


def _offered(
    conn: Connection, conversation: Conversation, step: Choose
) -> tuple[OutboxMessage, int, Option]:
    for message in outbox_queries.last_turn(conn, conversation.id):
        for index, option in enumerate(options_of(message.message)):
            if option.payload == step.payload:
                return message, index, option
    raise AssertionError(f"{conversation.channel}: {step.payload} is not offered")


def _outcome(conn: Connection, conversation: Conversation) -> Outcome:
    i, o = tables.inbox.c, tables.outbox.c
    said: dict[int | None, list[dict[str, Any]]] = {}
    replies = select(o.inbox_id, o.content).where(o.conversation_id == conversation.id)
    for row in conn.execute(replies.order_by(o.id)):
        said.setdefault(row.inbox_id, []).append(row.content)
    heard = select(i.id, i.intent).where(i.conversation_id == conversation.id)
    given = ratings.given(conn, conversation.id, conversation.session, "bot")
    waiting = [h for h in handovers.waiting(conn) if h.conversation_id == conversation.id]
    return Outcome(
        tuple(
            (row.intent, tuple(said.get(row.id, ()))) for row in conn.execute(heard.order_by(i.id))
        ),
        conversation.owner,
        (given.score,) if given else (),
        tuple((each.reason, each.topic) for each in waiting),
        tuple(each.text for each in disclosures.of(conn, conversation.id)),
    )

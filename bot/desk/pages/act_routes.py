"""The routes for agents' acts: each is one call of the desk's service and a ring of the notifier.

A script gets `{"to": page}` or `{"error": sentence}`; a form that the browser itself sent goes to
the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.desk.conversations import placeholders, reply_limits
from bot.desk.conversations.service import Service
from bot.desk.login.auth import PREFIX, Access
from bot.desk.login.sign_in import field
from bot.desk.pages import responses
from bot.store.notify.notifier import Notifier

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.store.desk.agents import Agent

P = ParamSpec("P")


class ActRoutes:
    """Handles the requests for acts.

    Args:
        access: store and time.
        service: the desk's rules.
        notifier: wakes streams and the courier after an act.
    """

    def __init__(self, access: Access, service: Service, notifier: Notifier) -> None:
        self._access = access
        self._service = service
        self._notifier = notifier

    async def take(self, request: Request, talk_id: str) -> HTTPResponse:
        """Takes a conversation from the queue."""
        await self._act(request, talk_id, self._service.take, self._access.now())
        return responses.done(request, _talk(talk_id))

    async def reply(self, request: Request, talk_id: str) -> HTTPResponse:
        """Answers the customer; the field `client_id` makes the same answer twice one."""
        words, key = field(request, "text"), field(request, "client_id")
        now, file = self._access.now(), field(request, "file")
        self._check_filled(words)
        await self._act(request, talk_id, self._service.reply, words, now, key, file)
        return responses.done(request, _talk(talk_id))

    async def ask_number(self, request: Request, talk_id: str, kind: str) -> HTTPResponse:
        """Asks the customer for a private number, which is not masked then."""
        await self._act(request, talk_id, self._service.ask_number, kind, self._access.now())
        return responses.done(request, _talk(talk_id))

    async def transfer(self, request: Request, talk_id: str) -> HTTPResponse:
        """Passes a conversation on to another team, with a note."""
        team, note = field(request, "team"), field(request, "note")
        await self._act(
            request, talk_id, self._service.transfers.transfer, team, note, self._access.now()
        )
        return responses.done(request, PREFIX)

    async def assign(self, request: Request, talk_id: str) -> HTTPResponse:
        """Passes a conversation on to a colleague, with a note."""
        to, note = field(request, "person"), field(request, "note")
        chosen = int(to) if to.isascii() and to.isdecimal() and len(to) < 19 else 0
        act = self._service.assignments.assign
        await self._act(request, talk_id, act, chosen, note, self._access.now())
        return responses.done(request, PREFIX)

    async def take_over(self, request: Request, talk_id: str) -> HTTPResponse:
        """Takes what a colleague has."""
        act = self._service.assignments.take_over
        await self._act(request, talk_id, act, self._access.now())
        return responses.done(request, _talk(talk_id))

    async def release(self, request: Request, talk_id: str) -> HTTPResponse:
        """Gives a conversation back to the queue."""
        release = self._service.transfers.release
        await self._act(request, talk_id, release, self._access.now())
        return responses.done(request, PREFIX)

    async def note(self, request: Request, talk_id: str) -> HTTPResponse:
        """Keeps a note for colleagues."""
        words = field(request, "text")
        await self._act(request, talk_id, self._service.note, words, self._access.now())
        return responses.done(request, _talk(talk_id))

    async def close(self, request: Request, talk_id: str) -> HTTPResponse:
        """Settles a conversation; the field `seen` says what the agent has read.

        With the field `untold` the customer hears nothing.
        """
        settled, seen = field(request, "settled"), field(request, "seen")
        read = int(seen) if seen.isdecimal() and len(seen) < 19 else None
        now = self._access.now()
        told, resolution = not field(request, "untold"), field(request, "resolution")
        if told:
            self._check_filled(settled)
        close = self._service.close
        await self._act(
            request, talk_id, close, settled, now, seen=read, resolution=resolution, told=told
        )
        return responses.done(request, _talk(talk_id))

    async def to_bot(self, request: Request, talk_id: str) -> HTTPResponse:
        """Gives a conversation back to the assistant."""
        await self._act(request, talk_id, self._service.to_bot, self._access.now())
        return responses.done(request, _talk(talk_id))

    async def measure(self, request: Request, channel: str) -> HTTPResponse:
        """Answers how many messages a text makes on a channel, and what still fits."""
        known = self._service.desk.channels.get(channel)
        found = reply_limits.size(known, field(request, "text"))
        return responses.data({"words": found.words, "many": found.many, "left": found.left})

    def _check_filled(self, words: str) -> None:
        # Here, not with the acts: only the desk's own fields have placeholders. What an agent of
        # another desk writes between braces is text.
        placeholders.check_filled(words, self._service.desk.organisation)

    async def _act(
        self,
        request: Request,
        talk_id: str,
        act: Callable[Concatenate[Connection, str, Agent, P], object],
        *args: P.args,
        **named: P.kwargs,
    ) -> None:
        """Lets the agent who is logged in do something with a conversation."""

        def run(conn: Connection) -> object:
            return act(conn, talk_id, request.ctx.agent, *args, **named)

        await self._access.database.run(run)
        self._notifier.ring("outbox", talk_id)


def _talk(talk_id: str) -> str:
    return f"{PREFIX}/c/{talk_id}"

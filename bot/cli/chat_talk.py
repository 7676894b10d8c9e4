"""A conversation that `loket chat --json` plays: its clock, what is on the table, how it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.cli.chat_lines import BadLine, Line
from bot.messages import options_of
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import conversations
from bot.store.delivery import outbox_queries
from bot.store.handover import handovers
from bot.store.worker import timers
from bot.store.worker.turn_trace import TurnTrace, read_on

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.cli.chat import Terminal

#: Messages told of one step in time, at most.
_MOST_SAID: Final = 500


@dataclass(slots=True)
class Talk:
    """A conversation that is played.

    Attributes:
        name: its name in the output.
        terminal: the customer's end of it.
        ahead: how far its clock is ahead of the real one.
        at: the moment of the last step; None before the first.
        offered: what the customer can tap, by its words in lower case.
        heard: how far its tracker was read.
        last: the newest message (row) that was told.
        turns: how often the customer wrote.
    """

    name: str
    terminal: Terminal
    ahead: timedelta
    at: datetime | None = None
    offered: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    heard: TurnTrace = field(default_factory=TurnTrace)
    last: int = 0
    turns: int = 0

    def meant(self, line: Line) -> tuple[str, str | None]:
        """The words and the payload that a line sends.

        Raises:
            BadLine: it taps what was not shown last.
        """
        if line.tap is None:
            titles = {payload: title for title, payload in self.offered.values()}
            text = line.text if line.text is not None else titles.get(line.payload or "", "")
            return text, line.payload
        found = self.offered.get(line.tap.strip().casefold())
        if found is None:
            offered = [title for title, _ in self.offered.values()]
            right = json.dumps(offered, ensure_ascii=False)
            raise BadLine(f"{line.tap} was not shown last", f"one of {right}, or text")
        return found

    def show(self, said: Sequence[OutboxMessage]) -> None:
        """Notes what the customer sees now; what was shown before stays when nothing was said."""
        if not said:
            return
        self.last = max(self.last, *(each.id for each in said))
        options = [option for each in said for option in options_of(each.message)]
        self.offered = {each.title.casefold(): (each.title, each.payload) for each in options}


def before(
    conn: Connection, talk: Talk
) -> tuple[Conversation | None, datetime | None, tuple[OutboxMessage, ...]]:
    """The conversation, its first timer, and what was said that was not told yet."""
    known = conversations.find(conn, talk.terminal.channel.name, talk.terminal.address)
    if known is None:
        return None, None, ()
    said = outbox_queries.since(conn, known.id, talk.last, _MOST_SAID)
    return known, timers.next_due(conn, known.id), said


def after(
    conn: Connection, talk: Talk
) -> tuple[Conversation | None, TurnTrace, Handover | None, tuple[OutboxMessage, ...]]:
    """How the conversation stands, and what was said since."""
    known = conversations.find(conn, talk.terminal.channel.name, talk.terminal.address)
    if known is None:
        return None, replace(talk.heard, parsed=None), None, ()
    said = outbox_queries.since(conn, known.id, talk.last, _MOST_SAID)
    heard = read_on(conn, known.id, talk.heard)
    return known, heard, handovers.find_open(conn, known.id), said

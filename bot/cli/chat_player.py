"""Plays conversations line by line, any number beside each other, each with a clock of its own.

A customer who comes back after six hours does so in `{"after": "6h"}`: the clock of the
conversation is moved, and what the worker does meanwhile by itself (a question for a score, the
offer to be called back) happens at its own moment. Other conversations keep their time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bot import clock
from bot.cli import chat_lines, chat_report, chat_talk
from bot.cli.chat_drawing import drawn
from bot.cli.chat_lines import BadLine, Line
from bot.cli.chat_talk import Talk
from bot.errors import LoketError
from bot.records.outbox_message import OutboxMessage
from bot.store.delivery import outbox_queries
from bot.store.worker.turn_trace import read_on
from bot.worker import timer_actions
from bot.worker.worker_config import WorkerConfig
from channels.protocol import Channel

if TYPE_CHECKING:
    from bot.cli.chat import Terminal

#: Timers of one conversation that are carried out in one step in time: none sets itself for ever.
_MOST_TIMERS: Final = 100


class Player:
    """Plays lines, and tells what came of each."""

    def __init__(
        self,
        connect: Callable[[Channel, str], Terminal],
        channels: Mapping[str, Channel],
        channel: str,
        run: str,
        manner: WorkerConfig,
    ) -> None:
        """Takes what conversations need.

        Args:
            connect: makes the customer's end of a conversation, by channel and name.
            channels: every channel by name.
            channel: name of the one of conversations that choose none.
            run: name of the conversation of lines that name none; other names begin with it, so
                that what is played twice does not go on where the first time ended.
            manner: the worker's configuration.
        """
        self._connect = connect
        self._channels = channels
        self._channel = channel
        self._run = run
        self._manner = manner
        self._talks: dict[str, Talk] = {}

    async def play(self, number: int, text: str) -> dict[str, Any]:
        """Plays one line; never silent: a line that is wrong is told with what would be right.

        Args:
            number: of the line.
            text: the line.
        """
        told: dict[str, Any] = {"line": number}
        try:
            line = chat_lines.read(text)
            talk = await self._talk(line)
            with clock.moved(talk.ahead):
                await self._step(talk, line, told)
        except BadLine as error:
            told |= {"error": str(error), "right": error.right}
        except LoketError as error:
            told |= {"error": str(error), "right": "the same again, or another session"}
        return told

    async def _talk(self, line: Line) -> Talk:
        name = line.session or self._run
        talk = self._talks.get(name)
        channel = line.channel or (talk.terminal.channel.name if talk else self._channel)
        if channel not in self._channels:
            raise BadLine(f"there is no channel {channel}", f"one of {', '.join(self._channels)}")
        if talk is None:
            address = name if name == self._run else f"{self._run}/{name}"
            terminal = self._connect(self._channels[channel], address)
            talk = self._talks[name] = await self._opened(name, terminal)
        elif channel != talk.terminal.channel.name:
            right = f"{talk.terminal.channel.name}, or another session"
            raise BadLine(f"{name} is a conversation on another channel than {channel}", right)
        return talk

    async def _opened(self, name: str, terminal: Terminal) -> Talk:
        """A conversation as it is taken up: one of an earlier run does not go back in time."""
        talk = Talk(name, terminal, timedelta())
        known, _, _ = await terminal.database.query(chat_talk.before, talk)
        if known is not None:
            heard, said = known.last_inbound_at, known.last_outbound_at
            talk.at = max(filter(None, (heard, said)), default=known.created_at)
            talk.ahead = max(talk.at - clock.now(), timedelta())
            talk.heard = await terminal.database.query(read_on, known.id, talk.heard)
            talk.show(await terminal.database.query(outbox_queries.last_turn, known.id))
        return talk

    async def _step(self, talk: Talk, line: Line, told: dict[str, Any]) -> None:
        told["session"], told["channel"] = talk.name, talk.terminal.channel.name
        moment = self._moment(talk, line)
        said = await self._wait(talk, moment)
        if moment is not None:
            clock.move_to(moment)
            talk.ahead = clock.ahead()
        talk.at = clock.now()
        told["at"] = self._local(talk.at)
        told["meanwhile"] = [
            {"at": self._local(each.created_at), **chat_report.reply(each.message)} for each in said
        ]
        talk.show(said)
        intent, took = None, 0.0
        told |= {"turn": talk.turns, "asked": None, "replies": []}
        if line.says:
            text, payload = talk.meant(line)
            handled = await talk.terminal.say(text, payload)
            talk.turns += 1
            intent, took = handled.intent, handled.milliseconds
            told |= {"turn": talk.turns, "asked": {"text": text, "payload": payload}}
        known, talk.heard, waiting, replies = await talk.terminal.database.query(
            chat_talk.after, talk
        )
        told["replies"] = [chat_report.reply(each.message) for each in replies]
        talk.show(replies)
        told["understood"] = chat_report.understood(intent, talk.heard.parsed)
        told["state"] = chat_report.state(known, talk.heard, waiting)
        told["rendering"] = list(drawn(talk.terminal.channel, [*said, *replies]))
        told["ms"] = round(took, 1)

    def _moment(self, talk: Talk, line: Line) -> datetime | None:
        """When the customer writes, or None: right now."""
        now = clock.now()
        if line.after is not None:
            moment = now + line.after
        elif line.at is not None:
            zone = self._manner.organisation.timezone
            moment = line.at if line.at.tzinfo else line.at.replace(tzinfo=zone)
        else:
            return None
        if abs(moment - (now - talk.ahead)) > chat_lines.MOST:
            raise BadLine(f"{moment} is too far away", "within ten years")
        if talk.at is None or moment >= now:
            return moment
        if moment < talk.at.replace(second=0, microsecond=0):
            right = f"a moment from {self._local(talk.at)} on, or another session"
            raise BadLine(f"{moment} is before the last message of {talk.name}", right)
        return None  # the minute in which the last message was

    async def _wait(self, talk: Talk, moment: datetime | None) -> Sequence[OutboxMessage]:
        """Lets time go by, with timers at their own moments; returns what was said meanwhile."""
        database, until = talk.terminal.database, moment or clock.now()
        known, due, said = await database.query(chat_talk.before, talk)
        for _ in range(_MOST_TIMERS):
            if known is None or due is None or due > until:
                break
            clock.move_to(max(due, clock.now()))
            await timer_actions.fire_timers(database, self._manner, clock.now(), known.id)
            known, then, said = await database.query(chat_talk.before, talk)
            if then == due:  # somebody works on the conversation
                break
            due = then
        return said

    def _local(self, moment: datetime) -> str:
        return self._manner.organisation.local(moment).isoformat(timespec="seconds")

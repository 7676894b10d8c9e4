"""`loket chat`: talk to the bot in the terminal, through the worker's own code."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import click

from bot import clock, extension
from bot.catalogue import say
from bot.cli import terminal_input
from bot.cli.chat_drawing import shown
from bot.cli.chat_player import Player
from bot.conversation import built_in_messages
from bot.core.interface import Assistant
from bot.errors import LoketError
from bot.logs import logging_setup
from bot.messages import Inbound
from bot.ops.text_loading import use as use_texts
from bot.ops.train import train_if_needed
from bot.records.outbox_message import TERMINAL
from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.store.sql.database import Database
from bot.store.worker import claims, inbox, next_claim
from bot.store.worker.claims import Afterwards
from bot.store.worker.next_claim import Claimant
from bot.worker.handler import Handled, Handler
from bot.worker.leases import LEASE
from bot.worker.process import load_assistant, load_config
from channels import registry
from channels.protocol import Channel


@dataclass(slots=True)
class Terminal:
    """A conversation with one customer: the person at the keyboard."""

    database: Database
    handler: Handler
    assistant: Assistant | None
    channel: Channel
    address: str
    worker: str

    async def say(self, text: str, payload: str | None = None) -> Handled:
        """Sends one message and returns what came of it."""
        inbound = Inbound(self.channel.name, self.address, uuid.uuid4().hex, text, payload)

        def accept_and_claim(conn: Any) -> next_claim.NextWork:
            # In one transaction, so that a worker that happens to run leaves this message alone.
            accepted = inbox.accept(conn, inbound, clock.now())
            claimant = Claimant(self.worker, claims.new_token(), clock.now(), LEASE)
            work = next_claim.claim(conn, claimant, accepted.conversation_id)
            if work is None:
                raise LoketError(
                    "This conversation is being handled elsewhere. Choose another --session."
                )
            return work

        work = await self.database.run(accept_and_claim)
        claim, handled = work.claim, None
        try:
            for message in work.messages:
                if handled is not None:
                    claim = await self.database.run(claims.begin, claim)
                then: Afterwards = "ends" if message is work.messages[-1] else "stands"
                handled = await self.handler.handle(claim, message, self.assistant, then)
        finally:
            if handled is None or handled.claim != "ends":
                await self.database.run(claims.release, claim)
        assert handled is not None  # a claim has a message
        return handled


@click.command()
@click.option(
    "--channel",
    help="Show replies as this channel would; without it as the first of credentials.yml.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="A message a line in, as words or as JSON; what came of it as one JSON object a line out.",
)
@click.option("--session", help="Continue (or start) the conversation of this name.")
@click.option(
    "--debug",
    is_flag=True,
    help="Print the whole traceback of what fails, with all values in it: on your own machine.",
)
def chat(*, channel: str | None, as_json: bool, session: str | None, debug: bool) -> None:
    """Talk to the bot in the terminal; Ctrl-D leaves.

    With --json a line may be an object: session (a conversation's name), text, payload or tap (an
    option's), channel, after ("6h") or at ("2026-12-01T09:30").

    The first time a model is trained, which takes about half a minute.
    """
    settings = load_settings(otherwise={"LOKET_LOG_LEVEL": "WARNING"})
    logging_setup.configure(settings.log_level, settings.log_format, tracebacks=debug)
    use_texts(settings.root)
    channels = registry.previews(settings.root)
    channel = channel or next(iter(channels), "")
    if channel not in channels:
        names = ", ".join(sorted(channels))
        raise click.BadParameter(
            f"there is no {channel} in {registry.FILE}; choose from {names}.",
            click.get_current_context(),
            param_hint="--channel",
        )
    train_if_needed(settings)
    name = session or uuid.uuid4().hex[:8]
    terminal_input.run(_chat(settings, channels, channel, name, as_json=as_json))


async def _chat(
    settings: Settings,
    channels: Mapping[str, Channel],
    channel: str,
    session: str,
    *,
    as_json: bool,
) -> None:
    database = Database(settings.database_url)
    try:
        database.upgrade(settings.country)
        extension.load().prepare(settings)
        manner = load_config(settings)
        with_numbers = {each.name for each in channels.values() if each.capabilities.numbered}
        # Nobody is at the desk of who tries a conversation, but the announcement is to be read.
        manner = replace(manner, numbered=with_numbers if as_json else {channel}, own_desk=False)
        handler = Handler(database, clock.now, manner)
        assistant = await load_assistant(settings, database)
        worker = f"terminal-{uuid.uuid4().hex[:8]}"

        def connect(to: Channel, name: str) -> Terminal:
            return Terminal(database, handler, assistant, to, f"{TERMINAL}{name}", worker)

        if as_json:
            await _pipe(Player(connect, channels, channel, session, manner))
        else:
            await _converse(connect(channels[channel], session), session)
    finally:
        database.dispose()


async def _pipe(player: Player) -> None:
    number = 0
    async for line in terminal_input.lines():
        number += 1
        told = await player.play(number, line)
        click.echo(json.dumps(told, ensure_ascii=False))


async def _converse(terminal: Terminal, session: str) -> None:
    prompt = say("terminal.prompt")
    click.echo(f"{say('terminal.begin', session=session)}\n\n{prompt}", nl=False)
    async for text in terminal_input.lines():
        handled = await terminal.say(text)
        for line in shown(terminal.channel, handled.messages):
            click.echo(line)
        if handled.owner == "queued" and not handled.messages:
            click.echo(f"   {built_in_messages.noted_short()[0]}")
        click.echo(f"\n{prompt}", nl=False)
    click.echo(f"\n{say('terminal.end')}")

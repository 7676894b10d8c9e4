"""`loket parse`: how the model understands sentences, without a conversation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import click

from bot.cli import terminal_input
from bot.conversation.cleaning import clean
from bot.logs import logging_setup
from bot.ops.train import train_if_needed
from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.store.sql.database import Database
from bot.worker.process import load_assistant

if TYPE_CHECKING:
    from bot.core.assistant import RasaAssistant


@click.command()
def parse() -> None:
    """Read one utterance a line from standard input; write one JSON object a line.

    The intent is null when the model does not understand the utterance.
    """
    settings = load_settings(otherwise={"LOKET_LOG_LEVEL": "WARNING"})
    logging_setup.configure(settings.log_level, settings.log_format)
    train_if_needed(settings)
    terminal_input.run(_parse(settings))


async def _parse(settings: Settings) -> None:
    database = Database(settings.database_url)
    try:
        assistant = cast("RasaAssistant", await load_assistant(settings, database))
        async for text in terminal_input.lines():
            # A slash marks a payload within Rasa; in an utterance it is just a character.
            parsed = await assistant.parse(clean(text).lstrip("/ "))
            found = {
                "text": text,
                "intent": parsed.intent,
                "confidence": round(parsed.confidence, 4),
                "entities": [dict(entity) for entity in parsed.entities],
            }
            click.echo(json.dumps(found, ensure_ascii=False))
    finally:
        database.dispose()

"""What `loket doctor` finds of Loket itself: database, model, workers and delivery."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from bot import clock
from bot.attachments.file_keeper import storage_of
from bot.errors import ConfigurationError, ModelMissing
from bot.ops.train import current_model, models
from bot.process.readiness import Limits, Readiness
from bot.settings import Settings
from bot.store.sql.database import Database
from bot.store.worker import heartbeats
from bot.store.worker.heartbeats import Heartbeat, Role
from channels.protocol import Check

_START: Final = "Start Loket: loket run, or"
_STORED: Final = "Messages can be stored"


async def checks(settings: Settings, *, pushes: bool) -> Sequence[Check]:
    """Looks at each part by itself, so that one that is away hides no other.

    Args:
        settings: where things are.
        pushes: whether answers must be handed to a provider.
    """
    made = _is_made(settings)
    model = _model(settings, begun=made)
    files = await asyncio.to_thread(_files, settings)
    if not made:
        nothing = "There is no database yet; loket run makes it."
        return (Check("database", ok=True, sentence=nothing), model, files)
    database = Database(settings.database_url)
    limits = Limits.of(settings)
    try:
        found = await Readiness(database, limits, clock.now).faults()
        if found.intake:
            return (_database(settings, found.intake), model, files)
        alive = await database.query(heartbeats.alive, clock.now() - limits.silence)
    finally:
        database.dispose()
    found_database = _database(settings, None)
    return (found_database, model, files, *_processes(alive, found.service, pushes=pushes))


def _is_made(settings: Settings) -> bool:
    address = make_url(settings.database_url)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").exists()


def _database(settings: Settings, fault: str | None) -> Check:
    address = make_url(settings.database_url)  # without its password, and whoever logs in
    where = address.host or address.query.get("host") or "this machine"
    kind = "SQLite" if address.get_backend_name() == "sqlite" else f"PostgreSQL at {where}"
    if fault is None:
        return Check("database", ok=True, sentence=f"{_STORED} ({kind}).")
    return Check("database", ok=False, sentence=f"{_capital(fault)} ({kind}; LOKET_DATABASE_URL).")


def _files(settings: Settings) -> Check:
    """Where the files of customers and agents are."""
    if settings.attachments_url:
        where, setting = f"bucket {settings.attachments_url}", "LOKET_ATTACHMENTS_URL"
    else:
        where, setting = str(settings.attachments_dir), "LOKET_ATTACHMENTS_DIR"
    try:
        storage_of(settings).check()
    except OSError as error:
        sentence = f"Files cannot be kept: {error} ({where}; {setting})."
        return Check("files", ok=False, sentence=sentence)
    return Check("files", ok=True, sentence=f"Files can be kept ({where}).")


def _model(settings: Settings, *, begun: bool) -> Check:
    """The model that a worker would take.

    Args:
        settings: where models are.
        begun: whether Loket has ever started here; before that, none is missing.
    """
    try:
        name = current_model(settings).name
        return Check("model", ok=True, sentence=f"{name} is trained on the present content.")
    except ModelMissing:
        pass
    except ConfigurationError as error:
        return Check("model", ok=False, sentence=f"The content cannot be read: {error}")
    if older := models(settings):
        sentence = (
            f"The content has changed since {older[0].name}, which a worker takes for now. Run "
            "loket train, then start the workers anew."
        )
        return Check("model", ok=False, sentence=sentence)
    sentence = f"There is none in {settings.models_dir}. Train one: loket train, or loket run."
    return Check("model", ok=not begun, sentence=sentence)


def _processes(alive: Sequence[Heartbeat], fault: str | None, *, pushes: bool) -> Iterator[Check]:
    workers = _ready(alive, "worker")
    if workers == 0 and not any(each.role == "worker" for each in alive):
        yield Check("worker", ok=False, sentence=f"{_capital(fault or '')}. {_START} loket worker.")
    elif workers == 0:
        yield Check("worker", ok=False, sentence="No worker has its model yet; its log says why.")
    elif fault:
        more = "Its log says what it does; start another loket worker when it is busy."
        yield Check("worker", ok=False, sentence=f"{_capital(fault)}. {more}")
    else:
        many = "A worker answers" if workers == 1 else f"{workers} workers answer"
        yield Check("worker", ok=True, sentence=f"{many}; nobody waits too long.")
    if pushes and not _ready(alive, "delivery"):
        sentence = f"Nobody sends answers to the channels. {_START} loket delivery."
        yield Check("delivery", ok=False, sentence=sentence)
    elif pushes:
        yield Check("delivery", ok=True, sentence="Answers are handed to the channels.")


def _ready(alive: Sequence[Heartbeat], role: Role) -> int:
    return sum(each.ready for each in alive if each.role == role)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]

"""`loket run`: everything that has to be there, then the three roles, in one command."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from datetime import UTC, datetime

import click

from actions.backends import sample
from bot.desk import chatwoot, links
from bot.errors import LoketError, ModelMissing
from bot.listening import listen
from bot.ops.train import current_model
from bot.settings import Settings
from bot.store import agents
from bot.store.database import Database
from bot.supervisor import Child, Supervisor, spawn

_LOKET = (sys.executable, "-m", "bot.cli")
#: Seconds after which we stop waiting for the web process to answer before we say where it is.
_UNTIL_ANSWER = 30.0


class TrainingError(LoketError):
    """The child that trains has said why and ended with an error."""


def run(settings: Settings) -> int:
    """Prepares and runs Loket until SIGINT or SIGTERM.

    Returns:
        The exit code: 0 after a signal.

    Raises:
        LoketError: something needed is wrong; the message says what and the way out.
    """
    return asyncio.run(_run(settings))


async def _run(settings: Settings) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    listen(settings.host, settings.port).close()  # to know now, not after a training
    chatwoot.config(settings)
    _prepare_data(settings)
    await _train(settings, stop)
    if stop.is_set():
        return 0
    environment = {
        "LOKET_ROOT": str(settings.root),
        "LOKET_HOST": settings.host,
        "LOKET_PORT": str(settings.port),
        "LOKET_WORKER_NAME": settings.worker_name,  # the same after a restart
    }
    supervisor = Supervisor(
        [
            Child("web", (*_LOKET, "web"), environment),
            Child("worker", (*_LOKET, "worker"), environment),
            Child("delivery", (*_LOKET, "delivery"), environment),
        ],
        _say,
    )
    greeting = asyncio.create_task(_say_where(settings))
    try:
        return await supervisor.run(stop)
    finally:
        greeting.cancel()
        _say("Loket has stopped.")


def _say(sentence: str) -> None:
    click.echo(f"loket: {sentence}", err=True)


def _prepare_data(settings: Settings) -> None:
    database = Database(settings.database_url)
    try:
        database.upgrade()
    finally:
        database.dispose()
    sample.ensure(settings.shop_database_url)


async def _train(settings: Settings, stop: asyncio.Event) -> None:
    """Trains in a child, whose memory is free again afterwards."""
    try:
        current_model(settings)
    except ModelMissing:
        _say("There is no model for the present content yet; training takes about half a minute.")
    else:
        return
    child = Child("train", (*_LOKET, "train", "--quiet"), {"LOKET_ROOT": str(settings.root)})
    process = await spawn(child)
    stopping = asyncio.create_task(stop.wait())
    trained = asyncio.create_task(process.wait())
    await asyncio.wait([stopping, trained], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not trained.done():
        process.terminate()
    if await trained and not stop.is_set():
        raise TrainingError("Loket cannot start without a model; see above what is wrong.")


async def _say_where(settings: Settings) -> None:
    """Says where to look once there is something to see."""
    host = "127.0.0.1" if settings.host in ("", "0.0.0.0") else settings.host  # noqa: S104
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_UNTIL_ANSWER):
            while not await _answers(host, settings.port):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
    _say(f"Open {settings.public_url}/ in a browser. Ctrl-C stops Loket.")
    if link := await asyncio.to_thread(_setup_link, settings):
        _say(f"Nobody can answer customers yet. Within an hour, make the first user at {link}")
    else:
        _say(f"Agents log in at {settings.public_url}/desk")


def _setup_link(settings: Settings) -> str | None:
    """Where the first supervisor chooses a password; None when there is anybody already."""
    database = Database(settings.database_url)
    try:
        with database.read() as conn:
            somebody = agents.exist(conn)
    finally:
        database.dispose()
    if somebody:
        return None
    token = links.setup_token(settings.secret, datetime.now(UTC))
    return f"{settings.public_url}/desk/setup/{token}"


async def _answers(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True

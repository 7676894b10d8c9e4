"""`loket run`: prepares database, data and model, then runs web, worker and delivery."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from functools import partial

import click

from bot import clock, extension
from bot.cli.port_check import reached_at
from bot.core import rasa_versions, safeguard_check
from bot.desk.external import chatwoot
from bot.desk.login import one_time_links
from bot.errors import LoketError, ModelMissing
from bot.ops.train import check_models_folder, current_model
from bot.process.liveness import Liveness
from bot.process.supervisor import Child, Patience, Supervisor, spawn
from bot.process.watchdog import Probe, WatchdogLimits, answers
from bot.settings import Settings
from bot.store.sql.database import Database
from bot.web.listen_socket import listen

_LOKET = (sys.executable, "-m", "bot.cli")
#: Seconds after which we stop waiting for the web process to answer before we say where it is.
_UNTIL_ANSWER = 30.0


class TrainingError(LoketError):
    """The training failed; the child process that trains has said why."""


def run(settings: Settings) -> int:
    """Prepares and runs Loket until SIGINT or SIGTERM.

    Returns:
        The exit code: 0 after a signal.

    Raises:
        LoketError: something needed is wrong; the message says what and the way out.
    """
    return asyncio.run(_run(settings, Liveness.of_this_process()))


async def _run(settings: Settings, beats: Liveness) -> int:
    async with beats.register("run").beating():
        return await _run_all(settings, beats)


async def _run_all(settings: Settings, beats: Liveness) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    listen(settings.host, settings.port).close()  # fails now, not after a training
    chatwoot.config(settings)
    rasa_versions.check()
    safeguard_check.check(settings.root)
    trained = _is_trained(settings)
    if not trained:
        check_models_folder(settings)
    with beats.slow():
        _prepare_data(settings)
    if not trained:
        await _train(settings, stop)
    if stop.is_set():
        return 0
    environment = {
        "LOKET_ROOT": str(settings.root),
        "LOKET_HOST": settings.host,
        "LOKET_PORT": str(settings.port),
        "LOKET_WORKER_NAME": settings.worker_name,  # a restart keeps the name
    }
    probe = _probe(settings)
    supervisor = Supervisor(
        [
            Child("web", (*_LOKET, "web"), environment, beats=True, probe=probe),
            Child("worker", (*_LOKET, "worker"), environment, beats=True),
            Child("delivery", (*_LOKET, "delivery"), environment, beats=True),
        ],
        _say,
        Patience(limits=_limits(settings)),
    )
    greeting = asyncio.create_task(_say_where(settings, probe))
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
        database.upgrade(settings.country)
    finally:
        database.dispose()
    extension.load().prepare(settings)


def _is_trained(settings: Settings) -> bool:
    try:
        current_model(settings)
    except ModelMissing:
        return False
    return True


async def _train(settings: Settings, stop: asyncio.Event) -> None:
    """Trains in a child, whose memory is free again afterwards."""
    _say("There is no model for the present content yet; training takes about half a minute.")
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


def _limits(settings: Settings) -> WatchdogLimits:
    return WatchdogLimits(
        silence=settings.watchdog_timeout,
        start=max(settings.watchdog_start_timeout, settings.watchdog_timeout),
        probe_every=min(settings.watchdog_interval, settings.watchdog_timeout / 3),
    )


def _probe(settings: Settings) -> Probe:
    """Asks the web process where it listens, not where a proxy is."""
    return partial(answers, reached_at(settings.host), settings.port)


async def _say_where(settings: Settings, probe: Probe) -> None:
    """Says where to look once there is something to see."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_UNTIL_ANSWER):
            while not await probe():  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
    _say(f"Open {settings.public_url}/ in a browser. Ctrl-C stops Loket.")
    _say(await asyncio.to_thread(_about_the_desk, settings, sys.stderr.isatty()))


def _about_the_desk(settings: Settings, on_terminal: bool) -> str:  # noqa: FBT001 - one caller's
    """A sentence about the desk. The first user's link is shown on a terminal, never logged."""
    database = Database(settings.database_url)
    try:
        with database.read() as conn:
            link = one_time_links.setup_link(conn, settings, clock.now())
    finally:
        database.dispose()
    if link is None:
        return f"Agents log in at {settings.public_url}/desk"
    if on_terminal:
        return f"Nobody can answer customers yet. Within an hour, make the first user at {link}"
    return "Nobody can answer customers yet. For the first user's link: loket desk setup-link"

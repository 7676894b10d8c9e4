"""The web process: takes messages in, streams answers out, serves the front page.

It imports neither Rasa nor TensorFlow, so it accepts messages a second after its start and goes
on doing so while the worker loads a model or is down.
"""

from __future__ import annotations

import os
import pkgutil
from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from itertools import count
from typing import Any, Final

import structlog
from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, text

from bot import clock
from bot.attachments.file_keeper import FileKeeper
from bot.desk.conversations.absent_agents import AbsenceWatch
from bot.desk.conversations.canned_file import CannedFile
from bot.desk.conversations.service import Service
from bot.desk.external import chatwoot
from bot.desk.external.chatwoot import routes as chatwoot_routes
from bot.desk.login import auth, routes
from bot.desk.pages import routes as desk
from bot.desk.pages.live_updates import DeskHub
from bot.file_permissions import OWNER_ONLY
from bot.front_page import routes as front_page
from bot.process import watchdog
from bot.process.liveness import Beat, Liveness
from bot.process.readiness import Limits, Readiness
from bot.settings import Settings
from bot.store.notify import notifier
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database
from bot.transcripts import routes as transcripts
from bot.web import error_responses, http_framing, knowledge_pages, sent_files, server
from bot.web.http_protocol import RefusedRequest, Room
from bot.web.listen_socket import connections, listen
from bot.web.security_headers import SECURITY_HEADERS
from channels import registry
from channels.protocol import Channel
from channels.services import Services

log = structlog.get_logger(__name__)

#: Largest body of a route that does not set its own limit, in bytes (a provider may send 3 MB).
_MAX_BODY = 4 * 1024 * 1024
#: Seconds within which a request's head must have arrived, from its first byte.
HEAD_TIME = 20.0
#: Seconds that a connection may be without a request: longer than a proxy keeps it (nginx: 60), so
#: that no request meets a connection that is being closed.
_IDLE_TIME: Final = 75.0

_numbers = count(1)


def create_app(settings: Settings) -> Sanic[Any, Any]:
    """Makes the application; nothing is opened before it starts. Upgrade the database first.

    Args:
        settings: all of them; the app keeps them in `app.ctx.settings`, the database beside them.

    Raises:
        ConfigurationError: a channel in `credentials.yml` is set up wrongly or by half.
    """
    # Sanic keeps apps by name for the life of the process; tests make several.
    app = Sanic(f"loket-{next(_numbers)}", env_prefix=None, configure_logging=False)
    app.config.update(
        {
            "REQUEST_MAX_SIZE": _MAX_BODY,
            "REQUEST_MAX_HEADER_SIZE": http_framing.MAX_HEAD + 1,
            "REQUEST_TIMEOUT": HEAD_TIME,
            "KEEP_ALIVE_TIMEOUT": _IDLE_TIME,
            "PROXIES_COUNT": settings.trusted_proxies or None,
            "ACCESS_LOG": False,
        }
    )
    database = Database(settings.database_url)
    wakeups = notifier.of(settings.database_url, settings.var_dir)
    app.ctx.settings = settings
    app.ctx.database = database
    channels = registry.load(settings.root)
    services = Services(database, wakeups, settings, clock.now, registry.profiles(settings.root))
    app.ctx.rejected = services.rejected
    app.ctx.refusals = Counter()
    app.ctx.room = Room(connections(settings.max_connections))
    for channel in channels.values():
        app.blueprint(pkgutil.resolve_name(channel.routes)(channel, services))
    script = services.profiles.script(channels)
    app.blueprint(front_page.blueprint(settings, script))
    app.blueprint(knowledge_pages.blueprint(settings, script))
    app.blueprint(sent_files.blueprint(database, FileKeeper.of(settings).storage))
    app.blueprint(transcripts.blueprint(settings, database, services.profiles, clock.now))
    if (other_desk := chatwoot.config(settings)) is not None:
        app.blueprint(chatwoot_routes.blueprint(other_desk, services))
    _desk(app, channels, wakeups)
    _health(app, Readiness(database, Limits.of(settings), clock.now))
    app.register_middleware(_secure, "response")
    app.error_handler.add(Exception, _fail)
    _life(app, services)
    return app


def serve(settings: Settings) -> None:
    """Brings the database up to date and serves until SIGTERM or SIGINT.

    Raises:
        ConfigurationError: the host, the port or the database cannot be used.
    """
    os.umask(OWNER_ONLY)
    sock = listen(settings.host, settings.port)
    beats = Liveness.of_this_process()
    beat = beats.register("web")
    app = create_app(settings)
    with beats.slow():
        app.ctx.database.upgrade(settings.country)
    app.register_listener(_beating(beat), "before_server_start")
    server.serve(app, sock)
    log.info("web_stopped")


def _desk(app: Sanic[Any, Any], channels: Mapping[str, Channel], wakeups: Notifier) -> None:
    access = auth.Access(app.ctx.database, app.ctx.settings, clock.now)
    app.ctx.access = access
    hub = DeskHub(access.database)
    service = Service.load(access.settings, channels)
    app.blueprint(routes.blueprint(access))
    app.blueprint(desk.blueprint(access, service, wakeups, hub))
    desk.live(app, hub, wakeups)
    brings = CannedFile(access.database, access.settings.root, clock.now)
    app.register_listener(brings.start, "before_server_start")
    watch = AbsenceWatch(access.database, service, wakeups, clock.now)
    app.register_listener(watch.start, "before_server_start")
    app.register_listener(watch.stop, "before_server_stop")


def _beating(
    beat: Beat,
) -> Callable[[Sanic[Any, Any], AbstractEventLoop], Coroutine[Any, Any, None]]:
    async def start(app: Sanic[Any, Any], loop: AbstractEventLoop) -> None:
        app.ctx.beating = loop.create_task(beat.keep())

    return start


def _life(app: Sanic[Any, Any], services: Services) -> None:
    async def dispose(_app: Sanic[Any, Any], _loop: AbstractEventLoop) -> None:
        services.notifier.close()
        services.database.dispose()

    app.register_listener(dispose, "after_server_stop")


def _health(app: Sanic[Any, Any], readiness: Readiness) -> None:
    async def healthz(_request: Request) -> HTTPResponse:
        """The process is alive, and Loket's."""
        return text("ok\n", headers=dict((watchdog.OWN,)))

    async def readyz(_request: Request) -> HTTPResponse:
        """Customers are served: messages can be stored, and are answered in time."""
        return judged((await readiness.faults()).service)

    async def intake(_request: Request) -> HTTPResponse:
        """This process can take messages in, whoever answers them; for a balancer."""
        return judged((await readiness.faults()).intake)

    def judged(fault: str | None) -> HTTPResponse:
        return text("ok\n") if fault is None else text(f"{fault}\n", 503)

    async def stop(_app: Sanic[Any, Any], _loop: AbstractEventLoop) -> None:
        readiness.close()

    app.add_route(healthz, "/healthz")
    app.add_route(readyz, "/readyz")
    app.add_route(intake, "/readyz/intake")
    app.register_listener(stop, "before_server_stop")


async def _fail(request: Request, error: Exception) -> HTTPResponse:
    failure = error_responses.judge(error)
    if failure.status >= 500 and not isinstance(error, RefusedRequest):
        name, place = type(error).__name__, error_responses.place(error)
        log.error("request_failed", status=failure.status, error=name, at=place)
    if request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", ""):
        kind, body = "text/html; charset=utf-8", failure.page
    else:
        kind, body = "application/json", failure.json
    return HTTPResponse(body, failure.status, failure.headers, kind)


async def _secure(_request: Request, response: BaseHTTPResponse) -> None:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)

"""Serves an app on a socket until SIGTERM or SIGINT, then lets busy requests finish."""

from __future__ import annotations

import asyncio
import signal
import socket
from typing import Any, Final

import structlog
import uvloop
from sanic import Sanic
from sanic.server import AsyncioServer

from bot.web.http_protocol import Protocol

log = structlog.get_logger(__name__)

#: Seconds that requests under way get to finish when the process is asked to stop.
GRACE: Final = 5.0
#: Seconds between two looks at whether they have.
_LOOK: Final = 0.05


def serve(app: Sanic[Any, Any], sock: socket.socket) -> None:
    """Serves until the process is asked to stop.

    Sanic's own `run` ignores signals between its start and its service; this never does.

    Args:
        app: an app made by `bot.web.app.create_app`.
        sock: the listening socket; closed afterwards.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(app, sock))


async def _serve(app: Sanic[Any, Any], sock: socket.socket) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = await app.create_server(
        sock=sock,
        protocol=Protocol,
        access_log=False,
        return_asyncio_server=True,
        asyncio_server_kwargs={"start_serving": False},
    )
    assert server is not None  # its type allows for a deprecated argument
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    host, port, *_ = sock.getsockname()
    log.info("web_started", host=host, port=port)
    await stop.wait()
    await server.before_stop()
    await _end(server)
    await server.after_stop()


async def _end(server: AsyncioServer) -> None:
    """Takes no more connections and ends those there are, busy ones after a while."""
    closed = server.close()
    try:
        async with asyncio.timeout(GRACE):
            while server.connections:
                for each in tuple(server.connections):
                    each.close_if_idle()
                await asyncio.sleep(_LOOK)
    except TimeoutError:
        for each in tuple(server.connections):
            each.drop()
    await closed

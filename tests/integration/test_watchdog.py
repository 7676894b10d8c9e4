"""The real web process under the supervisor: started again when it hangs, and else left alone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from bot.process.supervisor import Child, Patience, Supervisor
from bot.process.watchdog import WatchdogLimits, answers
from tests.support.webchat import Server

pytestmark = pytest.mark.slow

#: The web process with one more route, which never gives the loop back.
SPINS = """
from bot.web import app
from bot.settings_loading import load_settings

make = app.create_app

def with_a_fault(settings):
    app = make(settings)

    async def spin(request):
        while True:
            pass

    app.add_route(spin, "/spin")
    return app

app.create_app = with_a_fault
app.serve(load_settings())
"""


class Web:
    """A web process that is kept running."""

    def __init__(self, server: Server) -> None:
        self.url = server.url
        self.port = server.port
        self.log = server.log
        self.said: list[str] = []
        self.client = httpx.AsyncClient(base_url=self.url, timeout=5)

    async def answers(self) -> bool:
        try:
            return (await self.client.get("/healthz")).status_code == 200
        except httpx.TransportError:
            return False

    async def hangs_and_is_told(self) -> bool:
        return any("and is ended" in sentence for sentence in self.said)

    def pid(self) -> int:
        """The one process that listens here; those of other tests may be children as well."""
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        (pid,) = [
            int(each) for each in listed if b"/spin" in Path(f"/proc/{each}/cmdline").read_bytes()
        ]
        return pid


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.05)


@asynccontextmanager
async def kept(folder: Path, limits: WatchdogLimits) -> AsyncIterator[Web]:
    server = Server(folder)
    web = Web(server)
    command = ("sh", "-c", 'log=$1; shift; exec "$@" 2>>"$log"', "sh", str(server.log))
    child = Child(
        "web",
        (*command, sys.executable, "-c", SPINS),
        server.env,
        beats=True,
        probe=partial(answers, "127.0.0.1", server.port),
    )
    patience = Patience(first_restart=0.1, hung=0.5, limits=limits)
    stop = asyncio.Event()
    running = asyncio.create_task(Supervisor([child], web.said.append, patience).run(stop))
    try:
        await until(web.answers)
        yield web
    finally:
        stop.set()
        await running
        await web.client.aclose()


HASTY = WatchdogLimits(silence=3, start=60)


async def test_one_request_that_hangs_the_process_does_not_stop_loket(tmp_path: Path) -> None:
    """It spins, heeds no SIGTERM, and is ended and started again; the log says where it was."""
    async with kept(tmp_path, HASTY) as web:
        before = web.pid()
        with pytest.raises(httpx.TransportError):
            await web.client.get("/spin")
        await until(web.hangs_and_is_told)
        await until(web.answers)
        assert web.pid() != before
        assert web.said[1] == "web stopped (signal 9); starting it again in 0.1 s."
        assert "in spin" in web.log.read_text()


async def test_a_stopped_process_is_started_again(tmp_path: Path) -> None:
    async with kept(tmp_path, HASTY) as web:
        before = web.pid()
        os.kill(before, signal.SIGSTOP)
        await until(web.hangs_and_is_told)
        await until(web.answers)
        assert web.pid() != before


async def test_a_busy_process_is_left_alone(tmp_path: Path) -> None:
    """More requests at once than it can answer soon, for longer than it may be silent."""
    async with kept(tmp_path, WatchdogLimits(silence=5, start=60)) as web:
        before = web.pid()

        async def ask() -> None:
            async with httpx.AsyncClient(base_url=web.url, timeout=60) as client:
                for _ in range(40):
                    assert (await client.get("/kennis")).status_code == 200

        end = asyncio.get_running_loop().time() + 8
        while asyncio.get_running_loop().time() < end:
            await asyncio.gather(*(ask() for _ in range(20)))
        assert web.pid() == before
        assert web.said == []

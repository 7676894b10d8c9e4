"""`loket run`: one command starts everything, keeps it running and stops it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.model]
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "took too long"
        time.sleep(0.1)


class Run:
    """A running `loket run` with data of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.log = folder / "log"
        environment = self.environment = {
            **os.environ,
            "LOKET_PORT": str(self.port),
            "LOKET_VAR_DIR": str(folder / "var"),
            "LOKET_LOG_FORMAT": "json",
            **settings,
        }
        command = [sys.executable, "-m", "bot.cli", "run"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=log)

    def said(self, words: str) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return words in self.log.read_text()

    def loket(self, *arguments: str) -> str:
        """What another command of Loket says, on the same data."""
        command = [sys.executable, "-m", "bot.cli", *arguments]
        return subprocess.check_output(command, env=self.environment, cwd=ROOT, text=True)

    def children(self) -> dict[str, int]:
        """The processes it started, by role."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        commands = {
            int(pid): Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in listed.split()
        }
        return {command[3]: pid for pid, command in commands.items() if len(command) > 3}


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Started; the model is trained now if it was not there."""
    running = Run(tmp_path)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def test_everything_starts_survives_and_stops(run: Run) -> None:
    """The page is there, a killed worker comes back, and SIGINT ends all with exit code 0."""
    until(lambda: run.said("in a browser. Ctrl-C stops Loket."), 240)
    with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/", timeout=5) as page:
        assert page.status == 200
    until(lambda: run.said("loket desk setup-link"), 20)
    link = run.loket("desk", "setup-link").strip()
    with urllib.request.urlopen(link, timeout=5) as page:
        assert page.status == 200
    assert not run.said("/desk/setup/")
    until(lambda: run.said('"assistant_ready"'), 60)

    before = run.children()
    os.kill(before["worker"], signal.SIGKILL)
    until(lambda: run.said("worker stopped (signal 9); starting it again in 1 s."), 10)
    until(lambda: run.children().get("worker", before["worker"]) != before["worker"], 10)
    assert run.children()["web"] == before["web"]
    assert run.children()["delivery"] == before["delivery"], "what is said goes out meanwhile"

    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(10) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in before.values())


def test_roles_that_hang_are_started_again(tmp_path: Path) -> None:
    """Both at once; loading the model, short as the time may be, is no hanging."""
    run = Run(tmp_path, LOKET_WATCHDOG_TIMEOUT="5")
    try:
        until(lambda: run.said('"assistant_ready"'), 240)
        before = run.children()
        assert not run.said("is ended")
        os.kill(before["web"], signal.SIGSTOP)
        os.kill(before["worker"], signal.SIGSTOP)
        for role in ("web", "worker"):
            until(lambda role=role: run.said(f"{role} stopped (signal 9)"), 60)
            until(lambda role=role: run.children().get(role, before[role]) != before[role], 30)
        until(lambda: run.log.read_text().count('"assistant_ready"') == 2, 120)
        assert run.children()["delivery"] == before["delivery"]
        with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/healthz", timeout=30) as answer:
            assert answer.status == 200
    finally:
        run.process.send_signal(signal.SIGINT)
        try:
            run.process.wait(30)
        finally:
            run.process.kill()
            run.process.wait()

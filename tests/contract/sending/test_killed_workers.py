"""What every push channel does when the worker is killed while it speaks."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.adapters.base import Adapter, Provider
from tests.contract.sending.line import Line
from tests.contract.test_channels import call, settings_of
from tests.support.webchat import ROOT, Server, running

pytestmark = pytest.mark.usefixtures("own_words")


ECHO = ROOT / "tests/support/echo_worker.py"


@pytest.fixture
def server(adapter: Adapter, provider: Provider, tmp_path: Path) -> Iterator[Server]:
    """One whose environment is the worker's too: it speaks to this test's provider."""
    environment = {**settings_of(adapter, provider), "LOKET_BURST_PAUSE": "0"}
    with running(tmp_path, **environment) as server:
        yield server


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_killed_worker_loses_and_doubles_nothing(line: Line, server: Server) -> None:
    """Killed again and again: every answer arrives once, or is shown as maybe lost."""
    texts = [f"vraag {number:02d}" for number in range(12)]
    for number, text in enumerate(texts):
        assert call(line.web, line.adapter.text(f"8{number:02d}", text)) == 200
    rng = random.Random(7)
    for _ in range(4):
        _work_and_die(server, rng.uniform(0.8, 2.5))
    worker = _worker(server)
    try:
        # What was under way is in doubt after 90 s, and Twilio's list is believed after 60 more.
        _wait(lambda: _settled(line, len(texts)), 240)
    finally:
        worker.kill()
        worker.wait()
    said = "\n".join(line.texts())
    assert max(said.count(f"echo {text}.") for text in texts) == 1
    missing = [text for text in texts if f"echo {text}." not in said]
    assert len(missing) <= len(line.lost())


def _worker(server: Server) -> subprocess.Popen[bytes]:
    env = {**server.env, "LOKET_WORKER_NAME": "w1"}
    command = [sys.executable, str(ECHO), "0.05"]
    with (server.folder / "worker.log").open("ab") as log:
        return subprocess.Popen(command, env=env, stdout=log, stderr=log)


def _work_and_die(server: Server, seconds: float) -> None:
    worker = _worker(server)
    time.sleep(seconds)
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def _settled(line: Line, turns: int) -> bool:
    with line.mailbox.database.read() as conn:
        waiting = conn.exec_driver_sql("SELECT count(*) FROM inbox WHERE done_at IS NULL").scalar()
        queued = conn.exec_driver_sql(
            "SELECT count(*) FROM outbox WHERE status = 'queued'"
        ).scalar()
    return waiting == 0 and queued == 0


def _wait(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)

"""How long Loket takes to be there, and how much memory its two roles hold."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from actions.backends import sample
from bot.settings import Settings
from tests.support.webchat import free_port

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Start:
    """Of one start of `loket run`.

    Attributes:
        accepted: seconds until a customer's first message was stored.
        answered: seconds until that message had its answer.
        web: resident memory of the web role after it, in MB.
        worker: that of the worker, in MB.
    """

    accepted: float
    answered: float
    web: float
    worker: float


def measure() -> Start:
    """Starts Loket with a trained model and an empty database, and writes to it."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LOKET_ROOT": str(ROOT),
            "LOKET_VAR_DIR": folder,
            "LOKET_PORT": str(port),
            "LOKET_LOG_LEVEL": "ERROR",
        }
        sample.ensure(Settings.load(environment, ROOT).own["shop_database_url"])
        with (Path(folder) / "log").open("wb") as log:
            began = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "run"], env=environment, stdout=log, stderr=log
            )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
                client.headers["Authorization"] = f"Bearer {_session(client)}"
                message = {"id": str(uuid.uuid4()), "text": "waar is mijn pakket?"}
                client.post("/webchat/messages", json=message).raise_for_status()
                accepted = time.perf_counter() - began
                _answered(client)
                answered = time.perf_counter() - began
            roles = {
                role: child.memory_info().rss / 1e6
                for child in psutil.Process(process.pid).children(recursive=True)
                for role in ("web", "worker")
                if role in child.cmdline()
            }
            return Start(accepted, answered, roles["web"], roles["worker"])
        finally:
            process.terminate()
            process.wait(30)


def _session(client: httpx.Client) -> str:
    """A browser's token; tried until the web role listens."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            token: str = client.post("/webchat/session", json={}).json()["token"]
        except httpx.TransportError:
            time.sleep(0.02)
        else:
            return token
    raise SystemExit("Loket did not start within two minutes.")


def _answered(client: httpx.Client) -> None:
    """Reads the stream until the bot has said something besides that it is an AI."""
    with client.stream("GET", "/webchat/events", timeout=180) as stream:
        for line in stream.iter_lines():
            if line.startswith("data: ") and '"author": "bot"' in _spaced(line):
                return
    raise SystemExit("Loket closed the stream before it answered.")


def _spaced(line: str) -> str:
    return line.replace('":"', '": "')

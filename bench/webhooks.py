"""How fast each channel's webhook answers while a worker is busy.

`make bench-webhooks` (or `python bench/webhooks.py --seconds 20 --rate 20`) starts the web process
with all channels, a worker that answers each message after a second, and fake providers; then it
sends messages at a steady rate, each channel by itself, and prints how long the 200 took. Meta asks
for a median of at most 250 ms with under 1 % over 1 s; Twilio for 15 s in all.
"""

from __future__ import annotations

import argparse
import importlib
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.contract.adapters.base import Adapter, Call  # noqa: E402 - found by the line above
from tests.contract.adapters.sms import PUBLIC  # noqa: E402 - as above
from tests.support.webchat import running  # noqa: E402 - as above

#: Different customers, so that the worker has turns to do side by side.
CUSTOMERS = 20
#: Seconds that the worker takes for a turn.
TURN = 1.0


def adapters() -> list[Adapter]:
    """Every push channel."""
    names = ("whatsapp", "sms", "telegram")
    modules = (importlib.import_module(f"tests.contract.adapters.{name}") for name in names)
    return [adapter for module in modules for adapter in module.ADAPTERS]


def measure(url: str, calls: Sequence[Call], rate: float) -> list[float]:
    """Sends the calls at a rate a second; returns how long each answer took, in milliseconds."""
    with httpx.Client(base_url=url, timeout=30) as web, ThreadPoolExecutor(32) as pool:

        def send(call: Call, due: float) -> float:
            time.sleep(max(0.0, due - time.perf_counter()))
            began = time.perf_counter()
            answer = web.request(
                call.method, call.path, headers=call.headers, content=call.body or None
            )
            took = (time.perf_counter() - began) * 1000
            if answer.status_code != 200:
                raise SystemExit(f"{call.path} answered {answer.status_code}")
            return took

        start = time.perf_counter() + 0.5
        dues = [start + index / rate for index in range(len(calls))]
        return list(pool.map(send, calls, dues))


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    return sorted_values[math.ceil(share * len(sorted_values)) - 1]


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=15.0, help="for each channel")
    parser.add_argument("--rate", type=float, default=20.0, help="messages a second")
    given = parser.parse_args()
    print(f"{given.rate:g} messages a second for {given.seconds:g} s; a turn takes {TURN:g} s")
    print(f"{'channel':<12}{'messages':>9}{'p50 ms':>9}{'p99 ms':>9}{'most ms':>9}{'over 1 s':>10}")
    for adapter in adapters():
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            provider = adapter.provider()
            stack.callback(provider.close)
            environment = {"LOKET_PUBLIC_URL": PUBLIC, **adapter.environment(provider)}
            server = stack.enter_context(running(folder, **environment))
            worker = subprocess.Popen(
                [sys.executable, str(ROOT / "tests/support/echo_worker.py"), str(TURN)],
                env={**server.env, "LOKET_LOG_LEVEL": "ERROR"},
                stderr=subprocess.DEVNULL,
            )
            stack.callback(worker.wait)
            stack.callback(worker.kill)
            calls = [
                adapter.text(f"{number + 1}", f"vraag {number}", _customer(adapter, number))
                for number in range(int(given.seconds * given.rate))
            ]
            took = sorted(measure(server.url, calls, given.rate))
            over = sum(each > 1000 for each in took) / len(took)
            print(
                f"{adapter.id:<12}{len(took):>9}{percentile(took, 0.5):>9.1f}"
                f"{percentile(took, 0.99):>9.1f}{took[-1]:>9.1f}{over:>10.1%}"
            )


def _customer(adapter: Adapter, number: int) -> str:
    """One of a few customers: the adapter's own address with other last digits."""
    return f"{adapter.sender[:-2]}{10 + number % CUSTOMERS}"


if __name__ == "__main__":
    main()

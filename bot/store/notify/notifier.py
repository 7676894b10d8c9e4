"""The notifier: wake-ups between processes, "there is something new, look now".

A ring is a hint. It may get lost or come for nothing, so whoever listens also looks by itself now
and then; the truth is in the tables.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from bot.store.notify.notifier_pipes import PipeNotifier
from bot.store.notify.notifier_postgresql import PostgresNotifier


class Listener(Protocol):
    """Waits for rings of one topic."""

    async def wait(self, timeout: float) -> str | None:  # noqa: ASYNC109 - its result says so
        """Wait for a ring.

        Several rings with the same key before a wait count as one. A ring from before the wait
        is not missed. One task at a time may wait.

        Args:
            timeout: seconds to wait at most.

        Returns:
            The key that was rung; `""` when rings may have been missed, so that anything may be
            new; None after the time-out.
        """
        ...


class Notifier(Protocol):
    """Wakes whoever listens to a topic, in any process."""

    def ring(self, topic: str, key: str = "") -> None:
        """Ring, after the commit. Never waits and never fails; from any thread.

        Args:
            topic: `inbox` (something for the workers), `outbox` (something for customers),
                `desk` (how far a message to a customer came), or one of those that
                `bot.store.desk.page_questions` and `bot.store.notify.typing_signs` name.
            key: the conversation that it concerns, by id; empty: any.
        """
        ...

    def listen(self, topic: str) -> AbstractAsyncContextManager[Listener]:
        """Listen for as long as the context is open."""
        ...

    def close(self) -> None:
        """Stop ringing: closes its connections."""
        ...


def of(database_url: str, var_dir: Path) -> Notifier:
    """The notifier that goes with a database: whoever shares the one shares the other.

    Args:
        database_url: as given to `Database`.
        var_dir: folder for the pipes of this machine's processes; used with SQLite.
    """
    if database_url.startswith("postgresql"):
        return PostgresNotifier(database_url)
    return PipeNotifier(var_dir / "bells")

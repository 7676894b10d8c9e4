"""What was done to Loket when, for whoever looks for a cause afterwards."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(slots=True)
class Happening:
    """A fault, a restart or a step of the run.

    Attributes:
        begin: seconds since the run began.
        end: when it was over; None while it lasts.
        kind: such as `kill web` or `database cut`.
        detail: whatever tells it from others: a process id, seconds.
        clock: the time of day at its beginning (UTC), as Loket's logs have it.
    """

    begin: float
    end: float | None
    kind: str
    detail: str
    clock: str


class Timeline:
    """Notes happenings, in memory and as lines of JSON in a file as they end."""

    def __init__(self, file: Path) -> None:
        """Begins now."""
        self._file = file
        self._zero, self._began = time.monotonic(), datetime.now(UTC)
        self.happenings: list[Happening] = []

    def now(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._zero

    def at(self, moment: datetime) -> float:
        """A time of day as seconds since the beginning."""
        return (moment - self._began).total_seconds()

    def note(self, kind: str, detail: str = "") -> None:
        """Something that takes no time."""
        with self.during(kind, detail):
            pass

    @contextmanager
    def during(self, kind: str, detail: str = "") -> Iterator[Happening]:
        """Something that lasts as long as the context."""
        clock = f"{datetime.now(UTC):%H:%M:%S.%f}"[:-3]
        happening = Happening(self.now(), None, kind, detail, clock)
        self.happenings.append(happening)
        try:
            yield happening
        finally:
            happening.end = self.now()
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(happening)) + "\n")

    def between(self, since: float, until: float) -> tuple[Happening, ...]:
        """What happened in a span of time, in order of beginning."""
        return tuple(
            each
            for each in self.happenings
            if each.begin <= until and (each.end is None or each.end >= since)
        )

"""How much of the machine others used while we measured.

Others are all processes that this one did not start. What they used is what the processors did
altogether, less what our own processes account for; both are counted in ticks of ten milliseconds,
so that a stretch of less than a second says little.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import psutil

#: Linux's PR_SET_CHILD_SUBREAPER.
_ADOPT: Final = 36


@dataclass(frozen=True, slots=True)
class Load:
    """One stretch of time.

    Attributes:
        others: processor seconds a second that others used: 0.1 is a tenth of a core.
        stolen: processor seconds a second that the host of a virtual machine kept for itself.
        average: the load average of the last minute, at the end.
        seconds: how long it was.
    """

    others: float
    stolen: float
    average: float
    seconds: float


class Neighbours:
    """Watches the machine from when it is made."""

    def __init__(self, also: Collection[str] = ()) -> None:
        """Begins a stretch.

        Args:
            also: names of programs that work for us although we did not start them, such as
                `postgres`.
        """
        self._also = frozenset(also)
        self._before = self._look()

    def lap(self) -> Load:
        """The stretch that ends now; the next one begins."""
        before, now = self._before, self._look()
        self._before = now
        busy, stolen, own, clock = (new - old for new, old in zip(now, before, strict=True))
        seconds = max(clock, 0.001)
        return Load(
            max(0.0, busy - own) / seconds, stolen / seconds, os.getloadavg()[0], round(seconds, 2)
        )

    def _look(self) -> tuple[float, float, float, float]:
        clock = time.monotonic()
        busy, stolen = _machine(psutil.cpu_times())
        return busy, stolen, self._own(), clock

    def _own(self) -> float:
        """Processor seconds of this process, all below it, and those that helped."""
        this = psutil.Process()
        own = {each.pid: each for each in (this, *this.children(recursive=True))}
        if self._also:
            for process in psutil.process_iter(["name"]):
                if process.info["name"] in self._also:
                    own[process.pid] = process
        return sum(spent(each) for each in own.values())


def adopt_orphans() -> None:
    """Makes this process the parent of those below it whose own parent ends.

    A training leaves such processes behind; what they used would pass for others' work.
    """
    ctypes.CDLL(None).prctl(_ADOPT, 1, 0, 0, 0)


def spent(process: psutil.Process) -> float:
    """Processor seconds of a process and of those below it that have ended; 0 when it is gone."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    # A parent takes over the times of a child that it has waited for, so that nothing is lost.
    return float(times.user + times.system + times.children_user + times.children_system)


def tree_spent(pid: int) -> float:
    """Processor seconds of a process and of all below it, those that have ended included."""
    top = psutil.Process(pid)
    return sum(spent(each) for each in (top, *top.children(recursive=True)))


def _machine(times: Any) -> tuple[float, float]:
    """Seconds that the processors were busy, and that the host took."""
    # A guest's time is part of `user` already.
    counted = {name: value for name, value in times._asdict().items() if "guest" not in name}
    stolen = counted.get("steal", 0.0)
    idle = counted["idle"] + counted.get("iowait", 0.0)
    return sum(counted.values()) - idle - stolen, stolen

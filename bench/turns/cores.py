"""Which processor core does what: the measured one on one, everything else on the others."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def served_and_rest() -> tuple[int, set[int]]:
    """The core for what is measured, and those for the rest: the same one where there is one."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[0], set(cores[1:]) or set(cores)


@contextmanager
def kept_to(cores: set[int]) -> Iterator[None]:
    """This process, and what it starts meanwhile, on these cores only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def on_core(core: int) -> list[str]:
    """The beginning of a command that runs Python on one core."""
    return ["taskset", "--cpu-list", str(core), sys.executable]

"""Python's collector of garbage, which rests while a process starts."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Collects no garbage within this.

    Importing and loading make a million objects that stay. Each time the collector looks through
    those that are there already, to find none to free: a tenth of a start.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()

"""The collector of garbage rests while a process starts, and works again afterwards."""

from __future__ import annotations

import gc

import pytest

from bot.core.garbage import uncollected


@pytest.mark.parametrize("collects", [True, False])
def test_the_collector_is_as_it_was(collects: bool) -> None:
    """Also after an error, and where it was off before."""
    before = gc.isenabled()
    (gc.enable if collects else gc.disable)()
    try:
        assert not _collects_within()
        with pytest.raises(ZeroDivisionError), uncollected():
            _ = 1 / 0
        assert gc.isenabled() == collects
    finally:
        (gc.enable if before else gc.disable)()


def _collects_within() -> bool:
    with uncollected():
        return gc.isenabled()

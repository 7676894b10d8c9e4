"""The settings and databases that the actions keep for a process, and tests must not share."""

from __future__ import annotations

from actions import surroundings
from actions.backends import shop


def forget() -> None:
    """Closes what the actions opened, and lets them read the environment anew."""
    if surroundings._proofs.cache_info().currsize:
        surroundings._proofs()._database.dispose()
    if shop._database.cache_info().currsize:
        shop._database().dispose()
    for cached in (
        surroundings.settings,
        surroundings._proofs,
        shop._database,
        shop._days_prepared,
    ):
        cached.cache_clear()

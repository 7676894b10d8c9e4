"""The settings and databases that the actions keep for a process, and tests must not share."""

from __future__ import annotations

from actions.backends import shop
from bot.dialogue import runtime


def forget() -> None:
    """Closes what the actions opened, and lets them read the environment anew."""
    if runtime._proofs.cache_info().currsize:
        runtime._proofs()._database.dispose()
    if shop._database.cache_info().currsize:
        shop._database().dispose()
    for cached in (
        runtime.settings,
        runtime._proofs,
        shop._database,
        shop._days_prepared,
    ):
        cached.cache_clear()

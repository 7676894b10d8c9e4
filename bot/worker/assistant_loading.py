"""Loads the worker's model, again and again until one is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.core.interface import Assistant
from bot.process.heartbeat import Heartbeats

log = structlog.get_logger(__name__)

#: Seconds that customers wait for the first model; after it they get a person.
FIRST_LOAD = 120.0
#: Pause before a model that could not be loaded is tried again.
RELOAD = 30.0


class AssistantLoader:
    """The assistant of one worker, as soon as it is loaded.

    Attributes:
        assistant: the loaded model, or None as long as there is none.
        settled: whether the first model is there, or is waited for no longer.
    """

    def __init__(
        self,
        load: Callable[[], Awaitable[Assistant]],
        heart: Heartbeats,
        changed: Callable[[], None],
    ) -> None:
        """Keeps its parts; nothing starts before `keep`.

        Args:
            load: loads the assistant; tried again when it fails.
            heart: says elsewhere that this worker is ready.
            changed: called when `assistant` or `settled` may have changed.
        """
        self._load = load
        self._heart = heart
        self._changed = changed
        self.assistant: Assistant | None = None
        self.settled = False

    async def keep(self) -> None:
        """Tries until the assistant is loaded."""
        asyncio.get_running_loop().call_later(FIRST_LOAD, self._settle)
        while self.assistant is None:
            try:
                self.assistant = await self._load()
                self._heart.ready()
                log.info("assistant_ready")
            except Exception as error:  # noqa: BLE001 - a person answers meanwhile
                log.error("assistant_not_loaded", error=type(error).__name__, reason=str(error))
            self._settle()
            if self.assistant is None:
                await asyncio.sleep(RELOAD)

    def _settle(self) -> None:
        self.settled = True
        self._changed()

"""Delivering webhooks as providers do: again and again until Loket says 200, and sometimes after.

Source: Meta tries for up to 7 days with longer and longer pauses; Telegram tries "a reasonable
number of times"; Twilio tries as often as `#rc=` in the address says, at most 5 times in 15 s, and
then gives up: here it begins anew after a pause, and the report counts how often that was.
"""

from __future__ import annotations

import asyncio
import random
from typing import Final

import aiohttp

from tests.chaos.ledger import Entry, Ledger, Took
from tests.chaos.timeline import Timeline
from tests.contract.adapters.base import Call

#: Seconds that providers wait for an answer (Twilio: 15; Meta and Telegram say less or nothing).
ANSWER_TIME: Final = 15.0
#: Longest pause between two tries; the real ones wait for minutes.
_LONGEST: Final = 4.0
_GIVE_UP_PAUSE: Final = 10.0


class Post:
    """Sends requests to Loket's web process."""

    def __init__(self, url: str, ledger: Ledger, rng: random.Random, when: Timeline) -> None:
        """Opens nothing yet; use it as a context."""
        self._url = url
        self._ledger = ledger
        self._rng = rng
        self._when = when

    async def __aenter__(self) -> Post:
        self._client = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=ANSWER_TIME),
            connector=aiohttp.TCPConnector(limit=0),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def once(
        self,
        channel: str,
        call: Call,
        entry: Entry | None = None,
        headers: dict[str, str] | None = None,
    ) -> int:
        """One request; its status, or 0 when no answer came."""
        if entry is not None:
            entry.tries += 1
        began = self._when.now()
        try:
            async with self._client.request(
                call.method,
                f"{self._url}{call.path}",
                data=call.body or None,
                headers={**call.headers, **(headers or {})},
            ) as answer:
                await answer.read()
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._ledger.answers[channel, type(error).__name__] += 1
            return 0
        now = self._when.now()
        self._ledger.answers[channel, str(status)] += 1
        if 200 <= status < 300:
            what = f"{channel} {'receipt' if entry is None else 'message'}"
            self._ledger.took.append(Took(now, now - began, what))
            if entry is not None and entry.accepted_at is None:
                entry.accepted_at = now
        elif status >= 500:
            self._when.note("5xx", f"{channel} {status} {entry.token if entry else 'receipt'}")
        return status

    async def until_taken(
        self,
        channel: str,
        call: Call,
        entry: Entry | None = None,
        *,
        retries: int = 0,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Sends it until Loket takes it; the run cancels what is never taken."""
        pause, tries = 0.25, 0
        while not 200 <= await self.once(channel, call, entry, headers) < 300:
            tries += 1
            if retries and tries > retries:
                self._ledger.given_up += entry is not None
                tries, pause = 0, _GIVE_UP_PAUSE
            await asyncio.sleep(pause * self._rng.uniform(0.5, 1.5))
            pause = min(_LONGEST, pause * 2)
        if entry is None:
            self._ledger.receipts += 1
        if self._rng.random() < 0.05:  # the answer came, and was lost on the way
            await asyncio.sleep(self._rng.uniform(0, 2))
            await self.once(channel, call, entry, headers)

"""A browser in the web chat, by the real HTTP API: it posts, and reads its stream of events.

It comes back after every break with the id of the last event it has seen, as `EventSource` does,
and shows an entry once, as Loket's page does.
"""

from __future__ import annotations

import asyncio
import json
import random
from ipaddress import IPv4Address
from uuid import UUID

import aiohttp

from tests.chaos.ear import Ear, Wire
from tests.chaos.posting import Post
from tests.chaos.timeline import Timeline
from tests.contract.adapters.base import Call


class Page:
    """One customer's page.

    Attributes:
        address: the conversation's address, known once the session is open.
    """

    def __init__(
        self, number: int, url: str, post: Post, ear: Ear, rng: random.Random, when: Timeline
    ) -> None:
        """Opens nothing yet."""
        self.customer = f"webchat {number}"
        self._url = url
        self._post = post
        self._ear = ear
        self._rng = rng
        self._when = when
        # Each customer has a network address of their own: the limits count by it.
        self._headers = {"X-Forwarded-For": str(IPv4Address((10 << 24) + number))}
        self._token = ""
        self._cursor = ""
        self._shown: set[str] = set()

    def use(self, post: Post, ear: Ear) -> None:
        """Goes on with another connection."""
        self._post, self._ear = post, ear

    async def open(self) -> None:
        """Gets a session, however often it takes."""
        while not self._token:
            try:
                timeout = aiohttp.ClientTimeout(total=10)
                async with (
                    aiohttp.ClientSession(timeout=timeout) as client,
                    client.post(
                        f"{self._url}/webchat/session", json={}, headers=self._headers
                    ) as answer,
                ):
                    if answer.status == 200:
                        self._token = (await answer.json())["token"]
                        continue
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            await asyncio.sleep(self._rng.uniform(0.3, 1.0))
        self._headers["Authorization"] = f"Bearer {self._token}"

    def call(self, text: str) -> tuple[str, Call, dict[str, str]]:
        """A message: the browser's id of it, the request, and its headers."""
        number = str(UUID(int=self._rng.getrandbits(128), version=4))
        body = json.dumps({"id": number, "text": text}).encode()
        headers = {**self._headers, "Content-Type": "application/json"}
        return number, Call("POST", "/webchat/messages", {}, body), headers

    async def read(self) -> None:
        """Reads the stream until cancelled."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=30)
        async with aiohttp.ClientSession(timeout=timeout, read_bufsize=2**20) as client:
            while True:
                cursor = {"Last-Event-ID": self._cursor} if self._cursor else {}
                try:
                    async with client.get(
                        f"{self._url}/webchat/events", headers={**self._headers, **cursor}
                    ) as answer:
                        if answer.status == 200:
                            await self._events(answer.content)
                except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
                    pass
                await asyncio.sleep(self._rng.uniform(0.5, 2.0))

    async def _events(self, content: aiohttp.StreamReader) -> None:
        fields: dict[str, str] = {}
        async for line in content:
            text = line.decode("ascii").rstrip("\r\n")
            if text:
                name, _, value = text.partition(":")
                fields[name] = value.removeprefix(" ")
                continue
            if fields.get("event") == "message":
                await self._entry(json.loads(fields["data"]))
            self._cursor = fields.get("id", self._cursor)
            fields = {}

    async def _entry(self, entry: dict[str, str]) -> None:
        name = entry["entry"]
        if name in self._shown or entry["author"] == "customer":
            return
        self._shown.add(name)
        wire = Wire(
            self.customer, self._when.now(), name, entry.get("text", ""), name.removeprefix("o")
        )
        await self._ear.hear(wire)

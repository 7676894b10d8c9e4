"""Hands messages to the portal."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from channels import http_client
from channels.capabilities import Pace
from channels.errors import (
    Ambiguous,
    BadCredentials,
    OptedOut,
    SendError,
    Throttled,
    Undeliverable,
    WindowClosed,
)
from channels.send_results import Part, Sent, Settling

#: Calls at the same time.
_CONNECTIONS: Final = 8
#: What the portal's refusals mean; any other one is about the message.
_REFUSALS: Final[dict[int, type[SendError]]] = {
    401: BadCredentials,
    404: Undeliverable,
    409: WindowClosed,
    410: OptedOut,
}


class PortalSender:
    """`channels.protocol.Sender` for the portal.

    Args:
        url: address of the portal's interface.
        token: what the portal knows us by.
        timeout: seconds that one call may take.
    """

    pace: Pace = Pace(per_recipient=0.2, per_second=20)

    def __init__(self, url: str, token: str, timeout: float) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        times = http_client.Times(min(4.0, timeout), timeout, timeout)
        self._client = http_client.HttpClient(_CONNECTIONS, times)
        self._threads = ThreadPoolExecutor(_CONNECTIONS, "portal")

    async def send(self, address: str, part: Part, key: str) -> Sent:
        """As `channels.protocol.Sender.send`."""
        data = {**part, "customer": address, "reference": key}
        answer = await self._call("POST", "/messages", data)
        try:
            return Sent(str(answer["id"]))
        except (LookupError, TypeError) as error:
            raise Ambiguous("no_id") from error

    def settling(self, address: str) -> Settling:
        """The portal lists no messages; its receipts name our reference."""
        return Settling(receipt=30.0)

    async def probe(self, address: str) -> None:
        """As `channels.protocol.Sender.probe`."""
        await self._call("GET", "/status", None)

    async def close(self) -> None:
        """Lets go of threads and connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    async def _call(self, method: str, path: str, data: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._exchange, method, path, data)

    def _exchange(self, method: str, path: str, data: Any) -> Any:
        answer = self._client.exchange(method, self._url + path, headers=self._headers, json=data)
        if answer.status == 429:
            after = answer.headers.get("Retry-After", "")
            raise Throttled(float(after) if after.isdecimal() else None, everyone=True)
        if answer.status >= 500:
            raise http_client.refused(answer.status)
        if answer.status >= 300:
            raise _REFUSALS.get(answer.status, Undeliverable)(str(answer.status))
        if answer.cut is not None:
            raise answer.cut
        try:
            return json.loads(answer.body)
        except ValueError as error:
            raise Ambiguous("no_json") from error

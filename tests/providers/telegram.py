"""A Bot API in a thread: it speaks Telegram's protocol and refuses what Telegram refuses."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Coroutine
from typing import Any, Final, Literal, Self, TypeVar

from aiohttp import web

from channels.telegram import Telegram
from tests.providers.telegram_methods import Chats, Refusal

T = TypeVar("T")

TOKEN: Final = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
#: `hang`: no answer for long; `close`: the connection breaks in the middle of an answer and nothing
#: was sent; `accepted`: the same, but the message was sent; `rubbish` and `empty`: 200 without JSON
#: and without a result; `busy_page`: 429 from something in between; `trickle`: a byte now and then.
Trouble = Literal[
    "429",
    "500",
    "html",
    "hang",
    "close",
    "accepted",
    "rubbish",
    "empty",
    "busy_page",
    "trickle",
]


def impatient(url: str, secret: str = "secret") -> Telegram:
    """The channel, with half a second for each answer."""
    channel = Telegram(token=TOKEN, secret=secret, api_url=url)
    channel.timeout = 0.5
    return channel


class BotApi(Chats):
    """The server; tests read what it was sent, and say what goes wrong.

    Attributes:
        url: where it listens, for `TELEGRAM_API_URL`.
        requests: how many requests to send a message came in.
        revoked: whether the token was revoked.
    """

    def __init__(self) -> None:
        """Starts on a free port of this machine."""
        super().__init__()
        self.requests = 0
        self.revoked = False
        self._troubles: deque[Trouble] = deque()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bot-api", daemon=True)
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/photos/{number}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._wait_for(self._listen())}"

    async def _listen(self) -> int:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port: int = self._runner.addresses[0][1]
        return port

    def _wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def close(self) -> None:
        """Stops the server and whatever hangs in it."""
        self._wait_for(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def misbehave(self, *troubles: Trouble) -> None:
        """The next requests to send a message go wrong in these ways, one each, in order."""
        self._troubles.extend(troubles)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        given = dict(await request.post())
        trouble: Trouble | None = None
        if method in ("sendMessage", "sendPhoto", "sendDocument"):
            self.requests += 1
            trouble = self._troubles.popleft() if self._troubles else None
        if trouble and trouble != "accepted":
            return await _go_wrong(request, trouble)
        try:
            if token != TOKEN or self.revoked:
                raise Refusal(401, "Unauthorized")
            result = self.do(method, given)
        except Refusal as refusal:
            return web.json_response(refusal.answer, status=refusal.code)
        if trouble:
            return await _cut(request)
        return web.json_response({"ok": True, "result": result})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        trouble = self._troubles.popleft() if self._troubles else None
        if trouble:
            return await _go_wrong(request, trouble)
        known = self.media.get(request.match_info["number"])
        if request.match_info["token"] != TOKEN or known is None:
            return web.json_response(Refusal(404, "Not Found").answer, status=404)
        return web.Response(body=known, content_type="application/octet-stream")


async def _go_wrong(request: web.Request, trouble: Trouble) -> web.StreamResponse:
    if trouble == "hang":
        await asyncio.sleep(30)
    if trouble in ("hang", "close"):
        return await _cut(request)
    if trouble == "429":
        busy = Refusal(429, "Too Many Requests: retry after 2", retry_after=2)
        return web.json_response(busy.answer, status=429)
    if trouble == "500":
        return web.json_response(Refusal(500, "Internal Server Error").answer, status=500)
    if trouble == "trickle":
        return await _trickle(request)
    if trouble in ("rubbish", "empty"):
        return web.Response(text="{" if trouble == "rubbish" else '{"ok": true}')
    page, status = "<html><h1>Sorry</h1></html>", 429 if trouble == "busy_page" else 502
    return web.Response(text=page, content_type="text/html", status=status)


async def _trickle(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(200):
        await response.write(b" ")
        await asyncio.sleep(0.1)
    return response


async def _cut(request: web.Request) -> web.StreamResponse:
    """Begins an answer and closes the connection in the middle of it."""
    response = web.StreamResponse(headers={"Content-Length": "500"})
    await response.prepare(request)
    await response.write(b'{"ok":')
    assert request.transport is not None
    request.transport.close()
    return response

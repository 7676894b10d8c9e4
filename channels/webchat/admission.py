"""Who may call: the pages of allowed websites, so often, with a token where one is needed."""

from __future__ import annotations

import time

from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.catalogue import say
from bot.errors import Rejected
from bot.http.rate_limit import RateLimit, address_key
from channels.webchat.session import Session
from channels.webchat.state import WebChatState


class Admission:
    """Lets requests in.

    Args:
        chat: says which pages, how often, and reads tokens.
    """

    def __init__(self, chat: WebChatState) -> None:
        self._ = chat

    async def preflight(self, request: Request) -> HTTPResponse:
        """Answers a browser that asks whether another site's page may call."""
        self._check_origin(request)
        headers = {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
            "Access-Control-Max-Age": "3600",
        }
        return empty(headers=headers)

    async def add_cors(self, request: Request, response: HTTPResponse) -> None:
        """Lets an allowed page read the answer, errors too."""
        origin = request.headers.get("origin")
        if "access-control-allow-origin" in response.headers:
            return
        response.headers["Vary"] = "Origin"
        # The refusal of a website holds nothing but why, which its builder may read.
        refusal = response.status == 403 and request.method != "OPTIONS"
        if origin and (refusal or self._.origins.allow(origin)):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "Retry-After, Content-Disposition"

    def admit(self, request: Request) -> str:
        """Lets in a request of any page that may show the chat; its network address.

        Raises:
            Rejected: 403 for another website, 429 for too many requests.
        """
        self._check_origin(request)
        address = client(request)
        self._.limits.requests_per_address.take(address, time.monotonic())
        return address

    def customer(self, request: Request, limit: RateLimit) -> Session:
        """The same of a request with a session's token, of which there may be so many.

        Raises:
            Rejected: as of `admit`; 401 without a good token.
        """
        self.admit(request)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        session = self._.sessions.read(
            token if scheme.lower() == "bearer" else "", self._.services.now()
        )
        limit.take(session.address, time.monotonic())
        return session

    def _check_origin(self, request: Request) -> None:
        origin = request.headers.get("origin")
        if not self._.origins.allow(origin):
            self._.refused.note(str(origin))
            raise Rejected(say("webchat.refused.origin"), 403)


def client(request: Request) -> str:
    """The network address that a request comes from, as far as limits count it."""
    return address_key(request.remote_addr or request.ip)

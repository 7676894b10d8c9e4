"""The HTTP client that Twilio's library sends through, in place of its own."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from twilio.http import HttpClient
from twilio.http.response import Response

from channels.sms.gateway_requests import client, exchange, times


class TwilioHttp(HttpClient):
    """The HTTP client for Twilio's library: a pool, time-outs, and nothing in the log.

    Args:
        api_url: goes in the place of `https://api.twilio.com`.
        timeout: seconds that one call may take.
    """

    def __init__(self, api_url: str, timeout: float) -> None:
        self.is_async = False
        self.timeout = timeout
        self._base = api_url.rstrip("/")
        self._client = client(timeout)

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,  # noqa: FBT001, FBT002, ARG002 - the library's signature
    ) -> Response:
        """Sends a request; see `channels.sms.gateway_requests.exchange` for what it raises."""
        parts = urlsplit(url)
        address = f"{self._base}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        answer = exchange(
            self._client,
            method.upper(),
            address,
            times=times(timeout or self.timeout),
            params=params,
            data=data,
            headers=headers,
            auth=auth,
        )
        return Response(answer.status, answer.text, answer.headers)

    def close(self) -> None:
        """Lets go of the connections."""
        self._client.close()

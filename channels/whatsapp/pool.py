"""HTTP for heyoo: connections that are kept, time-outs, and errors that say what to do next.

heyoo calls `requests.post` without a time-out and with a new connection each time, takes any answer
for JSON, and writes recipients to the root logger. Its own code runs here on a session of ours,
put in the place of the names `requests` and `logging` in its module.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from typing import Any, Final

import heyoo
import requests

from channels import wire
from channels.base import Ambiguous
from channels.whatsapp.errors import refusal

#: Calls to Graph at the same time in one process.
CONNECTIONS: Final = 16
#: Seconds to wait for a connection, and for the answer to begin, and for all of it.
CONNECT_TIME: Final = 4.0
ANSWER_TIME: Final = 15.0
#: Graph's answers are a few hundred bytes; more than this is something else.
_MAX_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of Graph, with the two things heyoo asks of it."""

    status_code: int
    body: bytes

    def json(self) -> Any:
        """The answer's JSON.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.body)


class Pool:
    """Stands in the place of the module `requests` in heyoo."""

    def __init__(
        self, connect_time: float = CONNECT_TIME, answer_time: float = ANSWER_TIME
    ) -> None:
        """Opens nothing yet.

        Args:
            connect_time: seconds to wait for a connection.
            answer_time: seconds to wait for an answer to begin, and once more to end.
        """
        self.times = (connect_time, answer_time)
        self._session = wire.session(CONNECTIONS)

    def post(self, url: str, headers: dict[str, str], json: Any) -> Answer:
        """As `requests.post`.

        Raises:
            SendError: there was no answer, or it was not 200.
        """
        return self._call("POST", url, headers, json)

    def get(self, url: str, headers: dict[str, str]) -> Answer:
        """As `requests.get`; raises as `post`."""
        return self._call("GET", url, headers, None)

    def _call(self, method: str, url: str, headers: dict[str, str], data: Any) -> Answer:
        wire.forget()
        try:
            response = self._session.request(
                method,
                url,
                headers=headers,
                json=data,
                timeout=self.times,
                stream=True,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise wire.failure(error) from None
        with response:
            body = self._body(response)
        if response.status_code != 200:
            after = response.headers.get("Retry-After")
            raise refusal(response.status_code, body or b"", after)
        if body is None:
            raise Ambiguous("cut_off")
        return Answer(200, body)

    def _body(self, response: requests.Response) -> bytes | None:
        """The body; None when it did not come whole and in time."""
        deadline = time.monotonic() + self.times[1]
        body = bytearray()
        try:
            # Byte by byte from the buffer: a server that trickles is noticed.
            for chunk in response.iter_content(1):
                body += chunk
                if len(body) > _MAX_ANSWER or time.monotonic() > deadline:
                    return None
        except requests.RequestException:
            return None
        return bytes(body)


def _silent() -> logging.Logger:
    logger = logging.getLogger("loket.heyoo")
    logger.disabled = True
    return logger


#: All calls of this process go through this one.
POOL: Final = Pool()
vars(heyoo).update(requests=POOL, logging=_silent())

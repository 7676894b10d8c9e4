"""Runs heyoo on the channels' HTTP client: kept connections, time-outs, errors of sending.

heyoo calls `requests.post` without a time-out and with a new connection each time, takes any answer
for JSON, and writes recipients to the root logger. It has no place to hand it a client. So Loket
loads a copy of its module for itself and gives that copy, and no one else's, a `requests` and a
`logging` of ours.
"""

from __future__ import annotations

import importlib.util
import json
import logging
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from channels.errors import Ambiguous
from channels.http_client import HttpClient, Times
from channels.whatsapp.errors import refusal

#: Calls to Graph at the same time in one process.
CONNECTIONS: Final = 16
#: How long one call may take.
TIMES: Final = Times(connect=4.0, answer=15.0, whole=34.0)


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """A whole answer of Graph, with the two things heyoo asks of it."""

    status_code: int
    body: bytes

    def json(self) -> Any:
        """The answer's JSON.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.body)


class GraphRequests:
    """Stands in the place of the module `requests` in our copy of heyoo.

    Args:
        client: sends the calls.
    """

    def __init__(self, client: HttpClient) -> None:
        self.client = client

    def post(self, url: str, headers: dict[str, str], json: Any) -> GraphAnswer:
        """As `requests.post`.

        Raises:
            SendError: there was no answer, or it was not 200.
        """
        return self._call("POST", url, headers, json)

    def post_form(
        self,
        url: str,
        headers: dict[str, str],
        fields: dict[str, str],
        files: dict[str, tuple[str, bytes, str]],
    ) -> GraphAnswer:
        """Posts a form with a file: its name, bytes and media type; raises as `post`."""
        return self._checked("POST", url, headers=headers, data=fields, files=files)

    def get(self, url: str, headers: dict[str, str]) -> GraphAnswer:
        """As `requests.get`; raises as `post`."""
        return self._call("GET", url, headers, None)

    def _call(self, method: str, url: str, headers: dict[str, str], data: Any) -> GraphAnswer:
        return self._checked(method, url, headers=headers, json=data)

    def _checked(self, method: str, url: str, **given: Any) -> GraphAnswer:
        answer = self.client.exchange(method, url, **given)
        if answer.status != 200:
            raise refusal(answer.status, answer.body, answer.headers.get("Retry-After"))
        if answer.cut is not None:
            raise Ambiguous("cut_off")
        return GraphAnswer(200, answer.body)


def _silent() -> logging.Logger:
    logger = logging.getLogger("loket.heyoo")
    logger.disabled = True
    return logger


def _own_copy(calls: GraphRequests) -> ModuleType:
    spec = importlib.util.find_spec("heyoo")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    # By these names heyoo's code finds what it calls.
    setattr(module, "requests", calls)  # noqa: B010 - a module has no such attribute for mypy
    setattr(module, "logging", _silent())  # noqa: B010 - the same
    return module


#: All calls of this process go through this one.
GRAPH: Final = GraphRequests(HttpClient(CONNECTIONS, TIMES))
#: heyoo, on `GRAPH`.
HEYOO: Final[Any] = _own_copy(GRAPH)

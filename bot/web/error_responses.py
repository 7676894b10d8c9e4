"""Turns what went wrong with a request into a status and a Dutch sentence. Pure."""

from __future__ import annotations

import html
import json
import traceback
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.catalogue import group, say
from bot.errors import Rejected

_PAGE = """<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{sentence}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/front_page.css">
</head>
<body>
<main>
<h1>{sentence}</h1>
<p><a href="/">{front_page}</a></p>
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Failure:
    """The answer to a request that failed.

    Attributes:
        status: HTTP status code, 400 to 599.
        sentence: what to tell the client; Dutch.
        headers: headers of the answer.
    """

    status: int
    sentence: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """The answer for a person: an HTML page."""
        return _PAGE.format(
            sentence=html.escape(self.sentence), front_page=html.escape(say("web.front_page"))
        )

    @property
    def json(self) -> str:
        """The answer for a program: `{"error": sentence}`."""
        return json.dumps({"error": self.sentence}, ensure_ascii=False)


def judge(error: Exception) -> Failure:
    """The failure an exception stands for.

    Args:
        error: ours, the web framework's (which has a `status_code` and sometimes `headers`), the
            database driver's, or one that nobody foresaw (500).
    """
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, Rejected):
        if error.retry_after is not None:
            headers["Retry-After"] = str(round(error.retry_after))
        return Failure(error.status, str(error), headers)
    # The database is away, has no connection free, or lets others write first.
    if isinstance(error, DBAPIError | NoConnection | TimeoutError):
        return Failure(503, say("web.failed.503"), headers | {"Retry-After": "5"})
    status = getattr(error, "status_code", None) or 500
    given = getattr(error, "headers", None) or {}
    headers |= {name: str(value) for name, value in given.items() if name == "Allow"}
    sentences = group("web.failed")
    return Failure(status, sentences.get(str(status), sentences["other"]), headers)


def place(error: Exception) -> str:
    """Where an exception was raised, as `file.py:12`; empty when it never was.

    For logs: an exception's own message can hold what a customer wrote.
    """
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""

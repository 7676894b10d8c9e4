"""The desk's responses: pages, JSON, redirects and refusals, each with the headers it needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.desk.pages import templates
from bot.http import stored_files

#: The policy of every page under `/desk`: nothing is fetched from, or sent to, any other site, so
#: that nothing a customer writes could ever take something along; and no script makes HTML of text.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


def page(request: Request, name: str, status: int = 200, **values: Any) -> HTTPResponse:
    """A page; the template also gets `agent` (None: nobody is signed in), `csrf`, `path`, `here`.

    Args:
        request: `request.ctx.agent` and `request.ctx.csrf` are set by `auth.signed_in`.
        name: file in `bot/desk/pages/templates`.
        status: HTTP status code.
        **values: what the template uses.
    """
    known = {
        "agent": getattr(request.ctx, "agent", None),
        "csrf": getattr(request.ctx, "csrf", ""),
        "path": request.path,
        # Where a form that belongs to no page in particular leads back to.
        "here": request.path if request.method == "GET" and status == 200 else "/desk",
    }
    body = templates.render(name, **(known | values))
    return HTTPResponse(body, status, content_type="text/html; charset=utf-8")


def data(value: Any, status: int = 200) -> HTTPResponse:
    """A JSON response."""
    return HTTPResponse(
        json.dumps(value, ensure_ascii=False), status, content_type="application/json"
    )


def redirect(path: str, headers: Mapping[str, str] | None = None) -> HTTPResponse:
    """A redirect (303 See Other): the browser gets `path` with GET."""
    return HTTPResponse(status=303, headers={"Location": path, **(headers or {})})


def wants_page(request: Request) -> bool:
    """Whether the client is a person at a browser's address bar or form, not a script."""
    return "text/html" in request.headers.get("accept", "")


def refusal(request: Request, status: int, sentence: str) -> HTTPResponse:
    """A refusal: a page for a person, `{"error": sentence}` for a script."""
    if wants_page(request):
        return page(request, "refused.html", status, sentence=sentence)
    return data({"error": sentence}, status)


def done(request: Request, to: str) -> HTTPResponse:
    """An act was done: a person goes to the page `to`, a script is told of it as `{"to": to}`."""
    return redirect(to) if wants_page(request) else data({"to": to})


async def secure(_request: Request, response: BaseHTTPResponse) -> None:
    """Adds the security headers; response middleware of every blueprint under `/desk`."""
    policy = response.headers.get("Content-Security-Policy")
    if policy != stored_files.CONTENT_SECURITY_POLICY:  # a file's own is stricter
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers.setdefault("Cache-Control", "no-store")

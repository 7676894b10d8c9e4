"""Checks that a request that changes something comes from a page of ours."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from functools import lru_cache
from typing import Final

from sanic.request import Request

from bot.catalogue import say
from bot.desk.login import cookies
from bot.errors import Rejected
from bot.http.allowed_origins import Origins
from bot.settings import Settings

#: Form field and header that carry the session's token.
FIELD: Final = "csrf"
HEADER: Final = "x-csrf-token"
#: Cookie of somebody who is not signed in.
_VISITOR: Final = "loket_desk_form"


def check(request: Request, expected: str, settings: Settings) -> None:
    """Refuses a request without the token that our page was given, or from another site's page.

    A browser names the origin of the page in every POST; a client that names none is no browser,
    and has the token or not.

    Args:
        request: any that changes something; the token is in a form field or a header.
        expected: the token of this session.
        settings: say which address is ours.

    Raises:
        Rejected: 403.
    """
    check_origin(request, settings)
    in_form = request.form.get(FIELD) if request.form else None
    given = request.headers.get(HEADER) or in_form or ""
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Rejected(say("desk_access.page_expired"), 403)


def check_origin(request: Request, settings: Settings) -> None:
    """Refuses a request of another site's page.

    Raises:
        Rejected: 403, with the address at which it would work.
    """
    if not _own(settings.own_origins).allow(request.headers.get("origin")):
        address = f"{settings.public_url}/desk"
        raise Rejected(say("desk_access.other_address", address=address), 403)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Rejected(say("desk_access.page_expired"), 403)


def of_visitor(request: Request, settings: Settings) -> tuple[str, str]:
    """The token for forms of somebody who is not signed in, such as the log-in form.

    Returns:
        The token, and the `Set-Cookie` value that belongs to it: without that cookie, which
        another site cannot know or set, the token is worth nothing.
    """
    cookie = cookies.named(_VISITOR, settings.public_url)
    seed = _seed(request, settings) or secrets.token_urlsafe(32)
    return _visitor_token(seed, settings), cookie.set(seed)


def check_visitor(request: Request, settings: Settings) -> None:
    """Refuses a form that `of_visitor` made no token for, or from another site's page.

    Raises:
        Rejected: 403.
    """
    seed = _seed(request, settings)
    check(request, _visitor_token(seed, settings) if seed else "", settings)


def _seed(request: Request, settings: Settings) -> str:
    given = request.cookies.get(cookies.named(_VISITOR, settings.public_url).name) or ""
    return given if re.fullmatch(r"[\w-]{43}", given, re.ASCII) else ""


def _visitor_token(seed: str, settings: Settings) -> str:
    message = f"loket.desk.form:{seed}".encode()
    return hmac.new(settings.secret.encode(), message, hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _own(origins: tuple[str, ...]) -> Origins:
    return Origins(origins)

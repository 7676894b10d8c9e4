"""Sends requests to an OpenID Connect provider: few seconds, no redirects, only https."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote_plus, urlsplit

import httpx

from bot.settings import Settings

_TIMEOUT: Final = httpx.Timeout(10.0)
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
#: Answers of a provider are a few kilobytes.
_MOST = 512 * 1024
#: Why a token endpoint refuses (RFC 6749, 5.2). `invalid_client`: our id or secret is wrong.
_REFUSALS: Final = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)
#: Answers that say nothing about what was asked: later, it may be another one.
_LATER: Final = (408, 425, 429)


class OidcUnavailable(Exception):
    """The provider does not answer, or not as a provider does. Try later, or use a password."""


class OidcRefused(Exception):
    """The provider refuses what we ask: the code was used, is too old, or we are not known.

    Attributes:
        why: the provider's word for it, one of RFC 6749, 5.2.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def client() -> httpx.AsyncClient:
    """A client for the few requests of one log-in; the caller closes it."""
    return httpx.AsyncClient(timeout=_TIMEOUT, headers={"Accept": "application/json"})


def trusted(address: object) -> bool:
    """Whether an address is https, or on this machine."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or local)


async def get(http: httpx.AsyncClient, address: str, bearer: str = "") -> dict[str, object]:
    """The JSON object at an address of the provider.

    Raises:
        OidcUnavailable: no answer, or another one.
    """
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    try:
        return _object(await http.get(address, headers=headers))
    except httpx.HTTPError as error:
        raise OidcUnavailable from error


async def exchange(
    http: httpx.AsyncClient,
    about: Mapping[str, Any],
    settings: Settings,
    form: Mapping[str, str],
) -> dict[str, object]:
    """The token endpoint's answer to a grant.

    Args:
        http: from `client`.
        about: the provider's metadata.
        settings: say who we are.
        form: the grant.

    Raises:
        OidcRefused: the provider says no.
        OidcUnavailable: no answer, or none of a token endpoint.
    """
    name, secret = settings.oidc_client_id, settings.oidc_client_secret
    ways = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    fields, auth = dict(form), httpx.Auth()  # which does nothing
    if secret and "client_secret_basic" in ways:
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        auth = httpx.BasicAuth(quote_plus(name), quote_plus(secret))
    else:
        fields |= {"client_id": name} | ({"client_secret": secret} if secret else {})
    try:
        answer = await http.post(about["token_endpoint"], data=fields, auth=auth)
    except httpx.HTTPError as error:
        raise OidcUnavailable from error
    if 400 <= answer.status_code < 500 and answer.status_code not in _LATER:
        raise OidcRefused(_refusal(answer))
    return _object(answer)


def _refusal(answer: httpx.Response) -> str:
    try:
        why = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        why = ""
    return why if why in _REFUSALS else "invalid_request"


def _object(answer: httpx.Response) -> dict[str, object]:
    if answer.status_code != 200 or len(answer.content) > _MOST:
        raise OidcUnavailable
    try:
        value = answer.json()
    except ValueError as error:
        raise OidcUnavailable from error
    if not isinstance(value, dict):
        raise OidcUnavailable
    return value

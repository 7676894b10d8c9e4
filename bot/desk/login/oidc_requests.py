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


class OidcUnavailable(Exception):
    """The provider does not answer, or not as a provider does. Try later, or use a password."""


class OidcRefused(Exception):
    """The provider refuses what we ask: the code was used, is too old, or we are not known."""


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
    if 400 <= answer.status_code < 500:
        raise OidcRefused
    return _object(answer)


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

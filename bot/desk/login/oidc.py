"""Logging in with an OpenID Connect provider: authorization code flow, PKCE, state and nonce."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.discovery import get_well_known_url
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc.jwk import KeySet

from bot.desk.login import oidc_keys, oidc_requests
from bot.desk.login.oidc_person import OidcPerson, Untrusted, person, verified
from bot.desk.login.oidc_requests import OidcRefused, OidcUnavailable, trusted
from bot.errors import ConfigurationError
from bot.settings import Settings

CALLBACK: Final = "/desk/oidc/callback"
#: Seconds that somebody may take to log in at the provider.
PATIENCE: Final = 600


@dataclass(frozen=True, slots=True)
class Flow:
    """A log-in that is under way; kept in a signed cookie.

    Attributes:
        state: comes back with the answer; ties it to this browser.
        nonce: comes back in the ID token; ties that to this log-in.
        verifier: proves to the provider that the client that began also ends it (PKCE, RFC 7636).
        next: page of the desk to go to afterwards.
    """

    state: str
    nonce: str
    verifier: str
    next: str


class Provider:
    """One OpenID Connect provider; remembers its metadata and its keys.

    Args:
        settings: issuer, client and claims.

    Raises:
        ConfigurationError: the issuer is no https address, or the client id is missing.
    """

    def __init__(self, settings: Settings) -> None:
        if not trusted(settings.oidc_issuer):
            raise ConfigurationError("LOKET_OIDC_ISSUER must be an https address.")
        if not settings.oidc_client_id:
            raise ConfigurationError("LOKET_OIDC_ISSUER is set; set LOKET_OIDC_CLIENT_ID too.")
        self._settings = settings
        self._about: Mapping[str, Any] = {}
        self._keys: KeySet | None = None
        self._cookies = URLSafeTimedSerializer(
            settings.secret,
            salt="loket.desk.oidc",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    @property
    def _wanted(self) -> set[str]:
        """The names of the claims by which Loket decides something."""
        settings = self._settings
        names = (settings.oidc_login_claim, settings.oidc_role_claim, settings.oidc_team_claim)
        needed = {name for name in names if name}
        return needed | ({"email_verified"} if "email" in needed else set())

    @property
    def redirect_uri(self) -> str:
        """The address that the provider sends people back to; register it there."""
        return self._settings.public_url + CALLBACK

    async def start(self, wanted: str, *, ask_who: bool) -> tuple[str, str]:
        """Begins a log-in.

        Args:
            wanted: page of the desk to go to afterwards.
            ask_who: whether the provider asks the person to log in, also when it knows them: after
                logging out.

        Returns:
            The provider's address to go to, and what to keep in the browser's cookie.

        Raises:
            OidcUnavailable: the provider does not say where to go.
        """
        async with oidc_requests.client() as http:
            about = await self._discover(http)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        flow = Flow(state, nonce, verifier, wanted)
        address = prepare_grant_uri(
            about["authorization_endpoint"],
            client_id=self._settings.oidc_client_id,
            response_type="code",
            redirect_uri=self.redirect_uri,
            scope=self._settings.oidc_scopes,
            state=flow.state,
            nonce=flow.nonce,
            code_challenge=create_s256_code_challenge(flow.verifier),
            code_challenge_method="S256",
            **({"prompt": "login"} if ask_who else {}),
        )
        return str(address), str(self._cookies.dumps(asdict(flow)))

    def flow(self, cookie: str, state: str) -> Flow:
        """The log-in that an answer belongs to.

        Raises:
            Untrusted: this browser did not begin it, or too long ago.
        """
        try:
            flow = Flow(**self._cookies.loads(cookie, max_age=PATIENCE))
        except (BadData, TypeError) as error:
            raise Untrusted("flow") from error
        if not hmac.compare_digest(flow.state.encode(), state.encode()):
            raise Untrusted("state")
        return flow

    async def finish(self, flow: Flow, code: str, issuer: str | None, now: datetime) -> OidcPerson:
        """Exchanges the code for an ID token, and returns the person whom it names.

        Args:
            flow: the log-in it belongs to.
            code: what the provider sent.
            issuer: parameter `iss` of its answer, if any (RFC 9207).
            now: the present.

        Raises:
            OidcUnavailable: the provider does not answer.
            Untrusted: it refuses the code, or what it gives does not hold.
        """
        async with oidc_requests.client() as http:
            about = await self._discover(http)
            says_issuer = about.get("authorization_response_iss_parameter_supported") is True
            if issuer != self._settings.oidc_issuer and (says_issuer or issuer is not None):
                raise Untrusted("iss")
            form = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.redirect_uri,
                "code_verifier": flow.verifier,
            }
            try:
                tokens = await oidc_requests.exchange(http, about, self._settings, form)
            except OidcRefused as error:
                raise Untrusted(error.why) from error
            claims = await self._claims(http, tokens, flow.nonce, now)
            if not self._wanted <= claims.keys():
                claims = await _with_userinfo(http, about, tokens, claims)
        return person(claims, self._settings)

    async def _claims(
        self, http: httpx.AsyncClient, tokens: Mapping[str, Any], nonce: str, now: datetime
    ) -> dict[str, object]:
        """The ID token's claims; keys that do not fit are fetched anew, once: they are renewed."""
        token, access_token = str(tokens.get("id_token", "")), str(tokens.get("access_token", ""))
        if self._keys is not None:
            try:
                return verified(token, self._keys, self._settings, nonce, access_token, now)
            except Untrusted:
                self._keys = None
        self._keys = await self._load_keys(http)
        return verified(token, self._keys, self._settings, nonce, access_token, now)

    async def _discover(self, http: httpx.AsyncClient) -> Mapping[str, Any]:
        if not self._about:
            issuer = self._settings.oidc_issuer
            about = await oidc_requests.get(http, get_well_known_url(issuer, external=True))
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if about.get("issuer") != issuer or not all(trusted(about.get(n)) for n in names):
                raise OidcUnavailable
            self._about = about
        return self._about

    async def _load_keys(self, http: httpx.AsyncClient) -> KeySet:
        found = await oidc_requests.get(http, (await self._discover(http))["jwks_uri"])
        keys = oidc_keys.usable(found)
        if not keys:
            raise OidcUnavailable
        return keys


async def _with_userinfo(
    http: httpx.AsyncClient,
    about: Mapping[str, Any],
    tokens: Mapping[str, Any],
    claims: dict[str, object],
) -> dict[str, object]:
    """The claims with those that some providers give only at their userinfo endpoint."""
    address = about.get("userinfo_endpoint")
    if not trusted(address):
        return claims
    more = await oidc_requests.get(http, str(address), str(tokens.get("access_token", "")))
    # Core 1.0, 5.3.2: another subject's answer must not be used.
    return _together(claims, more) if more.get("sub") == claims["sub"] else claims


def _together(claims: dict[str, object], more: dict[str, object]) -> dict[str, object]:
    """The claims of both answers; what is said of an address stays with that address."""
    if "email" not in claims:
        claims = {name: value for name, value in claims.items() if name != "email_verified"}
    elif claims["email"] != more.get("email"):
        more = {name: value for name, value in more.items() if name != "email_verified"}
    return more | claims

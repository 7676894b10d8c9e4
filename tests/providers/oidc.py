"""An OpenID Connect provider in a thread: strict about the code flow, and it can lie.

It keeps to OpenID Connect Core 1.0 and RFC 7636 as a careful provider does: a redirect address that
is not registered, a code used twice, a wrong verifier or client secret are refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.providers.gateway import Asked, FakeGateway, Reply

CLIENT: Final = "loket desk"
SECRET: Final = "a secret/with signs + spaces:and colons"


class FakeProvider(FakeGateway):
    """One client is registered: Loket.

    Attributes:
        redirect_uri: the one address it sends people back to.
        person: claims about whoever logs in now.
        lies: claims that replace those in the ID token; None takes one away.
        sign: how the ID token is signed: `right`, `none`, `secret` (HS256 with the client secret),
            `foreign` (a key that is not the provider's).
        only_post: whether the token endpoint takes the secret in the form only.
        userinfo: claims that only the userinfo endpoint gives.
        names_itself: whether it sends `iss` with its answers (RFC 9207).
        other_keys: what else is published beside the key it signs with.
        trouble: status and body of the token endpoint's next answer, in place of its own.
        asked: parameters of the last authorization request.
    """

    def __init__(self) -> None:
        self.redirect_uri = ""
        self.person: dict[str, Any] = {}
        self.lies: dict[str, Any] = {}
        self.sign = "right"
        self.only_post = False
        self.userinfo: dict[str, Any] = {}
        self.names_itself = True
        self.other_keys: list[Any] = []
        self.trouble: tuple[int, dict[str, Any]] | None = None
        self.asked: dict[str, str] = {}
        self.down = False
        self._codes: dict[str, dict[str, str]] = {}
        self._tokens: set[str] = set()
        self._key = RSAKey.generate_key(2048, parameters={"kid": "first"})
        super().__init__()

    def renew_keys(self) -> None:
        """Signs with a new key from now on; the old one is published no more."""
        self._key = RSAKey.generate_key(2048, parameters={"kid": secrets.token_hex(4)})

    def authorize(self, address: str) -> str:
        """What a browser that goes to `address` is sent back to, after its owner logged in."""
        parts = urlsplit(address)
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked = given
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.url}/authorize"
        assert given["client_id"] == CLIENT
        assert given["response_type"] == "code"
        assert given["redirect_uri"] == self.redirect_uri
        assert "openid" in given["scope"].split()
        assert given["code_challenge_method"] == "S256"
        assert all(len(given[name]) >= 43 for name in ("state", "nonce", "code_challenge"))
        code = secrets.token_urlsafe(8)
        self._codes[code] = given
        answer = {"code": code, "state": given["state"]}
        answer |= {"iss": self.url} if self.names_itself else {}
        return f"{self.redirect_uri}?{urlencode(answer)}"

    def sends(self, asked: Asked) -> bool:
        return asked.path == "/token"

    def answer(self, asked: Asked) -> Reply:
        if self.down:
            return Reply(503, "<html>later</html>", "text/html")
        match asked.method, asked.path:
            case "GET", "/.well-known/openid-configuration":
                return _json(self._about())
            case "GET", "/keys":
                mine = self._key.as_dict(private=False, use="sig", alg="RS256")
                return _json({"keys": [*self.other_keys, mine]})
            case "POST", "/token":
                return self._token(asked)
            case "GET", "/userinfo":
                return _json({"sub": self.person.get("sub"), **self.userinfo})
        return Reply(404, "{}")

    def _about(self) -> dict[str, Any]:
        way = "client_secret_post" if self.only_post else "client_secret_basic"
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": [way],
            "authorization_response_iss_parameter_supported": self.names_itself,
        }

    def _token(self, asked: Asked) -> Reply:
        if self.trouble:
            (status, body), self.trouble = self.trouble, None
            return _json(body, status)
        given = asked.fields
        if self.only_post:
            known = (given.get("client_id"), given.get("client_secret")) == (CLIENT, SECRET)
        else:
            user = tuple(map(unquote_plus, asked.user or ()))
            known = user == (CLIENT, SECRET) and "client_secret" not in given
        if not known:
            return _json({"error": "invalid_client"}, 401)
        started = self._codes.pop(given.get("code", ""), None)
        if started is None or given.get("grant_type") != "authorization_code":
            return _json({"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != started["code_challenge"] or given["redirect_uri"] != self.redirect_uri:
            return _json({"error": "invalid_grant"}, 400)
        access_token = secrets.token_urlsafe(16)
        claims = self._claims(started["nonce"], access_token)
        body = {"access_token": access_token, "token_type": "Bearer", "expires_in": 300}
        return _json({**body, "id_token": self._signed(claims)})

    def _claims(self, nonce: str, access_token: str) -> dict[str, Any]:
        now = int(time.time())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
            **self.person,
            **self.lies,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def _signed(self, claims: Mapping[str, Any]) -> str:
        match self.sign:
            case "none":
                parts = ({"alg": "none", "typ": "JWT"}, dict(claims))
                return ".".join(_encoded(part) for part in parts) + "."
            case "secret":
                key = OctKey.import_key(SECRET)
                return jwt.encode({"alg": "HS256"}, dict(claims), key, algorithms=["HS256"])
            case "foreign":
                foreign = RSAKey.generate_key(2048)
                header = {"alg": "RS256", "kid": self._key.kid}
                return jwt.encode(header, dict(claims), foreign)
        return jwt.encode({"alg": "RS256", "kid": self._key.kid}, dict(claims), self._key)


def _encoded(part: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _json(value: Mapping[str, Any], status: int = 200) -> Reply:
    return Reply(status, json.dumps(value))

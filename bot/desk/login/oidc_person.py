"""Reads a person from the ID token of an OpenID Connect provider. Pure.

OpenID Connect Core 1.0, section 3.1.3.7, says what must hold of an ID token; Authlib checks most
of it, joserfc the signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.settings import Settings
from bot.store.desk.agents import Role

#: Signatures that only the provider can make. Never `none`, nor HS256, whose key could be public.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
#: Seconds that clocks may differ.
_LEEWAY = 60


class Untrusted(Exception):
    """An ID token that proves nothing. Refuse the log-in.

    Attributes:
        why: name of what is wrong, without anything of the token.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class OidcPerson:
    """A person whom the provider vouches for.

    Attributes:
        subject: issuer and `sub`: never changes, never given to somebody else.
        login: log-in name at the desk that goes with it, lower case; empty when there is none.
        name: as the provider knows it; may be empty.
        role: by the role claim; None: no access by that claim, or it is not used.
        teams: by the team claim; None when it is not used.
        unverified: whether the log-in name is missing because nobody vouches for the address.
    """

    subject: str
    login: str
    name: str
    role: Role | None
    teams: tuple[str, ...] | None
    unverified: bool = False


def verified(
    token: str, keys: KeySet, settings: Settings, nonce: str, access_token: str, now: datetime
) -> dict[str, object]:
    """The claims of an ID token that is genuine, meant for us, and made for this log-in.

    Args:
        token: the ID token, a signed JWT.
        keys: the provider's public keys.
        settings: say the issuer and client id.
        nonce: what this log-in was started with.
        access_token: what came with it, for `at_hash`.
        now: the present.

    Raises:
        Untrusted: something does not hold, or the token's key is not among `keys`.
    """
    try:
        decoded = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": settings.oidc_issuer},
                "aud": {"essential": True, "value": settings.oidc_client_id},
            },
            {"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": access_token},
        )
        claims.validate(int(now.timestamp()), _LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise Untrusted(type(error).__name__) from error
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise Untrusted("sub")
    return dict(claims)


def person(claims: Mapping[str, Any], settings: Settings) -> OidcPerson:
    """The person in verified claims."""
    roles = _words(claims.get(settings.oidc_role_claim)) if settings.oidc_role_claim else ()
    role: Role | None = None
    if settings.oidc_supervisor_role in roles:
        role = "supervisor"
    elif settings.oidc_agent_role in roles:
        role = "agent"
    teams = settings.oidc_team_claim
    login = _text(claims.get(settings.oidc_login_claim)).lower()
    unverified = settings.oidc_login_claim == "email" and not _vouched(claims, settings)
    return OidcPerson(
        subject=f"{settings.oidc_issuer}#{claims['sub']}",
        login="" if unverified else login,
        name=_text(claims.get("given_name")) or _text(claims.get("name")),
        role=role,
        teams=_words(claims.get(teams)) if teams else None,
        unverified=bool(login) and unverified,
    )


def _vouched(claims: Mapping[str, Any], settings: Settings) -> bool:
    """Whether the provider says that the address is this person's.

    Anybody can write any address at some providers. The claim is a boolean (Core 1.0, 5.1), which
    some write as a text; others never send it, and then the installation's setting decides.
    """
    said = claims.get("email_verified")
    if said is None:
        return settings.oidc_trust_email
    return said is True or (isinstance(said, str) and said.lower() == "true")


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _words(value: object) -> tuple[str, ...]:
    """One word or a list of them, as providers write claims of this kind."""
    listed = value if isinstance(value, list) else [value]
    return tuple(word for word in listed if isinstance(word, str))

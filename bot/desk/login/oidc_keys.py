"""Reads the keys of an OpenID Connect provider, as many as can be used. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet


def usable(published: Mapping[str, object]) -> KeySet:
    """The keys with which a provider may have signed.

    A provider publishes keys of every kind: for encryption (Keycloak does), for algorithms of later
    years, or damaged ones. RFC 7517, section 5, lets who reads them pass by those it cannot use,
    rather than refuse all.

    Args:
        published: its JWK Set (RFC 7517), with anything in it.

    Returns:
        May be empty.
    """
    listed = published.get("keys")
    keys = []
    for each in listed if isinstance(listed, list) else ():
        if not isinstance(each, dict) or each.get("use", "sig") != "sig":
            continue
        try:
            keys.append(JWKRegistry.import_key(each))
        # What is in a key decides what its reader meets first, down to the library of curves.
        except (JoseError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            continue
    return KeySet(keys)

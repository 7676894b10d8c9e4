"""Makes and checks argon2id hashes of passwords; a check takes as long for an unknown account."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: RFC 9106, section 4, second recommended option: 64 MiB, 3 passes, 4 lanes.
_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


def hashed(password: str) -> str:
    """The argon2id hash of a password, with its salt and parameters. Takes about 0.1 s."""
    return _HASHER.hash(_normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password.

    Args:
        password_hash: what `hashed` gave, or None for an account that is not there or has no
            password: then the answer is no, after as much work as any other.
        password: what was typed.
    """
    try:
        _HASHER.verify(password_hash or _nobodys_hash(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe())


def _normal(password: str) -> str:
    # The same key gives different characters on different machines (NIST SP 800-63B, 3.1.1.2).
    # Half a surrogate pair cannot be encoded; as U+FFFD it is a wrong password like any other.
    text = password.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFKC", text)

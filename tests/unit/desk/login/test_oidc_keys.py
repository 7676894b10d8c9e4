"""A provider's keys: those that can be used, whatever stands beside them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey

from bot.desk.login.oidc_keys import usable

GOOD = [
    RSAKey.generate_key(2048, parameters={"kid": "rsa"}).as_dict(private=False),
    ECKey.generate_key("P-256", parameters={"kid": "ec"}).as_dict(private=False),
]
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.text())
FIELDS = ("kty", "crv", "x", "y", "n", "e", "k", "d", "use", "alg", "kid", "key_ops", "x5c")
KINDS = st.sampled_from(["RSA", "EC", "OKP", "oct", "AKP"])
JUNK = VALUES | st.dictionaries(st.sampled_from(FIELDS), VALUES | KINDS, max_size=6)
#: Real keys with one field of another form, or without it.
DAMAGED = st.builds(
    lambda key, name, value: {**key, name: value},
    st.sampled_from(GOOD),
    st.sampled_from(
        [name for name in FIELDS if name not in ("use", "kid", "alg", "key_ops", "x5c")]
    ),
    VALUES,
)


@given(st.lists(JUNK | DAMAGED, max_size=6), st.integers(0, 6))
def test_good_keys_are_found_among_others(others: list[Any], place: int) -> None:
    """In any order; nothing that a provider publishes is an accident."""
    published = [*others[:place], *GOOD, *others[place:]]
    found = {key.kid for key in usable({"keys": published})}
    assert {"rsa", "ec"} <= found


@given(VALUES | st.dictionaries(st.text(max_size=4), VALUES))
def test_what_is_no_list_holds_no_key(published: Any) -> None:
    """An error page in JSON, say."""
    assert not usable({"keys": published})
    assert not usable({})


def test_a_key_for_encryption_signs_nothing() -> None:
    """So it cannot be taken for the one key that a token without a key id is signed with."""
    assert not usable({"keys": [GOOD[0] | {"use": "enc"}]})
    assert usable({"keys": [GOOD[0] | {"use": "sig"}]})

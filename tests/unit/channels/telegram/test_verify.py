"""Only who knows the secret is listened to."""

from __future__ import annotations

import pytest

from channels.telegram.verify import genuine


@pytest.mark.parametrize(
    "given", [None, "", "secre", "secret ", "SECRET", "sécret", "\udce9", "\x00"]
)
def test_anything_else_is_not_the_secret(given: str | None) -> None:
    """Whatever the header holds, or none at all."""
    assert not genuine(given, "secret")


def test_the_secret() -> None:
    """The very same signs."""
    assert genuine("secret", "secret")

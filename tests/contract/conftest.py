"""The channels and the web process of the assistant in `LOKET_ROOT` (else the shop)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.assistant_root import in_its_own_words


@pytest.fixture
def own_words() -> Iterator[None]:
    """This process speaks as the assistant has it speak, for the length of a test."""
    with in_its_own_words():
        yield

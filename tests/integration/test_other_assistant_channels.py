"""The contract of channels and web process, on the library in `tests/other_assistant`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.other_assistant import passes

pytestmark = pytest.mark.slow


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "suite", ["channels", "sending", "webchat", "whatsapp", "sms", "transcripts"]
)
def test_a_contract_holds_on_it(suite: str, tmp_path: Path) -> None:
    """Its credentials and its texts pass what those of the shop pass."""
    count = passes(tmp_path, [f"tests/contract/test_{suite}.py"], "-m", "not long and not slow")
    assert count["passed"]

"""The contract of channels and web process, on the library in `tests/other_assistant`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.other_assistant import passes

pytestmark = pytest.mark.slow

_SUITES = [
    f"tests/contract/{name}.py"
    for name in (
        *("test_channels", "sending/test_sending", "test_webchat", "test_whatsapp", "test_sms"),
        "test_transcripts",
    )
]
#: Tests of bytes, broken lines, receipts and large numbers: nothing of an assistant is read there.
#: They take minutes, and come to the same for any.
_LEFT_OUT = (
    "malformed trouble broken outage never_left tap_shows long_text receipts failure_told flood "
    "streams_are_counted no_http no_body forwarded two_hundred megabytes thousands restart_loses "
    "stop_ends stop_right logs_hold killed"
).split()


@pytest.mark.timeout(900)
def test_the_contract_holds_on_it(tmp_path: Path) -> None:
    """Its credentials and its texts pass what those of the shop pass."""
    kept = ("-k", f"not ({' or '.join(_LEFT_OUT)})")
    count = passes(tmp_path, _SUITES, "-m", "not long and not slow", *kept)
    assert count["passed"] > 100

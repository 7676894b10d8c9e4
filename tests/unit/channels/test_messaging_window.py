"""The messaging window, at its boundary, and that everybody asks the same function."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.messaging_window import MessagingWindow, messaging_window

WROTE = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(hours=24)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("after", "is_open"),
    [(timedelta(0), True), (DAY - MOMENT, True), (DAY, False), (DAY + MOMENT, False)],
)
def test_it_closes_at_the_moment_its_length_has_passed(after: timedelta, *, is_open: bool) -> None:
    """One moment before it is open; at the very moment it is closed."""
    assert messaging_window(DAY, WROTE, WROTE + after) == MessagingWindow(is_open, WROTE + DAY)


def test_without_a_length_it_never_closes() -> None:
    """Also when the customer never wrote."""
    assert messaging_window(None, WROTE, WROTE + 1000 * DAY) == MessagingWindow(is_open=True)
    assert messaging_window(None, None, WROTE) == MessagingWindow(is_open=True)


def test_who_never_wrote_cannot_be_written_to() -> None:
    """The window opens with the customer's first message."""
    assert messaging_window(DAY, None, WROTE) == MessagingWindow(is_open=False)


def test_nobody_else_computes_with_a_window() -> None:
    """Its length is only handed to that function, or shown in whole hours by the profile."""
    root = Path(__file__).parents[3]
    sums = re.compile(r"\.window\b\s*(?:[-+<>]|//)|(?:[-+<>]|//)\s*[\w.\[\]]+\.window\b(?!\()")
    found = [
        f"{path.relative_to(root)}: {line.strip()}"
        for folder in ("bot", "channels")
        for path in sorted((root / folder).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if sums.search(line) and "->" not in line
    ]
    assert found == [
        "bot/channel_profiles.py: return self.window // timedelta(hours=1) if self.window else 0"
    ]

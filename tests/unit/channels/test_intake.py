"""Every channel takes its messages in through `channels.intake.take`."""

from __future__ import annotations

from pathlib import Path

CHANNELS = Path(__file__).parents[3] / "channels"


def test_only_the_intake_writes_to_the_inbox() -> None:
    """So dedupe, the order of locks, private numbers and wake-ups are the same for all."""
    writers = [
        str(path.relative_to(CHANNELS))
        for path in sorted(CHANNELS.rglob("*.py"))
        if "inbox.accept(" in path.read_text(encoding="utf-8")
    ]
    assert writers == ["intake.py"]


def test_every_channel_uses_it() -> None:
    """Each folder with routes calls it, in its routes or in a module beside them."""
    for routes in sorted(CHANNELS.glob("*/routes.py")):
        modules = (path.read_text(encoding="utf-8") for path in routes.parent.glob("*.py"))
        assert any("intake.take(" in text for text in modules), routes.parent.name

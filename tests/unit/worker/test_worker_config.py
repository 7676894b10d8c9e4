"""What the worker knows of this installation's channels."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings_loading import load_settings
from bot.worker.process import load_config


def test_the_worker_knows_where_options_are_numbered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A digit chooses on SMS, once SMS is configured; never on the web chat."""
    settings = load_settings({"LOKET_VAR_DIR": str(tmp_path)})
    for name in ("SEND_URL", "USERNAME", "PASSWORD", "SECRET"):
        monkeypatch.setenv(f"KANNEL_{name}", "x")
    numbered = load_config(settings).numbered
    assert "sms" in numbered
    assert "webchat" not in numbered

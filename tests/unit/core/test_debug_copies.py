"""Rasa copies for a log line only where that line is written."""

from __future__ import annotations

import ast
import copy
from pathlib import Path

import pytest
from rasa.core import processor
from rasa.shared.core.events import SlotSet

from bot.core import rasa_shortcuts, rasa_versions
from bot.core.rasa_versions import fits


def test_log_lines_are_copied_only_where_they_are_written(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A copy holds what was, also after the thing itself has changed."""
    monkeypatch.setattr(processor, "copy", copy)
    rasa_shortcuts.spare_debug_copies()
    events = [SlotSet("topic", ["a"])]
    assert processor.copy.deepcopy(events) is events
    with caplog.at_level("DEBUG", "rasa.core.processor"):
        copied = processor.copy.deepcopy(events)
    assert copied == events
    assert copied[0] is not events[0]


def test_rasa_s_processor_copies_for_log_lines_alone() -> None:
    """Nothing else of it may be handed out uncopied."""
    tree = ast.parse(Path(str(processor.__file__)).read_text(encoding="utf-8"))
    logged = {
        id(node)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "structlogger.debug"
        for node in ast.walk(call)
    }
    copies = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)
              and ast.unparse(node.value) == "copy"]  # fmt: skip
    assert copies
    assert all(id(node) in logged and node.attr == "deepcopy" for node in copies)


def test_another_version_copies_as_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is changed."""
    monkeypatch.setattr(rasa_versions, "version", lambda _: "99.1.0")
    fits.cache_clear()
    monkeypatch.setattr(processor, "copy", copy)
    rasa_shortcuts.spare_debug_copies()
    assert processor.copy is copy
    fits.cache_clear()

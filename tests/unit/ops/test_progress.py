"""Progress of a long task: a live line for a person, plain lines for a file."""

from __future__ import annotations

import io
import re

import pytest

from bot.ops.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_file_gets_a_line_a_step() -> None:
    """Readable afterwards, without control characters."""
    stream = io.StringIO()
    with Progress("Training", stream) as progress:
        progress.step(0, 0, "loading Rasa")
        progress.step(1, 2, "RulePolicy")
    assert re.sub(r"\d+ s", "N s", stream.getvalue()).splitlines() == [
        "Training: loading Rasa (N s)",
        "Training: step 1 of 2, RulePolicy (N s)",
        "Training: done in N s",
    ]


def test_a_terminal_gets_one_line_that_changes() -> None:
    """Each drawing replaces the one before; the last line stays."""
    stream = Terminal()
    with Progress("Training", stream) as progress:
        progress.step(1, 2, "RulePolicy")
        progress.step(2, 2, "SentenceClassifier")
    shown = stream.getvalue()
    assert shown.count("\n") == 1
    assert "\r\x1b[KTraining: step 2 of 2, SentenceClassifier" in shown
    assert re.search(r"\r\x1b\[KTraining: done in \d+ s\n$", shown)


def test_a_task_without_steps_says_nothing() -> None:
    """Nothing was done, so nothing is reported."""
    stream = io.StringIO()
    with Progress("Training", stream):
        pass
    assert stream.getvalue() == ""


def test_a_failure_is_not_called_done() -> None:
    """The error speaks for itself, on a line of its own."""
    stream = Terminal()

    def fail() -> None:
        with Progress("Training", stream) as progress:
            progress.step(1, 2, "RulePolicy")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert "done" not in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[K")

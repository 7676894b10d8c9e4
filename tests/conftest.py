"""What holds for every test."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest

from bot.log import quiet_libraries

# Before any test module imports Rasa, TensorFlow or SQLAlchemy: they read this when imported.
quiet_libraries()


@pytest.fixture(autouse=True)
def hooks() -> Iterator[None]:
    """What `bot.log.configure` changes for a whole process lasts for one test."""
    kept = (sys.excepthook, sys.unraisablehook, threading.excepthook)
    yield
    sys.excepthook, sys.unraisablehook, threading.excepthook = kept

"""What holds for every test."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.core import stand_ins, used_components
from bot.logs.logging_setup import quiet_libraries
from tests.support.own_code import none_imported

# Before any test module imports Rasa, TensorFlow or SQLAlchemy: they read this when imported.
quiet_libraries()
# As a worker does; tests of the real one start processes of their own.
stand_ins.keep_tensorflow_out(used_components.of_content(Path(__file__).parents[1]))
# No test fails for being slow: a machine that is busy with something else is no fault.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


#: Seconds for a slow test where others have the `timeout` of pyproject.toml: many of them train.
PATIENCE = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the files with slow tests first, so that none begins when all else is done.

    `make test` gives each process a file at a time, in this order.
    """
    slow = [item for item in items if item.get_closest_marker("slow")]
    for item in slow:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(PATIENCE))
    files = {item.path for item in slow}
    items.sort(key=lambda item: item.path not in files)


@pytest.fixture(autouse=True)
def hooks() -> Iterator[None]:
    """What `bot.logs.logging_setup.configure` changes for a whole process lasts for one test."""
    kept = (sys.excepthook, sys.unraisablehook, threading.excepthook)
    yield
    sys.excepthook, sys.unraisablehook, threading.excepthook = kept


@pytest.fixture
def no_assistant() -> Iterator[None]:
    """A process that has imported no assistant's code yet."""
    with none_imported():
        yield

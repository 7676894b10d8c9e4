"""A process that has imported no assistant's code yet, for tests of assistants of their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.assistant_code import PACKAGE
from bot.topics import declared, package_topics


@contextmanager
def none_imported() -> Iterator[None]:
    """Takes the assistant's modules away, and puts them and the paths back at the end."""
    path, finders, kept = sys.path[:], sys.meta_path[:], _take()
    try:
        yield
    finally:
        _take()
        sys.modules.update(kept)
        sys.path[:], sys.meta_path[:] = path, finders


def _take() -> dict[str, object]:
    declared.load.cache_clear()
    package_topics.of_package.cache_clear()
    names = [name for name in sys.modules if name.split(".")[0] == PACKAGE]
    return {name: sys.modules.pop(name) for name in names}

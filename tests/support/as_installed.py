"""A library's module as it is installed, whatever was changed in it since."""

from __future__ import annotations

import importlib.util
from types import ModuleType
from typing import Any


def as_installed(module: ModuleType) -> Any:
    """The module read again, under another name; the one that is in use stays as it is."""
    spec = importlib.util.spec_from_file_location(f"installed_{module.__name__}", module.__file__)
    assert spec is not None
    assert spec.loader is not None
    again = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(again)
    return again

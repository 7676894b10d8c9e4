"""Finds the name that is likely to be meant where one stands for nothing. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def near(name: str, known: Iterable[str]) -> str:
    """The known name that is most like another; empty when none is."""
    found = difflib.get_close_matches(name, sorted(set(known)), n=1)
    return found[0] if found else ""


def meant(name: str, known: Iterable[str], shown: str = "{}") -> str:
    """The question whether a near name is meant, with a space in front; empty without one.

    Args:
        name: that stands for nothing.
        known: names that stand for something.
        shown: how a name is written there, such as `/{}`.
    """
    found = near(name, known)
    return f' Is "{shown.format(found)}" meant?' if found else ""

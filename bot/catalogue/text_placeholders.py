"""The `{names}` in a text that are filled in when it is said."""

from __future__ import annotations

import string


class Malformed(ValueError):
    """The braces of a text cannot be filled in; the message says why, without a full stop."""


def placeholders(text: str) -> frozenset[str]:
    """Names of what is filled in.

    Raises:
        Malformed: a brace is left open, or holds more than a name.
    """
    names: set[str] = set()
    try:
        for _, name, form, conversion in string.Formatter().parse(text):
            if name is None:
                continue
            if not name.isidentifier() or form or conversion:
                raise Malformed("between braces may stand a name and nothing else")
            names.add(name)
    except ValueError as error:
        if isinstance(error, Malformed):
            raise
        raise Malformed("a brace is not closed or not opened") from error
    return frozenset(names)

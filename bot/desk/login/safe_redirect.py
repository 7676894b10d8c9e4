"""Checks the page that a browser goes to after logging in: never another site's. Pure."""

from __future__ import annotations

import re
from typing import Final

HOME: Final = "/desk"
#: A path under /desk with an optional query, of characters that mean nothing else anywhere.
_OURS: Final = re.compile(r"/desk(?:/[\w.~%@+=,:-]+)*/?(?:\?[\w.~%@+=,:&/-]*)?", re.ASCII)


def safe_next(wanted: str) -> str:
    """`wanted` when it is a page of the desk, else the desk's first page.

    Args:
        wanted: from the address or a form; anybody may have written it.
    """
    if len(wanted) > 500 or not _OURS.fullmatch(wanted) or "/." in wanted:
        return HOME
    return wanted

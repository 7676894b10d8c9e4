"""Where the browser goes after logging in: a page of the desk, never another site. Pure."""

from __future__ import annotations

import re
from typing import Final

HOME: Final = "/desk"
#: A path under /desk with an optional query, of characters that mean nothing else anywhere.
_OURS: Final = re.compile(r"/desk(?:/[\w.~%@+=,:-]+)*/?(?:\?[\w.~%@+=,:&/-]*)?", re.ASCII)


def safe_next(wanted: str) -> str:
    """`wanted` when it is a page of the desk, else the desk's first page.

    Args:
        wanted: what stood in the address or a form; anybody may have written it.
    """
    if len(wanted) > 500 or not _OURS.fullmatch(wanted) or "/." in wanted:
        return HOME
    return wanted

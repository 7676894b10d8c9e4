"""Texts for scripts in a browser, as a JavaScript module that exports `say`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

#: Name under which a page's scripts import it.
NAME: Final = "texts.js"
_SAY: Final = Path(__file__).with_name("say.js")


def module(texts: Mapping[str, str]) -> str:
    """The module's source: the texts are data, so that none of them can run or become HTML.

    Args:
        texts: what the page's scripts may say, by the key that they use.
    """
    # ASCII, so that no character of a text can end a line of the script.
    return f"const texts = {json.dumps(dict(texts))};\n{_SAY.read_text(encoding='utf-8')}"

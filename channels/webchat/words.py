"""The chat window's words as a JavaScript module, made of the catalogue."""

from __future__ import annotations

import json
from typing import Final

from bot import assets
from bot.assets import Asset
from bot.catalogue import group

#: Name of the file that browsers fetch.
NAME: Final = "texts.js"


def module() -> Asset:
    """`export const texts = {...}`: data alone, which `say.js` puts on the page as text."""
    names = {f"name.{author}": name for author, name in group("name").items()}
    texts = {**group("webchat.widget"), **names, "rated": group("rating")["shown"]}
    # ASCII, so that no character of a text can end a line of the script.
    source = f"export const texts = Object.freeze({json.dumps(texts)});\n"
    return assets.made(NAME, source)

"""Texts for scripts in a browser, as a JavaScript module that exports `say`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

#: Name under which a page's scripts import it.
NAME: Final = "texts.js"
_SAY: Final = Path(__file__).with_name("say.js")
_SPEAK: Final = Path(__file__).with_name("speak.js")


def module(texts: Mapping[str, str]) -> str:
    """The module's source: the texts are data, so that none of them can run or become HTML.

    Args:
        texts: what the page's scripts may say, by the key that they use.
    """
    # ASCII, so that no character of a text can end a line of the script.
    return f"const texts = {json.dumps(dict(texts))};\n{_SAY.read_text(encoding='utf-8')}"


def in_languages(languages: Mapping[str, Mapping[str, str]]) -> str:
    """The source of a module that exports `speak` besides, by which a page takes another language.

    Args:
        languages: texts by language ("nl" among them), each with the same keys.
    """
    texts = json.dumps({name: dict(each) for name, each in languages.items()})
    code = "".join(path.read_text(encoding="utf-8") for path in (_SAY, _SPEAK))
    return f"const languages = {texts};\nlet texts = languages.nl;\n{code}"

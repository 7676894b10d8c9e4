"""Makes one script and one style sheet of the chat's readable sources, when the web process starts.

The organisation's own texts are part of the script, so that no step before could make it. Names
carry a hash of the content: a browser keeps what it has for good, and asks for what is new.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bot.catalogue import script
from bot.http import static_files
from bot.http.static_files import Asset
from channels.webchat.widget_texts import texts_module

STATIC: Final = Path(__file__).parent / "static"
#: What a page names; it is asked for each time, and small.
ENTRY: Final = "loket-chat.js"
#: The same for a page that cannot name a module.
CLASSIC: Final = "loket.js"
STYLE: Final = "loket-chat.css"
#: The module that the entry begins.
_MAIN: Final = "element.js"

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|const|function)\b\*? ([\w$]+))", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_BLOCK = re.compile(r"^\s*/\*.*?\*/\n", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^\s*//.*\n|\s+// [^\"'`\n]*$", re.MULTILINE)
_INDENT = re.compile(r"^\s+", re.MULTILINE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def files() -> Mapping[str, Asset]:
    """What a browser gets under `/webchat`, by name."""
    style = lean_style((STATIC / STYLE).read_text(encoding="utf-8"))
    named_style = _hashed(STYLE, style)
    sources = {
        path.name: path.read_text(encoding="utf-8")
        for path in STATIC.glob("*.js")
        if path.name not in {ENTRY, CLASSIC}
    }
    sources[_MAIN] = sources[_MAIN].replace(f'"{STYLE}"', f'"{named_style}"')
    code = lean(bundle({**sources, script.NAME: texts_module()}, _MAIN))
    named = _hashed(ENTRY, code)
    entry = (STATIC / ENTRY).read_text(encoding="utf-8").replace(f"./{_MAIN}", f"./{named}")
    return {
        ENTRY: static_files.made(ENTRY, entry),
        CLASSIC: static_files.made(CLASSIC, (STATIC / CLASSIC).read_text(encoding="utf-8")),
        named: static_files.lasting(named, code),
        named_style: static_files.lasting(named_style, style),
    }


def bundle(sources: Mapping[str, str], main: str) -> str:
    """One module that does what these do together, and exports what the main one exports.

    Each becomes a function that is called once, so that their own names stay apart.

    Args:
        sources: the modules by file name. They import each other by name, on one line each, and
            export classes, functions and constants where they are declared.
        main: the one that is begun with.

    Raises:
        ValueError: a module is written otherwise, or imports in a circle.
    """
    parts = []
    for name in _in_order(sources, main, ()):
        source = sources[name]
        exported = _EXPORT.findall(source)
        code = _EXPORT.sub("", _IMPORT.sub(r"const { \1 } = modules[`\2`];\n", source))
        if left := _LEFT.search(code):
            raise ValueError(f"{name}: {left[0]}")
        parts.append(
            f"modules[`{name}`] = (() => {{\n{code}return {{ {', '.join(exported)} }};\n}})();\n"
        )
    names = ", ".join(_EXPORT.findall(sources[main]))
    return (
        f"const modules = {{}};\n{''.join(parts)}export const {{ {names} }} = modules[`{main}`];\n"
    )


def _in_order(sources: Mapping[str, str], name: str, above: tuple[str, ...]) -> list[str]:
    """A module behind all that it imports, each once."""
    if name in above:
        raise ValueError(f"{name} imports itself by {above[-1]}")
    found: dict[str, None] = {}
    for _, imported in _IMPORT.findall(sources[name]):
        found |= dict.fromkeys(_in_order(sources, imported, (*above, name)))
    return [*found, name]


def lean(source: str) -> str:
    """A script without comments and indentation; its lines stay, and so does what it does.

    Args:
        source: one in which no text of several lines stands.

    Raises:
        ValueError: one stands there, and would lose its indentation.
    """
    bare = _LINE.sub("", _BLOCK.sub("", source))
    if long := next(_long_texts(bare), None):
        raise ValueError(f"a text of several lines: {long}")
    return _INDENT.sub("", bare)


def _long_texts(source: str) -> Iterator[str]:
    return (line for line in source.splitlines() if line.count("`") % 2)


def lean_style(source: str) -> str:
    """A style sheet without comments and indentation."""
    return _INDENT.sub("", _CSS_COMMENT.sub("", source))


def _hashed(name: str, content: str) -> str:
    path = Path(name)
    return f"{path.stem}-{hashlib.sha256(content.encode()).hexdigest()[:12]}{path.suffix}"

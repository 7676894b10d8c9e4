"""Finds the names by which code fills the placeholders of the responses that it says.

Code gives a response its values by name: `replies.say("utter_x", day=...)`, `Prompt("utter_x",
{"day": ...})`. Where these names can be read, a placeholder that is none of them is a mistake.
Where they cannot (another module makes them), any name that the code has may be one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from bot import dialogue
from bot.assistant_code import PACKAGE
from bot.core.mapping_keys import MappingKeys, called

_BEGINS: Final = "utter_"
_AGAIN: Final = "_again"
#: Responses that the engine says by the name of a slot or task, with values that a form's `prompt`
#: or `check` gives.
_OF_ENGINE: Final = tuple(
    f"{_BEGINS}{each}_" for each in ("question", "refusal", "unknown", "noted", "edit")
)
#: Where calls hold a response and its values: place and keyword of each.
_HOLDS: Final[Mapping[str, tuple[tuple[tuple[int, str], tuple[int, str]], ...]]] = {
    "Prompt": (
        ((0, "response"), (1, "values")),
        ((3, "refusal"), (4, "refusal_values")),
        ((5, "unknown"), (4, "refusal_values")),
    ),
    "RefusedAnswer": (((0, "response"), (1, "values")),),
    "Stopped": (((0, "response"), (1, "values")),),
    "ToPerson": (((1, "response"), (-1, "")),),
}
#: Calls that take values as keywords, with the keywords that are none.
_SAYS: Final = {
    "say": ("response", "buttons"),
    "utter_message": (
        "text", "image", "json_message", "template", "response", "attachment", "buttons",
        "elements",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """A response that code says, and the names for which it gives values.

    Attributes:
        response: its name, or its beginning when the code makes the rest.
        whole: whether `response` is the whole name.
        names: None when they cannot be read.
    """

    response: str
    whole: bool
    names: frozenset[str] | None

    def is_of(self, response: str) -> bool:
        """Whether it is this response, or one of those."""
        if self.whole:
            return self.response in {response, response.removesuffix(_AGAIN)}
        return response.startswith(self.response) and self.response != _BEGINS


@dataclass(frozen=True, slots=True)
class CodeValues:
    r"""What code can fill placeholders with.

    Attributes:
        given: what it says, each time that it does.
        words: every name that the code has, of which a value may be given somewhere.
        patterns: names that the code puts together, such as `given_(\w+)`.
    """

    given: tuple[Given, ...] = ()
    words: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()

    def __add__(self, other: CodeValues) -> CodeValues:
        """What two pieces of code can fill."""
        words, patterns = self.words | other.words, self.patterns | other.patterns
        return CodeValues((*self.given, *other.given), words, patterns)

    def makes(self, name: str, known: Collection[str]) -> bool:
        """Whether the code may put a name together of one that is known."""
        found = (re.fullmatch(pattern, name) for pattern in self.patterns)
        return any(set(each.groups()) <= {*known, *self.words} for each in found if each)

    def names(self, response: str) -> tuple[frozenset[str], bool]:
        """The names that can have a value in a response, and whether no other can."""
        found = [each.names for each in self.given if each.is_of(response)]
        if not found or None in found or response.startswith(_OF_ENGINE):
            return self.words, False
        return frozenset().union(*(each for each in found if each is not None)), True


def in_code(root: Path) -> CodeValues:
    """What the package in an assistant's folder can fill.

    Raises:
        SyntaxError: a file is not Python.
    """
    return _of_folder(root / PACKAGE)


@cache
def of_loket() -> CodeValues:
    """What Loket's own actions and engine can fill."""
    return _of_folder(Path(*dialogue.__path__))


def _of_folder(folder: Path) -> CodeValues:
    modules = (of_module(path.read_bytes()) for path in sorted(folder.glob("**/*.py")))
    return sum(modules, CodeValues())


def of_module(source: bytes | str) -> CodeValues:
    """What a module can fill.

    Raises:
        SyntaxError: it is not Python.
    """
    tree = ast.parse(source)
    keys = (key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys)
    patterns = (_pattern(key) for key in keys if isinstance(key, ast.JoinedStr))
    return CodeValues(tuple(_given(tree)), frozenset(_words(tree)), frozenset(patterns))


def _pattern(key: ast.JoinedStr) -> str:
    parts = (each.value if isinstance(each, ast.Constant) else None for each in key.values)
    return "".join(r"(\w+)" if each is None else re.escape(str(each)) for each in parts)


def _words(tree: ast.AST) -> Iterator[str]:
    """Names under which a value can be kept: keywords, fields, and words in texts."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg=str() as name) | ast.arg(arg=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Constant(value=str() as text) if id(node) not in docstrings:
                yield from re.findall(r"\w+", text)


def _given(tree: ast.Module) -> Iterator[Given]:
    """The responses that a module says, with the names of their values."""
    keys, seen = MappingKeys(tree, (*_HOLDS, *_SAYS, "Accepted")), set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for response, names in _said_by(node, keys):
                for literal in _texts(response):
                    seen.add(id(literal))
                    yield from _named(literal, names)
        elif isinstance(node, ast.JoinedStr):
            seen |= {id(each) for each in ast.walk(node) if each is not node}
    # Others are said somewhere else: with which values nobody can tell.
    for node in ast.walk(tree):
        if id(node) not in seen:
            yield from _named(node, None)


def _said_by(call: ast.Call, keys: MappingKeys) -> Iterator[tuple[ast.expr, frozenset[str] | None]]:
    name = called(call)
    unclear = any(isinstance(each, ast.Starred) for each in call.args)
    if name in _HOLDS:
        unclear = unclear or any(each.arg is None for each in call.keywords)
        for held, values in _HOLDS[name]:
            if (response := _argument(call, *held)) is not None:
                yield response, None if unclear else keys.of(_argument(call, *values))
    elif name in _SAYS and (response := _argument(call, 0, "response")) is not None:
        yield response, None if unclear else keys.of_keywords(call, _SAYS[name])


def _argument(call: ast.Call, place: int, keyword: str) -> ast.expr | None:
    if 0 <= place < len(call.args):
        return call.args[place]
    return next((each.value for each in call.keywords if each.arg == keyword), None)


def _texts(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions that one may be in the end: both sides of a condition."""
    if isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for each in node.values:
            yield from _texts(each)
    else:
        yield node


def _named(node: ast.AST, names: frozenset[str] | None) -> Iterator[Given]:
    """A response that a literal names."""
    first = next(iter(node.values), None) if isinstance(node, ast.JoinedStr) else node
    match first:
        case ast.Constant(value=str() as text) if text.startswith(_BEGINS) and text.isidentifier():
            yield Given(text, not isinstance(node, ast.JoinedStr), names)

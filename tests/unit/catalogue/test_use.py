"""Code and catalogue agree: every key that is said is there, every key that is there is said."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import catalogue
from bot.catalogue import Entry
from bot.catalogue.text_placeholders import placeholders
from channels import button_limits

ROOT = Path(__file__).parents[3]
ENTRIES = catalogue.framework().entries
FILES = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("channels/**/*.py")]
TEMPLATES = [*ROOT.glob("bot/**/*.html")]
_SAID = re.compile(r"\b(?:say|group)\(\"([\w.]+)\"(?: (~)|([^)]*))")


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def parsed() -> Iterator[tuple[Path, ast.Module]]:
    for path in FILES:
        source = path.read_text(encoding="utf-8")
        if "bot.catalogue" in source:
            yield path, ast.parse(source)


def beginning(argument: ast.expr) -> str | None:
    """The fixed beginning of a key that is made in code; None for one that is written out."""
    if isinstance(argument, ast.JoinedStr):
        first = argument.values[0]
        assert isinstance(first, ast.Constant), ast.unparse(argument)
        return str(first.value)
    return None


def test_every_key_that_code_says_is_there_with_its_placeholders() -> None:
    """A text is never said without what it fills in, nor with what it does not know."""
    for path, tree in parsed():
        for call in calls(tree, "say"):
            key, where = call.args[0], f"{path.name}:{call.lineno}"
            if isinstance(key, ast.Constant):
                assert key.value in ENTRIES, f"{where} {key.value}"
                given = {word.arg for word in call.keywords}
                assert given == placeholders(ENTRIES[key.value].text), f"{where} {key.value}"
            elif (begins := beginning(key)) is not None:
                assert any(each.startswith(begins) for each in ENTRIES), f"{where} {begins}"
        for call in calls(tree, "group"):
            (key,) = call.args
            assert isinstance(key, ast.Constant)
            assert catalogue.group(str(key.value)), f"{path.name}:{call.lineno} {key.value}"


def test_every_key_that_a_template_says_is_there_with_its_placeholders() -> None:
    """As in code."""
    for path in TEMPLATES:
        for key, made, values in _SAID.findall(path.read_text(encoding="utf-8")):
            if made:
                assert any(each.startswith(key) for each in ENTRIES), f"{path.name} {key}"
            else:
                assert key in ENTRIES, f"{path.name} {key}"
                given = set(re.findall(r"(\w+)=", values))
                assert given == placeholders(ENTRIES[key].text), f"{path.name} {key}"


def test_nothing_is_said_while_a_module_is_imported() -> None:
    """An assistant's texts are put in use later, so a constant would keep the framework's words."""
    for path, tree in parsed():
        within = {
            id(call)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for part in ([node.body] if isinstance(node, ast.Lambda) else node.body)
            for call in calls(part, "say", "group")
        }
        for call in calls(tree, "say", "group"):
            assert id(call) in within, f"{path.name}:{call.lineno} says something at import"


def test_every_key_is_used() -> None:
    """A text that nothing says would be translated for nobody."""
    said: set[str] = set()
    begun: set[str] = set()
    for _, tree in parsed():
        for call in calls(tree, "say", "group"):
            key = call.args[0]
            if (begins := beginning(key)) is not None:
                begun.add(begins)
        # Keys also stand in conditions and tables, so every constant counts.
        said |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    for path in TEMPLATES:
        for key, made, _ in _SAID.findall(path.read_text(encoding="utf-8")):
            (begun if made else said).add(key)
    prefixes = tuple(begun | {f"{each}." for each in said if each and catalogue.group(each)})
    unused = [key for key in ENTRIES if key not in said and not key.startswith(prefixes)]
    assert unused == []


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_every_text_of_the_framework_is_in_its_place(entry: Entry) -> None:
    """The first part of a key names its file, so that a key is found without searching."""
    path = Path(entry.file)
    name = path.parent.name if path.name == "texts.yml" else path.stem
    assert entry.key.partition(".")[0] == name
    assert entry.text.strip()


def test_no_key_is_there_twice() -> None:
    """Not in two files either: the later one would win without a word."""
    lines = [
        line
        for entry in {entry.file: entry for entry in ENTRIES.values()}.values()
        for line in (ROOT / entry.file).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert len(lines) == len(ENTRIES)


def test_every_button_of_the_framework_fits() -> None:
    """On every channel of the shipped `credentials.yml`."""
    assert list(button_limits.problems(ENTRIES.values(), ROOT)) == []

"""Only the state machine changes who owns a conversation: held by reading the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from bot.conversation.ownership import Event

ROOT = Path(__file__).parents[3]
MACHINE = "bot/conversation/ownership.py"
#: Reads and writes the column; a new conversation begins with the bot.
STORE = "bot/store/conversation/conversations.py"
#: Moves of a hand-over, each the half of a transition of the same name.
MOVES = {"take", "release", "transfer", "reassign"}
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("bot", "channels", "actions")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)


def name_of(function: ast.expr) -> str:
    """The last part of what is called."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def setters(tree: ast.AST) -> Iterator[int]:
    """Lines that set an owner: in a copy, in a statement, or in a conversation made by hand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = name_of(node.func)
            sets = called in {"replace", "save", "change", "values", "update", "Conversation"}
            given = {word.arg for word in node.keywords}
            if sets and "owner" in given:
                yield node.lineno
            if called == "update" and any(
                isinstance(each, ast.Name) and each.id == "owner" for each in node.args
            ):
                yield node.lineno
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            key = node.attr if isinstance(node, ast.Attribute) else ast.unparse(node.slice)
            if key in {"owner", "'owner'"}:
                yield node.lineno


def moves_without_step(tree: ast.AST) -> Iterator[str]:
    """Moves of a hand-over in a function that does not make the transition of that name."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        steps = {
            each.value
            for call in calls
            if name_of(call.func) in {"step", "transition"}
            for each in call.args
            if isinstance(each, ast.Constant)
        }
        for call in calls:
            if not isinstance(call.func, ast.Attribute) or call.func.attr not in MOVES:
                continue
            if ast.unparse(call.func.value) == "handover_moves" and call.func.attr not in steps:
                yield f"{function.name}: {call.func.attr}"


def parsed(name: str) -> ast.Module:
    """A file of the tree."""
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def test_nobody_else_sets_an_owner() -> None:
    """Everything goes by `transition`, so that a pair that is not in its table cannot happen."""
    found = {
        f"{name}:{line}"
        for name in FILES
        if name not in {MACHINE, STORE}
        for line in setters(parsed(name))
    }
    assert not found


def test_a_hand_over_moves_with_its_conversation() -> None:
    """Who has a hand-over and who owns its conversation change in one function, by one name."""
    assert set(get_args(Event)) >= MOVES
    found = {f"{name}: {each}" for name in FILES for each in moves_without_step(parsed(name))}
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        "conversations.save(conn, replace(before, owner='human'))",
        "conversations.change(conn, this, owner=owner)",
        "update(conversations).values(owner='bot')",
        "Conversation(id='a', owner='human')",
        "values['owner'] = 'bot'",
        "row.owner = 'bot'",
    ],
)
def test_each_way_of_setting_an_owner_is_seen(code: str) -> None:
    """The rule finds what it forbids."""
    assert list(setters(ast.parse(code)))


def test_a_move_without_its_step_is_seen() -> None:
    """The same."""
    code = "def f():\n    self.step(before, 'take')\n    handover_moves.{}(conn)\n"
    assert not list(moves_without_step(ast.parse(code.format("take"))))
    assert list(moves_without_step(ast.parse(code.format("release"))))

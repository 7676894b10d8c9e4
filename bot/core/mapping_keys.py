"""Reads which keys the mappings of a module can have, without running it. Pure."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from typing import Final

#: Calls that change nothing of a mapping that they are given.
_HARMLESS: Final = frozenset({"dict", "len", "sorted", "str", "repr", "list", "tuple", "print"})
_MOST_STEPS: Final = 8

_Keys = frozenset[str] | None


class MappingKeys:
    """A parsed module, in which an expression is followed to the keys that it holds."""

    def __init__(self, tree: ast.Module, harmless: Collection[str] = ()) -> None:
        """Takes a module.

        Args:
            tree: its syntax tree.
            harmless: further calls that change nothing of a mapping.
        """
        self._tree = tree
        self._harmless = {*_HARMLESS, *harmless}
        self._functions: dict[str, list[ast.AST]] = {}
        self._around: dict[int, ast.AST] = {}
        for node in ast.walk(tree):  # outer functions come first, so that the innermost stays
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._functions.setdefault(node.name, []).append(node)
                self._around |= {id(each): node for each in ast.walk(node) if each is not node}

    def of(self, node: ast.AST | None, left: int = _MOST_STEPS) -> _Keys:
        """The keys of the mapping that an expression makes; None when they cannot be read.

        Args:
            node: the expression; None stands for an empty mapping.
            left: steps to other places of the module that may be taken still.
        """
        if left < 0:
            return None
        match node:
            case None | ast.Constant(value=None):
                return frozenset()
            case ast.Dict():
                pairs = zip(node.keys, node.values, strict=True)
                return _all_of(
                    self.of(value, left) if key is None else _key(key) for key, value in pairs
                )
            case ast.Await() | ast.NamedExpr():
                return self.of(node.value, left)
            case ast.IfExp() | ast.BoolOp() | ast.BinOp(op=ast.BitOr()):
                return _all_of(self.of(each, left) for each in _sides(node))
            case ast.Call(func=ast.Name(id="dict")):
                return _all_of(
                    [*(self.of(each, left) for each in node.args), self.of_keywords(node, (), left)]
                )
            case ast.Call():
                return self._returned(node, left - 1)
            case ast.Name():
                return self._kept(node.id, self._around.get(id(node), self._tree), left - 1)
        return None

    def of_keywords(
        self, call: ast.Call, others: Collection[str], left: int = _MOST_STEPS
    ) -> _Keys:
        """The keywords of a call, those of `**` among them.

        Args:
            call: the call.
            others: keywords that do not count.
            left: as `of`.
        """
        return _all_of(
            self.of(each.value, left) if each.arg is None else frozenset({each.arg})
            for each in call.keywords
            if each.arg not in others
        )

    def _returned(self, call: ast.Call, left: int) -> _Keys:
        """The keys of what a function or method of this module gives back."""
        by = call.func
        if not isinstance(by, ast.Name) and not (
            isinstance(by, ast.Attribute) and isinstance(by.value, ast.Name)
        ):
            return None
        given = [
            each.value
            for function in self._functions.get(called(call), ())
            for each in ast.walk(function)
            if isinstance(each, ast.Return)
        ]
        return _all_of(self.of(each, left) for each in given) if given else None

    def _kept(self, name: str, around: ast.AST, left: int) -> _Keys:
        """The keys of what a variable holds, whatever its function does with it."""
        found: list[_Keys] = []
        plain: set[int] = set()
        for node in ast.walk(around):
            match node:
                case (
                    ast.Assign(targets=[ast.Name() as target])
                    | ast.AnnAssign(target=ast.Name() as target)
                    | ast.AugAssign(target=ast.Name() as target, op=ast.BitOr())
                ) if target.id == name:
                    plain.add(id(target))
                    found.append(self.of(node.value, left))
                case ast.Assign(targets=[ast.Subscript(value=ast.Name() as target) as kept]) if (
                    target.id == name
                ):
                    found.append(_key(kept.slice))
                case ast.Assign(value=ast.Name() as other) if other.id == name:
                    found.append(None)  # by its other name it may get more
                case ast.Call(func=ast.Attribute(value=ast.Name() as target, attr="update")) if (
                    target.id == name
                ):
                    found += [*(self.of(each, left) for each in node.args)]
                    found.append(self.of_keywords(node, (), left))
                case ast.Call() if called(node) not in self._harmless and _takes(node, name):
                    found.append(None)
                case ast.Name(ctx=ast.Store()) if node.id == name and id(node) not in plain:
                    found.append(None)
                case ast.arg(arg=given) if given == name:
                    found.append(None)
        return _all_of(found) if found else None


def called(call: ast.Call) -> str:
    """The last name of what is called; empty when it has none."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _sides(node: ast.IfExp | ast.BoolOp | ast.BinOp) -> list[ast.expr]:
    """The expressions of which one is the value, or which are it together."""
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    return node.values if isinstance(node, ast.BoolOp) else [node.left, node.right]


def _takes(call: ast.Call, name: str) -> bool:
    """Whether a call is given a variable as it is, and may change what it holds."""
    given = (*call.args, *(each.value for each in call.keywords if each.arg))
    return any(isinstance(each, ast.Name) and each.id == name for each in given)


def _key(node: ast.AST) -> _Keys:
    match node:
        case ast.Constant(value=str() as key):
            return frozenset({key})
    return None


def _all_of(found: Iterable[_Keys]) -> _Keys:
    """All keys together; None as soon as some cannot be read."""
    whole: frozenset[str] = frozenset()
    for keys in found:
        if keys is None:
            return None
        whole |= keys
    return whole

"""Finds the responses that an assistant's code says, and those that its domain has not.

A response that is missing shows only when a customer gets that far: the task breaks off, and a
person takes over. So training reads the code for their names. Imports no Rasa.
"""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from bot.assistant_code import PACKAGE
from bot.core import form_needs
from bot.dialogue.asking import Asker
from bot.dialogue.domain_names import names_in
from bot.dialogue.questions import CONFIRM
from bot.dialogue.registration import built_in_actions
from bot.dialogue.replies import OPTIONAL
from bot.dialogue.task import TaskForm
from bot.dialogue.task_progress import TaskProgress
from bot.dialogue.task_turn import TaskTurn

_BEGINS: Final = "utter_"
#: A key of Rasa's events, and no response.
_KEY: Final = "utter_action"
#: The folder that Loket's own files are named within.
_LOKET: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class SaidText:
    """A response that code says.

    Attributes:
        name: of the response; its beginning when the code makes the rest.
        where: file and line, within the assistant's folder.
        whole: whether `name` is the whole name.
        why: what the code does with it.
    """

    name: str
    where: str
    whole: bool
    why: str


def in_code(root: Path) -> Iterator[SaidText]:
    """The responses that stand in the files of an assistant's package, by name.

    One that the code asks for first (`replies.knows(...)`) may be missing.

    Args:
        root: the assistant's folder.

    Raises:
        SyntaxError: a file is not Python.
    """
    for path in sorted((root / PACKAGE).glob("**/*.py")):
        yield from _in_file(path, root)


def of_loket(domain: Mapping[str, Any], *, forms: bool) -> Iterator[SaidText]:
    """The responses that Loket's own actions say, those that the domain lists, and its forms.

    Args:
        domain: the assistant's.
        forms: whether it has a form.
    """
    listed = set(names_in(domain.get("actions")))
    used: dict[str, set[str]] = defaultdict(set)
    if forms:
        for part in (TaskTurn, TaskProgress, Asker):
            used[inspect.getfile(part)].add(part.__name__)
    for name, action in built_in_actions().items():
        if name in listed:
            used[inspect.getfile(action)].add(action.__name__)
    for file in sorted(used):
        for said in _in_file(Path(file), _LOKET, used[file]):
            if said.whole:  # the rest of such a name is a slot, and what it says is optional
                yield replace(said, why=f"of Loket says {said.name}")


def _in_file(path: Path, root: Path, used: Collection[str] = ()) -> Iterator[SaidText]:
    tree = ast.parse(path.read_bytes(), path)
    optional, parts = set(_asked_for(tree)), set(_parts(tree))
    for node in _reached(tree, used) if used else ast.walk(tree):
        if id(node) in parts:
            continue
        name, whole = _named(node)
        if name.startswith(_BEGINS) and name.isidentifier() and name not in {*optional, _KEY}:
            where = f"{path.relative_to(root).as_posix()} line {getattr(node, 'lineno', 0)}"
            yield SaidText(name, where, whole, f"says {name}" + ("" if whole else "..."))


def _reached(tree: ast.Module, used: Collection[str]) -> Iterator[ast.AST]:
    """The nodes of these classes, and of what they use at the top of their module."""
    defined = {name: node for node in tree.body for name in _defines(node)}
    waiting, reached = [*used], set(used)
    while waiting:
        for node in ast.walk(defined[waiting.pop()]):
            yield node
            if isinstance(node, ast.Name) and node.id in defined.keys() - reached:
                reached.add(node.id)
                waiting.append(node.id)


def _defines(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (each.id for each in targets if isinstance(each, ast.Name))


def of_form(form: type[TaskForm], root: Path) -> Iterator[SaidText]:
    """The responses that the engine says for a task: questions, refusals, a no to its summary.

    Its questions are those that `questions` names. A form with a `prompt` of its own may ask them
    by responses that only begin so, and its summary by another; one with an `infer` of its own may
    never ask them.

    Args:
        form: a class of the assistant's.
        root: the assistant's folder.
    """
    where = form_needs.place(form, root)
    for question in form_needs.asked(form):
        own = form.prompt is not TaskForm.prompt
        if form.infer is TaskForm.infer or question is CONFIRM:
            name = f"utter_refusal_{question.slot}"
            why = f"refuses an answer to {question.slot} by {name}"
            yield SaidText(name, where, not own, why)
        if form.infer is TaskForm.infer and not (own and question is CONFIRM):
            name = f"utter_question_{question.slot}"
            yield SaidText(name, where, not own, f"asks for {question.slot} by {name}")
        if question is CONFIRM:
            name = f"utter_edit_{form.task}"
            why = f"asks whether its summary is right, and answers a no by {name}"
            yield SaidText(name, where, whole=True, why=why)


def problems(domain: Mapping[str, Any], said: Iterable[SaidText]) -> Iterator[str]:
    """Says which of these responses the domain has not, and the way out; each name once. Pure.

    Args:
        domain: the assistant's, as it is written.
        said: what its code says.
    """
    held = domain.get("responses")
    known = {str(name) for name in held} if isinstance(held, Mapping) else set()
    known |= OPTIONAL.keys()
    told: set[str] = set()
    for text in said:
        there = text.name in known
        if not text.whole:
            # What is said the second time stands in for nothing the first time.
            begun = (name for name in known if name.startswith(text.name))
            there = any(not name.endswith("_again") for name in begun)
        if there or text.name in told:
            continue
        told.add(text.name)
        yield (
            f"{text.where}: the code {text.why}, which domain.yml has not. Add it under "
            "`responses:`, or mend its spelling."
        )


def _asked_for(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "knows":
            yield from (_named(each)[0] for each in node.args)


def _parts(tree: ast.AST) -> Iterator[int]:
    """The identities of the nodes within texts that the code puts together."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from (id(each) for each in ast.walk(node) if each is not node)


def _named(node: ast.AST) -> tuple[str, bool]:
    """The text of a literal, and whether it is the whole; nothing of any other node."""
    if isinstance(node, ast.JoinedStr):
        return (_named(node.values[0])[0], False) if node.values else ("", False)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value, True
    return "", True
